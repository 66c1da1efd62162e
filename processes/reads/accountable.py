"""Accountable time of a case: every minute charged once, and each unit's own ledger beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from engine.i18n import Text, _
from engine.run.clocks import AGREED
from engine.sla.accountable import Charge, Charged, Hold, HoldKind, charges
from engine.sla.due_at import counted
from engine.sla.ledger import extensions, paused_since
from engine.sla.words import limit_words
from processes.reads.account_rows import Accounts, ChargeRow, Ledger, LedgerLine, Stretch
from processes.reads.entries import Entry
from processes.reads.holds import HANDED_OVER, REPORTER, Clock, Held, calendar_of, holds
from processes.reads.running import Running
from processes.reads.units import unit_names

MINUTE: Final = timedelta(minutes=1)
TOGETHER: Final[Mapping[Charged, Text]] = {
    Charged.JOINT: _("几家同时办理"),
    Charged.DISPUTE: _("异议审定"),
    Charged.PAUSE: _("缓办"),
    Charged.NOBODY: _("无人当班"),
}
ROLE: Final = "role:"


def accounts(known: Held, trail: Iterable[Entry]) -> Accounts:
    """Return the accounts of a case's time; four statements, whatever happened to it.

    `trail` holds at least its entries `unit.handed_over`.
    """
    found = holds(known, [entry for entry in trail if entry.kind == HANDED_OVER])
    charged = charges(found, start=known.start, end=known.end)
    names = holder_names(known, found)
    return Accounts(
        start=known.start,
        end=known.end,
        minutes=(known.end - known.start) // MINUTE,
        rows=rows(known.run, charged, names),
        ledgers=ledgers(known, found, names),
    )


def holder_names(known: Held, found: Iterable[Hold]) -> dict[str, str]:
    """Return what the holders are called, in one statement."""
    reader = known.run.reader
    codes = {hold.holder for hold in found}
    roles = {code for code in codes if code.startswith(ROLE)}
    names = {code: reader.word("roles", code.removeprefix(ROLE)) for code in roles}
    names[REPORTER] = reader.say(_("诉求人"))
    return {code: code for code in codes} | names | unit_names(reader.connection, codes - roles)


def rows(
    run: Running, charged: Iterable[Charge], names: Mapping[str, str]
) -> tuple[ChargeRow, ...]:
    """Return a row for each single holder and each shared kind, in the order they first appear.

    Minutes are cut from the running sum, so that they add up to the minutes of the whole.
    """
    groups: dict[tuple[Charged, str | None], list[Charge]] = {}
    for each in charged:
        single = each.holders[0] if each.to is Charged.HOLDER else None
        groups.setdefault((each.to, single), []).append(each)
    found, total = [], timedelta(0)
    for (to, holder), parts in groups.items():
        before = total // MINUTE
        total += sum((part.length for part in parts), timedelta(0))
        found.append(
            ChargeRow(
                charged=to.value,
                holder=holder,
                label=names[holder] if holder else run.reader.say(TOGETHER[to]),
                minutes=total // MINUTE - before,
                stretches=tuple(stretch(part, names) for part in parts),
            )
        )
    return tuple(found)


def stretch(charge: Charge, names: Mapping[str, str]) -> Stretch:
    """Return a charge as it is shown."""
    return Stretch(
        charge.start, charge.end, tuple(names.get(code, code) for code in charge.holders)
    )


def ledgers(known: Held, found: Iterable[Hold], names: Mapping[str, str]) -> tuple[Ledger, ...]:
    """Return the own account of every holder, in the order in which they first had the case."""
    own: dict[str, list[Hold]] = {}
    for hold in sorted(found, key=lambda each: each.start):
        if hold.kind is HoldKind.WORK and hold.start < hold.end:
            own.setdefault(hold.holder, []).append(hold)
    return tuple(
        Ledger(
            holder=holder,
            label=names[holder],
            minutes=time_of(parts, known.start, known.end) // MINUTE,
            lines=tuple(
                line(known, clock)
                for clock in known.clocks
                if clock.row.holder == holder and not known.is_of_all(clock)
            ),
        )
        for holder, parts in own.items()
    )


def time_of(parts: Iterable[Hold], start: datetime, end: datetime) -> timedelta:
    """Return how long one holder had the case while on duty, however many steps it had."""
    charged = charges(parts, start=start, end=end)
    lengths = (each.length for each in charged if each.to is Charged.HOLDER)
    return sum(lengths, timedelta(0))


def line(known: Held, clock: Clock) -> LedgerLine:
    """Return a clock as a line of its holder's ledger."""
    row, run = clock.row, known.run
    rested = sum((end - start for start, end in clock.rests(known.end)), timedelta(0))
    times = extensions(clock.spans)
    given = _("按约定时间") if row.rule.get(AGREED) else _("来源系统给定")
    limit = limit_words(clock.limit, 1 + times) if clock.limit else given
    return LedgerLine(
        clock=row.id,
        label=run.drawn(row.instance_id).word("clocks", row.code),
        limit=run.reader.say(limit),
        started_at=row.started_at,
        due_at=row.due_at,
        stopped_at=row.stopped_at,
        minutes=used(known, clock, until=row.stopped_at or known.end) // MINUTE,
        paused=rested // MINUTE,
        extended=times,
        late=row.breached_at is not None,
        exempted=row.exempted_at is not None,
        resting=row.stopped_at is None and paused_since(clock.spans) is not None,
    )


def used(known: Held, clock: Clock, *, until: datetime) -> timedelta:
    """Return how much of a clock's time has counted; of a promised due time, what has passed."""
    if clock.limit is None:
        passed: timedelta = until - clock.row.started_at
        return passed
    calendar = calendar_of(known.run.reader, clock.row.rule)
    return counted(clock.limit, calendar, clock.spans, until=until)
