"""Accountable time: every instant of a case is charged once, to whom it waited for.

While one holder has the case and all others wait, the time is that holder's. While several have it
at once it is joint work, with who took part. A dispute about whose it is, and a pause that was
approved, are nobody's fault and stand for themselves. When nobody who has it is on duty, the time
is nobody's. What is charged adds up to the time that has passed, to the microsecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

Hours = Callable[[datetime, datetime], Iterable[tuple[datetime, datetime]]]
"""Gives the stretches of a holder's working time between two instants."""


class Charged(StrEnum):
    """What an instant is charged to."""

    HOLDER = "holder"
    JOINT = "joint"
    DISPUTE = "dispute"
    PAUSE = "pause"
    NOBODY = "nobody"


class HoldKind(StrEnum):
    """Why somebody has a case: to work on it, to settle whose it is, or because it rests."""

    WORK = "work"
    DISPUTE = "dispute"
    PAUSE = "pause"


@dataclass(frozen=True)
class Hold:
    """Somebody has a case from `start` up to but not including `end`.

    `hours` is the holder's working time; None where nights and holidays count.
    """

    holder: str
    start: datetime
    end: datetime
    kind: HoldKind = HoldKind.WORK
    hours: Hours | None = None


@dataclass(frozen=True)
class Charge:
    """A stretch of time and what it is charged to. `holders` are those that took part, sorted."""

    start: datetime
    end: datetime
    to: Charged
    holders: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta:
        """The time from start to end."""
        return self.end - self.start


def charges(holds: Iterable[Hold], *, start: datetime, end: datetime) -> tuple[Charge, ...]:
    """Return what each stretch from `start` to `end` is charged to, in order and without gaps.

    Raises ValueError where the end is before the start.
    """
    if end < start:
        raise ValueError("a case does not end before it starts")
    parts = [part for hold in holds for part in on_duty(clipped(hold, start, end))]
    edges = {start, end} | {edge for part in parts for edge in (part.start, part.end)}
    begins = _by(parts, lambda part: part.start)
    ends = _by(parts, lambda part: part.end)
    found: list[Charge] = []
    now: list[Hold] = []
    for a, b in pairwise(sorted(edges)):
        gone = {id(part) for part in ends.get(a, ())}
        now = [part for part in now if id(part) not in gone] + begins.get(a, [])
        append(found, charge(now, a, b))
    return tuple(found)


def totals(charged: Iterable[Charge]) -> dict[tuple[Charged, tuple[str, ...]], timedelta]:
    """Return how much was charged to whom, in the order in which each first appears."""
    found: dict[tuple[Charged, tuple[str, ...]], timedelta] = {}
    for each in charged:
        key = each.to, each.holders
        found[key] = found.get(key, timedelta(0)) + each.length
    return found


def clipped(hold: Hold, start: datetime, end: datetime) -> Hold:
    """Return the part of a hold that lies between two instants; it may be empty."""
    first = min(max(hold.start, start), end)
    last = min(max(hold.end, first), end)
    return Hold(hold.holder, first, last, hold.kind, hold.hours)


def on_duty(hold: Hold) -> Sequence[Hold]:
    """Return the stretches of a hold in which its holder is on duty; a pause needs nobody."""
    if hold.start >= hold.end:
        return ()
    if hold.hours is None or hold.kind is HoldKind.PAUSE:
        return (hold,)
    return [
        Hold(hold.holder, max(a, hold.start), min(b, hold.end), hold.kind)
        for a, b in hold.hours(hold.start, hold.end)
        if max(a, hold.start) < min(b, hold.end)
    ]


def charge(active: Sequence[Hold], start: datetime, end: datetime) -> Charge:
    """Return what a stretch is charged to, in which the same holds are active throughout."""
    working = {hold.holder for hold in active if hold.kind is HoldKind.WORK}
    disputed = {hold.holder for hold in active if hold.kind is HoldKind.DISPUTE}
    taking_part = tuple(sorted(working | disputed))
    if len(working) + bool(disputed) > 1:
        return Charge(start, end, Charged.JOINT, taking_part)
    if working:
        return Charge(start, end, Charged.HOLDER, taking_part)
    if disputed:
        return Charge(start, end, Charged.DISPUTE, taking_part)
    paused = tuple(sorted({hold.holder for hold in active if hold.kind is HoldKind.PAUSE}))
    return Charge(start, end, Charged.PAUSE if paused else Charged.NOBODY, paused)


def append(found: list[Charge], new: Charge) -> None:
    """Append a charge, as one with the last where both are charged alike."""
    last = found[-1] if found else None
    if last is not None and (last.to, last.holders) == (new.to, new.holders):
        found[-1] = Charge(last.start, new.end, new.to, new.holders)
    else:
        found.append(new)


def _by(parts: Iterable[Hold], edge: Callable[[Hold], datetime]) -> dict[datetime, list[Hold]]:
    found: dict[datetime, list[Hold]] = {}
    for part in parts:
        found.setdefault(edge(part), []).append(part)
    return found
