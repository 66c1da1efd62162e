"""When a drawn timer is due on the rehearsal's clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.bpmn.model import EventDefinition, TimerKind
from engine.errors import Invalid
from engine.i18n import _
from engine.run.timers import CLOCK_TEXT
from engine.sla.iso import (
    is_cycle,
    is_duration,
    is_instant,
    parse_cycle,
    parse_duration,
    parse_instant,
)

CLOCK_TIMES = {"warn": timedelta(hours=12), "due": timedelta(hours=24)}
"""No limits are looked up in a rehearsal: a clock warns after half a day, is due after one."""


@dataclass
class Alarm:
    """An armed timer: when it is due, and for a cycle how far apart and how often still."""

    due: datetime
    every: timedelta | None = None
    left: int | None = None

    def rung(self) -> bool:
        """Set a cycle to its next time; False when it will not ring again."""
        if self.every is None or self.left == 1:
            return False
        self.left = None if self.left is None else self.left - 1
        self.due += self.every
        return True


def alarm_of(definition: EventDefinition, now: datetime, evaluate: Callable[[str], Any]) -> Alarm:
    """Return the alarm of a timer that is armed now. Raises Invalid("timer.…", …)."""
    clock = CLOCK_TEXT.match(definition.text)
    if clock:
        return Alarm(now + CLOCK_TIMES[clock[1]])
    text: Any = definition.text
    if not (is_duration(text) or is_instant(text) or is_cycle(text)):
        text = evaluate(text)
    if not isinstance(text, str):
        shown = definition.text
        raise Invalid("timer.not_a_time", _("定时器的内容“{text}”算不出时间。", text=shown))
    if definition.timer is TimerKind.CYCLE:
        left, every = parse_cycle(text)
        return Alarm(now + every, every, left)
    if definition.timer is TimerKind.DATE:
        return Alarm(max(parse_instant(text), now))
    return Alarm(now + parse_duration(text))
