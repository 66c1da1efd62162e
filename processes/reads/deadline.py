"""Why a clock of a case is due when it is: its derivation, for those who may read the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.tables import instance, sla_clock, sla_span, table_version
from engine.errors import NotFound
from engine.i18n import Text, _
from engine.run.clocks import AGREED, FIXED, stored_span
from engine.run.rows import SPAN_COLUMNS
from engine.sla.counted_days import DayStatus
from engine.sla.derivation import Derivation, derive, hours_said
from engine.sla.limit import read_limit
from engine.sla.words import instant_words, name_words
from processes.reads.found import find_case
from processes.reads.holds import calendar_of
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.tables import org_unit

CLOCK: Final = (
    sa.select(
        sla_clock.c.code,
        sla_clock.c.rule,
        sla_clock.c.started_at,
        sla_clock.c.due_at,
        sla_clock.c.warn_at,
        instance.c.definition_id,
        instance.c.process,
        org_unit.c.name.label("holder_name"),
        *SPAN_COLUMNS,
    )
    .join(sla_span, sla_span.c.clock_id == sla_clock.c.id)
    .join(instance, instance.c.id == sla_clock.c.instance_id)
    .outerjoin(org_unit, org_unit.c.code == sla_clock.c.holder)
    .where(sla_clock.c.id == sa.bindparam("clock"), sla_clock.c.root_id == sa.bindparam("case"))
    .order_by(sla_span.c.seq)
)


SINCE: Final = sa.select(table_version.c.effective_from).where(
    table_version.c.id == sa.bindparam("version")
)


@dataclass(frozen=True)
class WhyDay:
    """A day of the count. `status` is counts, make_up, holiday, rest, start, paused or closing.

    `hours` are the counted stretches as "08:00–12:00"; `number` is the how-manieth day of a limit
    counted by days; `total` the minutes counted by the end of the day.
    """

    date: date
    status: str
    label: str
    name: str
    hours: tuple[str, ...]
    minutes: int
    total: int
    number: int | None


@dataclass(frozen=True)
class WhyStep:
    """A sentence of the explanation. `kind` says what it is about: rule, start, pause, due, …"""

    kind: str
    text: str


@dataclass(frozen=True)
class Why:
    """Why a clock is due when it is: the rule, each day, and the whole in sentences.

    `by_days`: whole days were counted by the law, not minutes. `calendar` and its version are what
    it was counted by, "" where no calendar has a say.
    """

    number: str
    clock: str
    holder: str | None
    start: datetime
    due: datetime
    warn: datetime
    provisional: bool
    by_days: bool
    rule: dict[str, Any]
    calendar: str
    calendar_version: str
    steps: tuple[WhyStep, ...]
    days: tuple[WhyDay, ...]


WORDS: Final[Mapping[DayStatus, Text]] = {
    DayStatus.COUNTS: _("计入"),
    DayStatus.MAKE_UP: _("调休上班，计入"),
    DayStatus.HOLIDAY: _("放假，不计"),
    DayStatus.REST: _("休息日，不计"),
    DayStatus.START: _("开始当天，不计"),
    DayStatus.PAUSED: _("缓办，不计"),
    DayStatus.CLOSING: _("顺延到这一天"),
}


def explained(reader: Reader, actor: Actor, number: str, *, clock: UUID) -> Why:
    """Return the derivation of a case's clock, counted again from its ledger by its own calendar.

    Of a due time that was given from outside it says just that. Raises NotFound("case.unknown" or
    "clock.unknown").
    """
    case = find_case(reader, actor, number).row
    rows = reader.connection.execute(CLOCK, {"clock": clock, "case": case.id}).all()
    if not rows:
        raise NotFound("clock.unknown", _("这件事没有这个时限，请刷新页面。"))
    if rows[0].rule.get("rule") == FIXED:
        return promised(reader, number, rows[0])
    rule, spans = rows[0].rule, [stored_span(row) for row in rows]
    limit, calendar = read_limit(rule), calendar_of(reader, rule)
    derivation = derive(limit, calendar, spans, table=row_words(reader, rule))
    return Why(
        number=number,
        clock=reader.drawn(rows[0]).word("clocks", rows[0].code),
        holder=rows[0].holder_name,
        start=derivation.start,
        due=derivation.due,
        warn=derivation.warn,
        provisional=derivation.provisional,
        by_days=limit.by_days,
        rule=limit.as_data(),
        calendar=calendar.code if limit.needs_calendar else "",
        calendar_version=calendar.version if limit.needs_calendar else "",
        steps=tuple(WhyStep(step.kind, reader.say(step.text)) for step in derivation.steps),
        days=tuple(told_days(reader, derivation)),
    )


def promised(reader: Reader, number: str, row: Row) -> Why:
    """Return what can be said of a due time that was promised or agreed: nothing was counted."""
    source = _("到期时间由来源系统给定，不按这里的时限规则计算。")
    if row.rule.get(AGREED):
        source = _("到期时间是约定的时间，不另按时限规则计算。")
    steps = (
        ("source", source),
        ("start", _("开始时间：{at}。", at=instant_words(row.started_at))),
        ("due", _("到期时间：{at}。", at=instant_words(row.due_at))),
    )
    return Why(
        number=number,
        clock=reader.drawn(row).word("clocks", row.code),
        holder=row.holder_name,
        start=row.started_at,
        due=row.due_at,
        warn=row.warn_at,
        provisional=False,
        by_days=False,
        rule=dict(row.rule),
        calendar="",
        calendar_version="",
        steps=tuple(WhyStep(kind, reader.say(text)) for kind, text in steps),
        days=(),
    )


def told_days(reader: Reader, derivation: Derivation) -> Iterator[WhyDay]:
    """Yield each day with what counted on it and by then."""
    total = 0
    for day in derivation.days:
        minutes = 0 if derivation.limit.by_days else day.minutes
        total += minutes
        yield WhyDay(
            date=day.date,
            status=day.status.value,
            label=reader.say(WORDS[day.status]),
            name=say_name(reader, day.name),
            hours=() if derivation.limit.by_days else tuple(starmap(hours_said, day.counted)),
            minutes=minutes,
            total=total,
            number=day.number,
        )


def say_name(reader: Reader, name: str) -> str:
    """Return the name of a special day; what an operator entered is said as it was written."""
    words = name_words(name)
    return words if isinstance(words, str) else reader.say(words)


def row_words(reader: Reader, rule: Mapping[str, Any]) -> Text | None:
    """Return which row of which version of the table gave a limit."""
    since = reader.connection.scalar(SINCE, {"version": UUID(rule["table"])})
    if since is None:
        return None
    return _("第 {row} 行，版本自 {since} 起生效", row=rule["row"], since=instant_words(since))
