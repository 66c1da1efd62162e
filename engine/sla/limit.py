"""A time limit: the answer of the table `limits` to "how long, counted how, from which rule?"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from engine.errors import Invalid
from engine.i18n import _


class Unit(StrEnum):
    """What a limit counts. Urgent time is continuous, work time needs a calendar."""

    URGENT_MINUTE = "urgent_minute"
    URGENT_HOUR = "urgent_hour"
    URGENT_DAY = "urgent_day"
    NATURAL_DAY = "natural_day"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"


class Counting(StrEnum):
    """How days are counted: from the moment, or by the law (first day not counted, last moved)."""

    ROLLING = "rolling"
    LEGAL = "legal"


WORKING = (Unit.WORK_HOUR, Unit.WORK_DAY)
STANDARD_DAY = timedelta(hours=8)
"""A working day where it is counted rolling, whatever hours a unit keeps: the legal eight hours of
《国务院关于职工工作时间的规定》 (1995)."""

LENGTHS: Mapping[Unit, timedelta] = {
    Unit.URGENT_MINUTE: timedelta(minutes=1),
    Unit.URGENT_HOUR: timedelta(hours=1),
    Unit.URGENT_DAY: timedelta(hours=24),
    Unit.NATURAL_DAY: timedelta(hours=24),
    Unit.WORK_HOUR: timedelta(hours=1),
    Unit.WORK_DAY: STANDARD_DAY,
}

LONGEST = timedelta(days=3_660)
DEFAULT_WARN = 0.8


@dataclass(frozen=True)
class Limit:
    """So many units. `warn` is the fraction of counted time after which people are warned.

    `source` is the rule's origin in words: the paragraph of a law, a city's standard.
    """

    value: int
    unit: Unit
    counting: Counting = Counting.ROLLING
    warn: float = DEFAULT_WARN
    source: str = ""

    @property
    def in_working_time(self) -> bool:
        """Whether only working time counts; else nights and holidays count too."""
        return self.unit in WORKING

    @property
    def needs_calendar(self) -> bool:
        """Whether a unit's working days have a say in where it ends."""
        return self.in_working_time or self.by_days

    @property
    def by_days(self) -> bool:
        """Whether whole days are counted by the law; hours always run from the moment.

        《民法典》 art. 201: the starting day is not counted, hours begin at once. An urgent day is
        24 continuous hours and so runs from the moment too.
        """
        return self.counting is Counting.LEGAL and self.unit in (Unit.NATURAL_DAY, Unit.WORK_DAY)

    @property
    def is_urgent(self) -> bool:
        """Whether it is a limit for emergencies, which no suspension stops."""
        return self.unit in (Unit.URGENT_MINUTE, Unit.URGENT_HOUR, Unit.URGENT_DAY)

    def length(self, times: int = 1) -> timedelta:
        """Return `times` the limit as time that counts: working time for working units."""
        return LENGTHS[self.unit] * self.value * times

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON can hold it; `read_limit` reads it back."""
        return asdict(self) | {"unit": self.unit.value, "counting": self.counting.value}


def read_limit(answer: Mapping[str, Any]) -> Limit:
    """Return the limit of a table's answer; keys beside a limit's own are not looked at.

    Raises Invalid with `limit.bad_value`, `limit.unknown_unit`, `limit.unknown_counting`,
    `limit.bad_warning` or `limit.too_long`.
    """
    limit = Limit(
        value=_value(answer.get("value")),
        unit=_unit(answer.get("unit")),
        counting=_counting(answer.get("counting")),
        warn=_warn(answer.get("warn")),
        source=str(answer.get("source") or ""),
    )
    spread = timedelta(days=1) / STANDARD_DAY if limit.in_working_time else 1
    if limit.length() * spread > LONGEST:
        sentence = _("时限“{value} {unit}”超过十年", value=limit.value, unit=limit.unit.value)
        raise Invalid("limit.too_long", sentence)
    return limit


def _value(value: Any) -> int:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # The range comes first: infinity and nan have no int().
    if not number or not 1 <= value <= 100_000 or value != int(value):
        raise Invalid("limit.bad_value", _("时限的数值“{value}”要写成正整数", value=value))
    return int(value)


def _unit(unit: Any) -> Unit:
    try:
        return Unit(unit)
    except ValueError:
        sentence = _("不认识时限单位“{unit}”，可用 {known}", unit=unit, known="、".join(Unit))
        raise Invalid("limit.unknown_unit", sentence) from None


def _counting(counting: Any) -> Counting:
    try:
        return Counting(counting or Counting.ROLLING)
    except ValueError:
        known = "、".join(Counting)
        sentence = _("不认识计算方法“{counting}”，可用 {known}", counting=counting, known=known)
        raise Invalid("limit.unknown_counting", sentence) from None


def _warn(warn: Any) -> float:
    if warn is None:
        return DEFAULT_WARN
    if isinstance(warn, bool) or not isinstance(warn, int | float) or not 0 < warn <= 1:
        sentence = _("预警比例“{warn}”要大于 0、不大于 1", warn=warn)
        raise Invalid("limit.bad_warning", sentence)
    return float(warn)
