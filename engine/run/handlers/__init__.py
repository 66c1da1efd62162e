"""Checks, then change, then events: one function a command. `HANDLERS` is the whole list."""

from __future__ import annotations

from collections.abc import Mapping

from engine.run import commands
from engine.run.handlers import (
    deadlines,
    definitions,
    incidents,
    instances,
    jobs,
    messages,
    offers,
    signals,
    tables,
    uploads,
    work_items,
)
from engine.run.plugins import Handler

HANDLERS: Mapping[type[commands.Command], Handler] = {
    commands.CompleteWorkItem: Handler(work_items.complete, work_items.locate),
    commands.TakeOffer: Handler(offers.take, offers.locate),
    commands.StartInstance: Handler(instances.start),
    commands.CancelInstance: Handler(instances.cancel, instances.locate),
    commands.CatchUp: Handler(instances.caught_up, instances.locate_for_worker),
    commands.SendMessage: Handler(messages.send, messages.locate),
    commands.BroadcastSignal: Handler(signals.broadcast),
    commands.RetryIncident: Handler(incidents.retry, incidents.locate),
    commands.RecomputeDeadlines: Handler(deadlines.recompute_all),
    commands.DoJob: Handler(jobs.do, jobs.locate),
    commands.DeployFolder: Handler(definitions.deploy_folder, before=uploads.examine_upload),
    commands.DeployTables: Handler(tables.deploy_tables, before=uploads.examine_upload),
    commands.WithdrawTable: Handler(tables.withdraw_table),
}
