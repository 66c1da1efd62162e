"""The diligence record (尽责单) of a unit in a case: what it did when, and whom it waited for.

Everything on it follows from steps, clocks and charges that stand in the trail; nothing is judged.
The facts are found by the statuses that the steps stand for, so that any chain has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine.actor import Actor
from engine.errors import NotFound
from engine.i18n import _
from processes.permissions import require
from processes.reads.account_rows import Accounts, ChargeRow, Ledger, Stretch
from processes.reads.accountable import MINUTE, accounts
from processes.reads.case import SHOWN
from processes.reads.entries import entries
from processes.reads.found import find_case
from processes.reads.history import history
from processes.reads.holds import Held, held
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.rows import HistoryLine
from processes.reads.running import running

SIGNED: Final = "awaiting_answer"  # the status of the step by which a unit answers the whistle
ARRIVED: Final = "awaiting_arrival"
HANDLED: Final = "handling"
RATED: Final = "rating"
NOT_ARRIVED: Final = frozenset({"not_come", "wrong_people"})


@dataclass(frozen=True)
class SheetStep:
    """A step of the unit's part: who had it, from when to when, how it ended.

    `minutes` are elapsed; `outcome` is empty while it is open and where it was taken away.
    """

    step: str
    role: str
    unit_name: str | None
    opened_at: datetime
    closed_at: datetime | None
    minutes: int
    outcome: str
    status: str  # open, completed, cancelled


@dataclass(frozen=True)
class Sheet:
    """One page: how a unit stood to its duty in one case. Lengths are elapsed minutes.

    `signed`, `arrived` and `handled` count from the whistle; None where it has not happened.
    """

    number: str
    title: str
    category: str
    area: str
    unit: str
    unit_name: str
    kind: str
    whistled_at: datetime
    ended_at: datetime | None
    signed: int | None
    arrived: int | None
    handled: int | None
    extended: int
    paused: int
    steps: tuple[SheetStep, ...]
    own: Ledger | None
    waits: tuple[ChargeRow, ...]
    charged: int
    past: tuple[HistoryLine, ...]
    accounts: Accounts


def diligence(reader: Reader, actor: Actor, number: str, unit: str) -> Sheet:
    """Return the diligence record of a unit in a case.

    Raises NotFound("case.unknown" or "diligence.no_part"), Forbidden("action.not_allowed") where
    the unit is not the actor's to answer for.
    """
    found = find_case(reader, actor, number)
    case, entrusted = found.row, [part for part in found.parts if part.unit == unit]
    if not entrusted:
        sentence = _("单位“{unit}”没有参与这件事，没有尽责单。", unit=unit)
        raise NotFound("diligence.no_part", sentence)
    require(actor, "diligence.read", paths=(entrusted[0].path or f"/{unit}/",))
    run = running(reader, case.id)
    trail = entries(reader.connection, case.id, SHOWN)
    known = held(run, case)
    told = accounts(known, trail)
    parts = work_of(known, entrusted)
    mine = {part.instance_id for part in parts}
    items = [item for item in known.items if item.instance_id in mine]
    start, end = parts[0].started_at, ending(parts)
    own = told.ledger_of(unit)
    lines = own.lines if own else ()
    return Sheet(
        number=case.number,
        title=case.title,
        category=reader.word("categories", case.category),
        area=case.area_name,
        unit=unit,
        unit_name=parts[-1].unit_name or unit,
        kind=reader.word("kinds", parts[-1].kind),
        whistled_at=start,
        ended_at=end,
        signed=since(start, first_done(known, items, SIGNED)),
        arrived=since(start, first_done(known, items, ARRIVED, but=NOT_ARRIVED)),
        handled=since(start, last_done(known, items, HANDLED)) if end else None,
        extended=sum(line.extended for line in lines),
        paused=sum(line.paused for line in lines),
        steps=tuple(sheet_step(known, item) for item in items),
        own=own,
        waits=waits(told, unit, start, end or known.end),
        charged=sum(row.minutes for row in told.rows if row.holder == unit),
        past=own_lines(
            history(run, case, trail, shield=True), parts[-1].unit_name, end or known.end
        ),
        accounts=told,
    )


def work_of(known: Held, parts: Sequence[Row]) -> Sequence[Row]:
    """Return the parts in which a unit works on the matter.

    Not those in which it is rated, nor what may follow the closing: the time for appeals.
    """
    rated = {
        item.instance_id
        for item in known.items
        if known.run.drawn(item.instance_id).status(item.element) == RATED
    }
    closed = known.case.closed_at
    return [
        part
        for part in parts
        if part.instance_id not in rated and (closed is None or part.started_at < closed)
    ] or parts


def ending(parts: Sequence[Row]) -> datetime | None:
    """Return when the last of a unit's parts ended, None while one is open."""
    ends = [part.ended_at for part in parts]
    return None if None in ends else max(ends)


def since(start: datetime, at: datetime | None) -> int | None:
    """Return the minutes from the whistle to something, None where it has not happened."""
    return None if at is None else (at - start) // MINUTE


def done(
    known: Held, items: Iterable[Row], status: str, but: frozenset[str] = frozenset()
) -> list[datetime]:
    """Return when steps that stand for a status were completed, in their order."""
    return [
        item.closed_at
        for item in items
        if item.status == "completed"
        and item.outcome not in but
        and known.run.drawn(item.instance_id).status(item.element) == status
    ]


def first_done(
    known: Held, items: Iterable[Row], status: str, but: frozenset[str] = frozenset()
) -> datetime | None:
    """Return when the first step of a status was completed."""
    return min(done(known, items, status, but), default=None)


def last_done(known: Held, items: Iterable[Row], status: str) -> datetime | None:
    """Return when the last step of a status was completed."""
    return max(done(known, items, status), default=None)


def sheet_step(known: Held, item: Row) -> SheetStep:
    """Return a step of the unit's part."""
    drawn = known.run.drawn(item.instance_id)
    length: timedelta = (item.closed_at or known.end) - item.opened_at
    return SheetStep(
        step=drawn.name(item.element),
        role=known.run.reader.word("roles", item.role),
        unit_name=item.unit_name,
        opened_at=item.opened_at,
        closed_at=item.closed_at,
        minutes=length // MINUTE,
        outcome=drawn.word("outcomes", item.outcome) if item.outcome else "",
        status=item.status,
    )


def waits(told: Accounts, unit: str, start: datetime, end: datetime) -> tuple[ChargeRow, ...]:
    """Return whom the case waited for between two instants, the unit itself left out."""
    found = []
    for row in told.rows:
        within = tuple(
            Stretch(max(each.start, start), min(each.end, end), each.holders)
            for each in row.stretches
            if max(each.start, start) < min(each.end, end)
        )
        length = sum((each.end - each.start for each in within), timedelta(0))
        if within and row.holder != unit:
            found.append(ChargeRow(row.charged, row.holder, row.label, length // MINUTE, within))
    return tuple(found)


def own_lines(
    lines: Sequence[HistoryLine], unit_name: str | None, end: datetime
) -> tuple[HistoryLine, ...]:
    """Return the lines of the time line that tell of the unit's work, oldest first."""
    return tuple(
        line
        for line in reversed(lines)
        if line.unit_name and line.unit_name == unit_name and line.at <= end
    )
