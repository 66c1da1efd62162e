"""The ledger of an SLA clock: an append-only list of spans from which everything else follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from engine.errors import Broken
from engine.i18n import Text, _


class SpanKind(StrEnum):
    """What can happen to a clock. The first four move its due instant; the others are facts."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    HANDED_OVER = "handed_over"
    MET = "met"
    BREACHED = "breached"
    EXEMPTED = "exempted"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Span:
    """One line of the ledger. `holder` is the unit the time is charged to from here on.

    Of an extension `times` says how many of the original limit are added, of a pause `until` when
    it ends by itself.
    """

    kind: SpanKind
    at: datetime
    holder: str | None = None
    reason: str | None = None
    times: int = 1
    until: datetime | None = None


@dataclass(frozen=True)
class Stretch:
    """Time that counts, from `start` up to but not including `end` (None: still running)."""

    start: datetime
    end: datetime | None


def stretches(spans: Sequence[Span]) -> tuple[Stretch, ...]:
    """Return the stretches of counted time in a ledger, oldest first.

    Raises Broken("clock.damaged_ledger") where spans are out of order: a deadline is never
    guessed from a ledger that cannot be true.
    """
    if not spans or spans[0].kind is not SpanKind.STARTED:
        raise _damaged(_("第一条不是开始计时"))
    found: list[Stretch] = []
    running_since: datetime | None = spans[0].at
    for earlier, span in pairwise(spans):
        if span.at < earlier.at:
            raise _damaged(_("时间倒退"))
        if span.kind is SpanKind.STARTED:
            raise _damaged(_("重复开始计时"))
        if span.kind is SpanKind.PAUSED:
            if running_since is None:
                raise _damaged(_("暂停了两次"))
            found.append(Stretch(running_since, span.at))
            running_since = None
        elif span.kind is SpanKind.RESUMED:
            if running_since is not None:
                raise _damaged(_("没有暂停就恢复"))
            running_since = span.at
    if running_since is not None:
        found.append(Stretch(running_since, None))
    return tuple(found)


def extensions(spans: Iterable[Span]) -> int:
    """Return how many times the original limit has been added."""
    return sum(span.times for span in spans if span.kind is SpanKind.EXTENDED)


def pauses(spans: Sequence[Span]) -> tuple[tuple[datetime, datetime], ...]:
    """Return the pauses that have ended, as (from, to). One that lasts moves nothing yet."""
    return tuple(
        (earlier.end, later.start)
        for earlier, later in pairwise(stretches(spans))
        if earlier.end is not None
    )


def paused_since(spans: Sequence[Span]) -> datetime | None:
    """Return since when the clock rests, None while it runs."""
    return stretches(spans)[-1].end


def _damaged(reason: Text) -> Broken:
    sentence = _("计时记录有误（{reason}），请联系管理员核对", reason=reason)
    return Broken("clock.damaged_ledger", sentence)
