"""Since when a clock was late, told from its ledger alone: for replaying rules over the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.sla.calendar import Calendar
from engine.sla.due_at import due_at
from engine.sla.ledger import Span, SpanKind, paused_since
from engine.sla.limit import Limit


def late_since(
    limit: Limit, calendar: Calendar, spans: Sequence[Span], *, until: datetime
) -> datetime | None:
    """Return the instant at which a clock became late, None if it was not by `until`.

    What is late stays late: an extension counts only where the limit before it was not used up
    when it was given, as the engine grants none afterwards (docs/deadlines.md).
    """
    for place, span in enumerate(spans):
        if span.kind is SpanKind.EXTENDED:
            since = used_up(limit, calendar, spans[:place], by=span.at)
            if since is not None:
                return since
    return used_up(limit, calendar, spans, by=until)


def used_up(
    limit: Limit, calendar: Calendar, spans: Sequence[Span], *, by: datetime
) -> datetime | None:
    """Return when a limit with all its extensions is used up, None where that is not by then."""
    due = due_at(limit, calendar, spans)
    if due > by:
        return None
    resting = paused_since(spans)
    return due if resting is None or due <= resting else None


def until_late(spans: Sequence[Span], since: datetime | None) -> Sequence[Span]:
    """Return the part of a ledger that led to its being late: all of it where it was not."""
    if since is None:
        return spans
    return (spans[0], *(span for span in spans[1:] if span.at < since))
