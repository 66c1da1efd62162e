"""The chain of organisation changes: who changed what of the organisation, and when.

Cases have their trail; the organisation, its calendars, settings and accounts have this chain, made
alike and checked by `shaodao audit verify`. Names and phones of people never enter it: people are
ids. Entries are written in the transaction of the change, so there is no change without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.run.commands import Command
from engine.run.plugins import Answer, Handler
from engine.trail.canonical import VERSION, canonical, instant
from processes.organisation_tables import organisation_entry
from processes.side_chain import Checked, check_chain, head_of, linked

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.run.context import Context

ONE_AT_A_TIME: Final = 0x4F726761  # key of the advisory lock: one change of the organisation


@dataclass(frozen=True)
class Change:
    """One thing that changed. `subject` is a unit's or a calendar's code, or a person's id."""

    kind: str
    subject: str
    data: dict[str, Any] = field(default_factory=dict)


def note(context: Context, what: str, subject: object, /, **data: Any) -> None:
    """Write one change into the chain: its kind, whom or what it is about, what was said."""
    note_all(context, (Change(what, str(subject), data),))


def note_all(context: Context, changes: Iterable[Change]) -> None:
    """Write changes into the chain, in their order; two statements."""
    head = head_of(context.connection, organisation_entry)
    rows: list[dict[str, Any]] = []
    for change in changes:
        body = canonical(
            {
                "v": VERSION,
                "seq": head.seq + 1,
                "at": instant(context.now),
                "actor": context.actor.for_trail(),
                "kind": change.kind,
                "subject": change.subject,
                "data": {name: plain(value) for name, value in change.data.items()},
            }
        )
        head = linked(head, body)
        row = {"seq": head.seq, "at": context.now, "kind": change.kind, "subject": change.subject}
        rows.append(row | {"body": body, "hash": head.hash})
    if rows:
        context.connection.execute(organisation_entry.insert(), rows)


def plain(value: Any) -> Any:
    """Return what JSON can say of a value; instants as the trail writes them."""
    if hasattr(value, "astimezone"):
        return instant(value)
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, int | str) else str(value)


def verify_changes(connection: Connection) -> Checked:
    """Check every entry of the chain against the one before it."""
    return check_chain(connection, organisation_entry)


def changing(run: Callable[[Context, Any], Answer]) -> Handler:
    """Return the handler of a command that changes the organisation: one after the other.

    What it checks (dates that do not overlap, a cycle, the last dispatcher) then still holds when
    it writes, and the chain has one end.
    """

    def alone(context: Context, command: Command) -> Answer:
        if context.connection.dialect.name == "postgresql":
            context.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        return run(context, command)

    return Handler(run=alone)
