"""Values as JSON can hold them: what may be stored in scope data, forms and the trail."""

from __future__ import annotations

from typing import Any

from engine.errors import Invalid
from engine.expr.limits import MAX_NESTING, MAX_VALUES
from engine.expr.source import Failure
from engine.expr.values import kind_of
from engine.i18n import _
from engine.sla.iso import format_duration


def plain(value: Any) -> Any:
    """Return `value` as JSON can hold it: dates, instants and durations as ISO 8601 text.

    Maps and lists are copied, so that nobody else's data can be changed through the answer.
    Raises Invalid("expression.too_big" or "expression.wrong_kind").
    """
    try:
        return storable(value)
    except Failure as failure:
        raise Invalid(f"expression.{failure.code}", failure.reason) from None


def storable(value: Any) -> Any:
    """Do the same inside the language, where a Failure is still to be given its place."""
    return _copy(value, [MAX_VALUES], MAX_NESTING)


def _copy(value: Any, budget: list[int], nesting: int) -> Any:
    # The budget is shared by the whole value: a list that holds one list a thousand times is
    # small in memory and huge as text.
    budget[0] -= 1
    if budget[0] < 0 or nesting < 0:
        raise Failure("too_big", _("数据太多或嵌套太深"))
    match kind_of(value):
        case "date" | "datetime":
            return value.isoformat()
        case "duration":
            return format_duration(value)
        case "list":
            return [_copy(entry, budget, nesting - 1) for entry in value]
        case "map":
            return {str(key): _copy(entry, budget, nesting - 1) for key, entry in value.items()}
        case "other":
            raise Failure("wrong_kind", _("这个值不能保存"))
    return value
