"""Why this deadline? The whole count as data and as sentences that a clerk can read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from engine.i18n import Text, _
from engine.sla.calendar import Calendar
from engine.sla.counted_days import CountedDay, DayStatus, counted_days
from engine.sla.due_at import due_at, is_provisional, warn_at
from engine.sla.iso import ZONE
from engine.sla.ledger import Span, SpanKind, extensions, paused_since, pauses
from engine.sla.limit import Limit
from engine.sla.words import (
    UNITS,
    counting_words,
    day_words,
    instant_words,
    length_words,
    limit_words,
    name_words,
)


@dataclass(frozen=True)
class Step:
    """One sentence of the explanation; `minutes` counted in it."""

    kind: str
    text: Text
    minutes: int = 0


@dataclass(frozen=True)
class Derivation:
    """A deadline with everything that led to it."""

    limit: Limit
    calendar: str
    version: str
    start: datetime
    due: datetime
    warn: datetime
    provisional: bool
    days: tuple[CountedDay, ...]
    steps: tuple[Step, ...]

    def as_data(self, locale: str = "zh") -> dict[str, Any]:
        """Return it as JSON can hold it; instants are local, to the minute."""
        return {
            "start": local(self.start),
            "due": local(self.due),
            "warn": local(self.warn),
            "provisional": self.provisional,
            "rule": self.limit.as_data(),
            "calendar": {"code": self.calendar, "version": self.version},
            "days": [day_data(day) for day in self.days],
            "steps": [
                {"kind": step.kind, "text": step.text.to(locale), "minutes": step.minutes}
                for step in self.steps
            ],
        }


def derive(
    limit: Limit, calendar: Calendar, spans: Sequence[Span], *, table: Text | None = None
) -> Derivation:
    """Count a deadline and say how. `table` names the row and version that gave the limit."""
    due = due_at(limit, calendar, spans)
    days = counted_days(limit, calendar, spans, due=due)
    provisional = is_provisional(limit, calendar, spans)
    steps = [*opening(limit, spans, table), *course(limit, spans, days)]
    steps.append(Step("due", _("到期时间：{at}。", at=instant_words(due))))
    if provisional:
        text = _(
            "{year} 年的放假安排尚未全部公布，这个结果是暂定的。", year=due.astimezone(ZONE).year
        )
        steps.append(Step("provisional", text))
    return Derivation(
        limit=limit,
        calendar=calendar.code,
        version=calendar.version,
        start=spans[0].at,
        due=due,
        warn=warn_at(limit, calendar, spans),
        provisional=provisional,
        days=tuple(days),
        steps=tuple(steps),
    )


def opening(limit: Limit, spans: Sequence[Span], table: Text | None) -> Iterator[Step]:
    """Yield the rule, where it is from, the start, and what was added to the limit."""
    words, counting = limit_words(limit), counting_words(limit)
    yield Step("rule", _("时限：{limit}，{counting}。", limit=words, counting=counting))
    if limit.source:
        yield Step("source", _("依据：{source}。", source=limit.source))
    if table:
        yield Step("table", _("时限表：{table}。", table=table))
    yield Step("start", _("开始时间：{at}。", at=instant_words(spans[0].at)))
    for span in spans:
        if span.kind is SpanKind.EXTENDED:
            added = limit_words(limit, span.times)
            text = _("{at} 批准延期，增加 {limit}。", at=instant_words(span.at), limit=added)
            yield Step("extension", text)
    if extensions(spans):
        whole = limit_words(limit, 1 + extensions(spans))
        yield Step("extended", _("延期后的时限：{limit}。", limit=whole))


def course(limit: Limit, spans: Sequence[Span], days: Sequence[CountedDay]) -> list[Step]:
    """Return what counted, days alike said together, with the pauses in their places."""
    told = [(group[0].date.isoformat(), 1, step) for group, step in runs(limit, days)]
    for start, end in pauses(spans):
        text = _(
            "{start} 到 {end} 缓办，不计时。", start=instant_words(start), end=instant_words(end)
        )
        told.append((start.astimezone(ZONE).date().isoformat(), 0, Step("pause", text)))
    resting = paused_since(spans)
    if resting is not None:
        text = _("{start} 起缓办，恢复后到期时间顺延。", start=instant_words(resting))
        told.append((resting.astimezone(ZONE).date().isoformat(), 2, Step("pause", text)))
    return [step for _at, _rank, step in sorted(told, key=lambda each: each[:2])]


def runs(limit: Limit, days: Sequence[CountedDay]) -> Iterator[tuple[list[CountedDay], Step]]:
    """Yield days in a row that are alike, each group with its sentence."""
    total = 0
    for _key, alike in groupby(days, key=likeness):
        group = list(alike)
        minutes = sum(day.minutes for day in group)
        total += minutes
        said = day_said(limit, group, total)
        yield group, Step(group[0].status.value, said, 0 if limit.by_days else minutes)


def likeness(day: CountedDay) -> tuple[Any, ...]:
    """Return what days must have in common to be said together."""
    counts = day.status in (DayStatus.COUNTS, DayStatus.MAKE_UP)
    return day.status, day.name, day.minutes if counts and day.number is None else None


def day_said(limit: Limit, group: Sequence[CountedDay], total: int) -> Text:
    """Return the sentence for days that are alike."""
    when, name = days_words(group), name_words(group[0].name)
    status = group[0].status
    uncounted = {
        DayStatus.START: _("{days} 是开始当天，不计。", days=when),
        DayStatus.HOLIDAY: _("{days} 是{name}放假，不计。", days=when, name=name),
        DayStatus.REST: _("{days} 是休息日，不计。", days=when),
        DayStatus.PAUSED: _("{days} 全天缓办，不计。", days=when),
        DayStatus.CLOSING: _("最后一天顺延到 {days}。", days=when),
    }
    if status in uncounted:
        return uncounted[status]
    said = numbers_said(limit, group, when) if limit.by_days else minutes_said(group, when, total)
    if status is DayStatus.MAKE_UP:
        return _("{said}（{name}调休上班）", said=said, name=name)
    return _("{said}（{name}放假）", said=said, name=name) if name else said


def numbers_said(limit: Limit, group: Sequence[CountedDay], when: Text) -> Text:
    """Return which days of a count by days a group is."""
    first, last = group[0].number, group[-1].number
    unit = UNITS[limit.unit]
    if first == last:
        return _("{days} 是第 {number} 个{unit}。", days=when, number=first, unit=unit)
    return _(
        "{days} 是第 {first} 至 {last} 个{unit}。", days=when, first=first, last=last, unit=unit
    )


def minutes_said(group: Sequence[CountedDay], when: Text, total: int) -> Text:
    """Return how much counted on each day of a group, and how much by then in all."""
    each, so_far = length_words(group[0].minutes), length_words(total)
    if len(group) > 1:
        return _("{days} 每天计 {length}，累计 {total}。", days=when, length=each, total=so_far)
    hours = "、".join(hours_said(start, end) for start, end in group[0].counted)
    return _(
        "{days} {hours} 计 {length}，累计 {total}。",
        days=when,
        hours=hours,
        length=each,
        total=so_far,
    )


def hours_said(start: datetime, end: datetime) -> str:
    """Return a counted stretch of a day: "08:00–12:00"."""
    closes = "24:00" if ends_day(start, end) else format_time(end)
    return f"{format_time(start)}–{closes}"


def ends_day(start: datetime, end: datetime) -> bool:
    """Tell whether an interval ends at the midnight after it begins."""
    return end.astimezone(ZONE).date() > start.astimezone(ZONE).date()


def format_time(instant: datetime) -> str:
    """Return the local time of day."""
    return instant.astimezone(ZONE).strftime("%H:%M")


def days_words(group: Sequence[CountedDay]) -> Text:
    """Return a day, or the first and last of several."""
    first, last = day_words(group[0].date), day_words(group[-1].date)
    return first if len(group) == 1 else _("{first} 至 {last}", first=first, last=last)


def day_data(day: CountedDay) -> dict[str, Any]:
    """Return a day as JSON can hold it."""
    return {
        "date": day.date.isoformat(),
        "status": day.status.value,
        "name": day.name,
        "minutes": day.minutes,
        "number": day.number,
    }


def local(instant: datetime) -> str:
    """Return a local ISO instant to the minute: 2026-02-14T16:00."""
    return instant.astimezone(ZONE).replace(tzinfo=None).isoformat(timespec="minutes")
