"""What boundary trials came to, kept beside the version they were run on: docs/howto/testgen.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.run.commands import Command
from engine.run.plugins import Answer, Handler
from processes.permissions import require
from processes.tables import trial_result

if TYPE_CHECKING:
    from engine.run.context import Context


@dataclass(frozen=True, kw_only=True)
class KeepTrials(Command):
    """Keep the report of trials (`Report.as_data`) of the folder content with a hash."""

    hash: str
    report: Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """A report and when its trials were run."""

    report: Mapping[str, Any]
    ran_at: datetime


def keep_trials(context: Context, command: KeepTrials) -> Answer:
    """Keep a report in the place of the one before it."""
    require(context.actor, "definition.deploy")
    context.connection.execute(sa.delete(trial_result).where(trial_result.c.hash == command.hash))
    row = {"hash": command.hash, "report": dict(command.report), "ran_at": context.now}
    context.connection.execute(trial_result.insert(), row)
    return {"hash": command.hash}


def kept_trials(connection: Connection, content: str) -> Kept | None:
    """Return what trials of a folder content came to, None where none were kept."""
    query = sa.select(trial_result).where(trial_result.c.hash == content)
    row = connection.execute(query).one_or_none()
    return Kept(row.report, row.ran_at) if row else None


TRIAL_HANDLERS: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {KeepTrials: Handler(run=keep_trials)}
)
