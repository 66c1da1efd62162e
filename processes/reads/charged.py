"""Accountable time by unit over the cases that closed in a month: one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from engine.actor import Actor
from engine.sla.accountable import Charged
from engine.sla.iso import ZONE
from processes.reads.account_rows import WHOLE
from processes.reads.accountable import ROLE
from processes.reads.reader import Reader
from processes.reads.scope import scope_of
from processes.tables import case_charge, case_file, org_unit

KINDS: Final = tuple(kind.value for kind in Charged)

SUMS: Final = (
    sa.select(
        case_charge.c.holder,
        case_charge.c.charged,
        org_unit.c.name,
        sa.func.count().label("cases"),
        sa.func.sum(case_charge.c.minutes).label("minutes"),
    )
    .join(case_file, case_file.c.id == case_charge.c.case_id)
    .outerjoin(org_unit, org_unit.c.code == case_charge.c.holder)
    .where(
        case_charge.c.closed_at >= sa.bindparam("since"),
        case_charge.c.closed_at < sa.bindparam("until"),
    )
    .group_by(case_charge.c.holder, case_charge.c.charged, org_unit.c.name)
)


@dataclass
class ChargedRow:
    """A unit's minutes by kind (`KINDS`), and of how many cases those of each kind are."""

    holder: str
    label: str
    minutes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    cases: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    @property
    def sum(self) -> int:
        """All its minutes."""
        return sum(self.minutes.values())


@dataclass(frozen=True)
class ChargedMonth:
    """A month's cases. `whole` counts each minute once; of joint work each unit has all of it."""

    month: date
    whole: ChargedRow
    rows: tuple[ChargedRow, ...]


def charged_month(reader: Reader, actor: Actor, month: date) -> ChargedMonth:
    """Return what was charged in cases that closed in a month (its first day), within reach.

    Units of the actor's reach, and roles without a unit where the case lies in it.
    """
    scope = scope_of(reader.connection, actor, "overdue.read")
    of_no_unit = sa.or_(case_charge.c.holder == WHOLE, case_charge.c.holder.startswith(ROLE))
    within = sa.or_(
        sa.and_(of_no_unit, scope.holds(case_file.c.path)), scope.holds(org_unit.c.path)
    )
    found: dict[str, ChargedRow] = {}
    for row in reader.connection.execute(SUMS.where(within), bounds(month)):
        line = found.get(row.holder)
        if line is None:
            line = found[row.holder] = ChargedRow(row.holder, label_of(reader, row))
        line.minutes[row.charged] += int(row.minutes)
        line.cases[row.charged] += row.cases
    whole = found.pop(WHOLE, ChargedRow(WHOLE, ""))
    return ChargedMonth(month, whole, most_first(found.values()))


def most_first(rows: Iterable[ChargedRow]) -> tuple[ChargedRow, ...]:
    """Return rows in the order of what each had alone, then of all it had."""
    key = Charged.HOLDER.value
    return tuple(sorted(rows, key=lambda row: (-row.minutes[key], -row.sum, row.holder)))


def label_of(reader: Reader, row: sa.Row[tuple[object, ...]]) -> str:
    """Return a holder's name: a unit's, else a role's."""
    holder = str(row.holder)
    if holder.startswith(ROLE):
        return reader.word("roles", holder.removeprefix(ROLE))
    return str(row.name or holder)


def bounds(month: date) -> dict[str, datetime]:
    """Return from when and up to when a month lasts, in Asia/Shanghai."""
    first = month.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    at = [datetime(day.year, day.month, 1, tzinfo=ZONE) for day in (first, after)]
    return {"since": at[0], "until": at[1]}
