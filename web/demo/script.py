"""The script of the demo: what happens to each case and when, read from cases.toml.

Times are told as people would tell them, so that the district looks lived in whenever it is made:
closed cases lie on days past at office hours, open ones have been at their present step for so
many minutes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

HERE: Final = ZoneInfo("Asia/Shanghai")
CASES: Final = Path(__file__).with_name("cases.toml")
ABOUT: Final = ("after", "step", "do", "unit")  # of an act; the rest are fields of the step's form


@dataclass(frozen=True, kw_only=True)
class Act:
    """Somebody completes a step, at an instant. `fields` are what they fill in."""

    at: datetime
    step: str
    outcome: str
    unit: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Tale:
    """One case: the fields of its report, the photo painted for it, and the acts in order."""

    at: datetime
    report: Mapping[str, Any]
    photo: str | None
    acts: tuple[Act, ...]


def read_script(now: datetime) -> tuple[Tale, ...]:
    """Return the tales with their instants before `now`, in the order they begin."""
    with CASES.open("rb") as file:
        told = tomllib.load(file)["case"]
    tales = (tale(number, each, now) for number, each in enumerate(told))
    return tuple(sorted(tales, key=lambda each: each.at))


def tale(number: int, told: Mapping[str, Any], now: datetime) -> Tale:
    """Read one case of the script."""
    begin = instant = begins(told, now)
    acts = []
    for place, each in enumerate(told["acts"], start=1):
        instant += timedelta(minutes=each["after"])
        acts.append(act(each, instant - off_the_minute(number, place)))
    return Tale(
        at=begin - off_the_minute(number, 0),
        report=told["report"],
        photo=told.get("photo"),
        acts=tuple(acts),
    )


def begins(told: Mapping[str, Any], now: datetime) -> datetime:
    """Return when a case is reported: on a day past, or so that it now waits as long as told."""
    if "days_ago" in told:
        day = now.astimezone(HERE).date() - timedelta(days=told["days_ago"])
        return datetime.combine(day, time.fromisoformat(told["reported"]), HERE)
    minutes = sum(each["after"] for each in told["acts"]) + told["waits"]
    return now - timedelta(minutes=minutes)


def off_the_minute(number: int, place: int) -> timedelta:
    """Return 0 to 58 seconds, the same in every run: people do not act on the full minute."""
    return timedelta(seconds=(number * 23 + place * 17) % 59)


def act(told: Mapping[str, Any], at: datetime) -> Act:
    """Read one act; `units` are written shortly, by code."""
    fields = {name: value for name, value in told.items() if name not in ABOUT}
    if "units" in fields:
        fields["units"] = [{"unit": unit, "kind": kind} for unit, kind in told["units"].items()]
    return Act(at=at, step=told["step"], outcome=told["do"], unit=told.get("unit"), fields=fields)
