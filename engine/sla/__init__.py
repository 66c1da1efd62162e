"""Clocks: limits, ledgers of spans and the instants that follow from them. Pure functions.

Times are aware datetimes. Only continuous units are counted here; units of working time are
refused where a limit is read.
"""

from engine.sla.due_at import due_at, is_late, time_left, warn_at
from engine.sla.ledger import Span, SpanKind, Stretch, counted, stretches
from engine.sla.limit import Counting, Limit, Unit, read_limit

__all__ = [
    "Counting",
    "Limit",
    "Span",
    "SpanKind",
    "Stretch",
    "Unit",
    "counted",
    "due_at",
    "is_late",
    "read_limit",
    "stretches",
    "time_left",
    "warn_at",
]
