"""ISO 8601 durations, instants and cycles as timers and expressions write them, within bounds.

Years and months are refused in durations: they have no fixed length, and a deadline that moves
with the month it is counted in cannot be explained to the people who are held to it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from engine.errors import Invalid
from engine.i18n import _

ZONE = ZoneInfo("Asia/Shanghai")
"""Where people live whose instants carry no offset."""

LONGEST = timedelta(days=3_660)
SHORTEST_CYCLE = timedelta(seconds=1)
MOST_REPEATS = 1_000_000
FIRST_YEAR, LAST_YEAR = 1970, 2199

_NUMBER = r"(\d{1,12}(?:[.,]\d{1,6})?)"
DURATION = re.compile(
    rf"P(?=[\dT])(?:0{{1,4}}Y)?(?:0{{1,4}}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.ASCII,
)
SHAPED_AS_DURATION = re.compile(
    r"[+-]?(?:P[\dT][\dWYMDTHS.,]*|[Pp][Tt]?\d[\d.,]*[A-Za-z][\w.,]*)", re.ASCII
)
"""Slips of the pen (`PT1h`, `pt30min`) are durations too: as names they would fail when due."""
SHAPED_AS_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?", re.ASCII | re.DOTALL)
SHAPED_AS_CYCLE = re.compile(r"R-?\d*/.*", re.ASCII | re.DOTALL)
CYCLE = re.compile(r"R(\d{0,12})/(.+)", re.ASCII | re.DOTALL)


class Cycle(NamedTuple):
    """A repeating timer: how often (None: without end) and how far apart."""

    repeats: int | None
    interval: timedelta


def is_duration(text: str) -> bool:
    """Return whether a text is meant as a duration, right or wrong, and not as an expression."""
    return SHAPED_AS_DURATION.fullmatch(text.strip()) is not None


def is_instant(text: str) -> bool:
    """Return whether a text is meant as a date or an instant and not as an expression."""
    return SHAPED_AS_INSTANT.fullmatch(text.strip()) is not None


def is_cycle(text: str) -> bool:
    """Return whether a text is meant as a cycle and not as an expression."""
    return SHAPED_AS_CYCLE.fullmatch(text.strip()) is not None


def parse_duration(text: str) -> timedelta:
    """Return the duration that `PT2H`, `P3D`, `P1DT12H` or `P2W` writes; at most ten years.

    No years and no months (`P0Y0M1D`, as some modelers write) are a length like any other.

    Raises Invalid("duration.malformed", "duration.no_fixed_length" or "duration.too_long").
    """
    written = text.strip()
    match = DURATION.fullmatch(written)
    if match is None:
        date_part = written.partition("T")[0]
        if SHAPED_AS_DURATION.fullmatch(written) and ("Y" in date_part or "M" in date_part):
            reason = _("时长“{text}”里的年和月长短不一，请改写成天数", text=shown(written))
            raise Invalid("duration.no_fixed_length", reason)
        reason = _("“{text}”不是时长，请写成 PT2H、P3D 这样的形式", text=shown(written))
        raise Invalid("duration.malformed", reason)
    weeks, days, hours, minutes, seconds = (
        float((group or "0").replace(",", ".")) for group in match.groups()
    )
    try:
        duration = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        duration = timedelta.max
    if duration > LONGEST:
        raise Invalid("duration.too_long", _("时长“{text}”超过十年", text=shown(written)))
    return duration


def format_duration(duration: timedelta) -> str:
    """Return the ISO 8601 text of a duration; a negative one has a sign in front."""
    sign = "-" if duration < timedelta(0) else ""
    duration = abs(duration)
    hours, rest = divmod(duration.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f"{duration.microseconds:06d}".rstrip("0")
    date_part = f"{duration.days}D" if duration.days else ""
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes else ""
    if seconds or fraction:
        clock += f"{seconds}.{fraction}S" if fraction else f"{seconds}S"
    if not date_part and not clock:
        clock = "0S"
    return f"{sign}P{date_part}{'T' + clock if clock else ''}"


def parse_date(text: str) -> date:
    """Return the date that `2026-05-01` writes. Raises Invalid("date.malformed")."""
    written = text.strip()
    try:
        found = date.fromisoformat(written)
    except ValueError:
        reason = _("“{text}”不是日期，请写成 2026-05-01 这样的形式", text=shown(written))
        raise Invalid("date.malformed", reason) from None
    _check_year(found.year, written)
    return found


def parse_instant(text: str) -> datetime:
    """Return the instant a date or time writes, in UTC; without an offset it is Asia/Shanghai.

    A date alone is its first moment. Raises Invalid("instant.malformed" or "date.out_of_range").
    """
    written = text.strip()
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        reason = _("“{text}”不是时刻，请写成 2026-05-01T09:00 这样的形式", text=shown(written))
        raise Invalid("instant.malformed", reason) from None
    _check_year(found.year, written)
    return (found if found.tzinfo else found.replace(tzinfo=ZONE)).astimezone(UTC)


def parse_cycle(text: str) -> Cycle:
    """Return count and interval of `R3/PT10M` or, without end, `R/PT10M`.

    Raises Invalid("cycle.malformed", "cycle.too_fast") or what `parse_duration` raises. An
    interval under a second is refused: it would fire as fast as the machine can.
    """
    written = text.strip()
    match = CYCLE.fullmatch(written)
    if match is None or not is_duration(match[2]):
        reason = _("“{text}”不是循环，请写成 R3/PT10M 这样的形式", text=shown(written))
        raise Invalid("cycle.malformed", reason)
    count = int(match[1]) if match[1] else None
    if count is not None and not 1 <= count <= MOST_REPEATS:
        reason = _(
            "循环“{text}”的次数要在 1 到 {most} 之间", text=shown(written), most=MOST_REPEATS
        )
        raise Invalid("cycle.malformed", reason)
    interval = parse_duration(match[2])
    if interval < SHORTEST_CYCLE:
        raise Invalid("cycle.too_fast", _("循环“{text}”的间隔不到一秒", text=shown(written)))
    return Cycle(count, interval)


def shown(text: str) -> str:
    """Return the beginning of a text, for sentences."""
    return text if len(text) <= 40 else text[:39] + "…"


def _check_year(year: int, written: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        reason = _("“{text}”的年份不在 1970 到 2199 之间", text=shown(written))
        raise Invalid("date.out_of_range", reason)
