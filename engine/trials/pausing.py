"""A pause that no step asks for: the engine's own operation on a clock, as a command of trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.run.clock_operations import pause_clock
from engine.run.commands import Command, OnInstance
from engine.run.plugins import Answer, Handler

if TYPE_CHECKING:
    from uuid import UUID

    from engine.run.context import Context


@dataclass(frozen=True, kw_only=True)
class Pause(OnInstance):
    """Let the clock `code` of an instance rest until an instant (ISO 8601)."""

    code: str
    until: str


def run(context: Context, command: Pause) -> Answer:
    """Pause as a service task with the operation `pause_clock` does."""
    work = context.open(command.instance_id)
    answer = pause_clock(context, work, clock=command.code, until=command.until)
    return dict(answer)


def locate(context: Context, command: Pause) -> UUID:  # noqa: ARG001
    """Name the instance; nobody's leave is asked in a trial."""
    return command.instance_id


PAUSE_HANDLERS: dict[type[Command], Handler] = {Pause: Handler(run=run, locate=locate)}
