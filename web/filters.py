"""Words for instants and clocks, as people in Asia/Shanghai read them.

Templates write `{{ row.opened_at | instant(now) }}` and `{{ deadline | remaining(now) }}`. Every
page hands in its one server instant `now`, so that no two ages on a page contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import get_locale

from engine.i18n import Text, _
from engine.sla.words import WEEKDAYS, length_words
from processes.reads.rows import Deadline, DiagramView, HistoryLine

SHANGHAI = ZoneInfo("Asia/Shanghai")


def init_filters(app: Flask) -> None:
    """Register the filters of this module with an application's templates."""
    app.jinja_env.filters.update(
        instant=lambda value, now: _said(instant(value, now)),
        remaining=lambda deadline, now: _said(remaining(deadline, now)),
        lamp=lambda deadline, now: deadline.lamp(now),
        percent=lambda deadline, now: round(deadline.used(now) * 100),
        elapsed=lambda minutes: _said(elapsed(minutes)),
        worked=lambda minutes: _said(length_words(minutes)),
        by_day=lambda lines, now: [(_said(text), rows) for text, rows in by_day(lines, now)],
        hour=lambda value: value.astimezone(SHANGHAI).strftime("%H:%M"),
        diagram_data=diagram_data,
        full_instant=full_instant,
        minute_instant=minute_instant,
        weekday=lambda date: _said(WEEKDAYS[date.weekday()]),
        local_input=local_input,
    )


def instant(value: datetime, now: datetime) -> Text:
    """Say an instant as today, yesterday or tomorrow with its time, else with its date."""
    clock = value.astimezone(SHANGHAI).strftime("%H:%M")
    return _("{day} {time}", day=day(value, now), time=clock)


def day(value: datetime, now: datetime) -> Text:
    """Say the day of an instant: 今天, 昨天, 明天, month and day, and the year if another."""
    local, today = value.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}.get((local.date() - today).days)
    if near is not None:
        return near
    same_year = local.year == today.year
    return _("{date}", date=local.strftime("%m-%d" if same_year else "%Y-%m-%d"))


def by_day(lines: Iterable[HistoryLine], now: datetime) -> list[tuple[Text, list[HistoryLine]]]:
    """Put neighbouring lines of a history under the day they happened on, order kept."""
    return [
        (day(midnight, now), list(rows))
        for midnight, rows in groupby(lines, key=lambda line: _midnight(line.at))
    ]


def full_instant(value: datetime) -> str:
    """Return the whole date and time in Shanghai, to the second, for tooltips and print."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def minute_instant(value: datetime) -> str:
    """Return date and time in Shanghai to the minute, for what is compared or printed."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def local_input(value: datetime | str) -> str:
    """Return an instant as `<input type="datetime-local">` wants it, in Shanghai.

    Text without an offset is Shanghai's already; text that is no instant stays as it was typed.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    local = value.astimezone(SHANGHAI) if value.tzinfo else value
    return local.strftime("%Y-%m-%dT%H:%M")


def remaining(deadline: Deadline, now: datetime) -> Text:
    """Say how a clock stands: time left, time over, or how it ended."""
    if deadline.stopped_at is not None:
        late = deadline.breached or deadline.stopped_at >= deadline.due_at
        return _("已办，曾超期") if late else _("已办，未超期")
    if deadline.paused:
        return _("缓办中，暂不计时")
    left = deadline.due_at - now
    if left <= timedelta(0):
        return _("超期 {span}", span=span(-left))
    return _("剩余 {span}", span=span(left))


def span(length: timedelta) -> Text:
    """Say a length of time by its two largest units, cut off, never rounded up."""
    minutes = int(length.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days:
        return _("{d} 天 {h} 小时", d=days, h=hours) if hours else _("{d} 天", d=days)
    if hours:
        rest = minutes % 60
        return _("{h} 小时 {m} 分", h=hours, m=rest) if rest else _("{h} 小时", h=hours)
    return _("{m} 分", m=minutes) if minutes else _("不到 1 分")


def elapsed(minutes: int) -> Text:
    """Say elapsed minutes whole: what is added up on a page must be seen to add up."""
    hours, m = divmod(minutes, 60)
    d, h = divmod(hours, 24)
    if d:
        return _("{d} 天 {h} 小时 {m} 分", d=d, h=h, m=m)
    return _("{h} 小时 {m} 分", h=h, m=m) if h else _("{m} 分", m=m)


def diagram_data(diagrams: Iterable[DiagramView]) -> dict[str, Any]:
    """Return what live.js draws: each drawing once, however many units are on their way on it."""
    drawings: list[str] = []
    views = []
    for view in diagrams:
        if view.xml not in drawings:
            drawings.append(view.xml)
        views.append(
            {
                "drawing": drawings.index(view.xml),
                "done": view.done,
                "flows": view.flows,
                "active": view.active,
            }
        )
    return {"drawings": drawings, "views": views}


def _midnight(value: datetime) -> datetime:
    return value.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def _said(text: Text) -> str:
    return text.to(str(get_locale() or "zh"))
