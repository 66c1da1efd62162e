"""What a filled form names outside itself, and the host says whether it is there: units, photos
uploaded before, other cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.forms import Field, Form, Type, invalid
from engine.i18n import Text, _

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work


def refuse_unknown(
    context: Context, work: Work, form: Form, values: Mapping[str, Any], *, place: UUID
) -> None:
    """Refuse units that nobody works at, photos that were not uploaded for the work item or offer
    `place`, and cases that cannot be referred to; a statement or two for each such field.

    Raises Invalid("form.invalid") with the first field that is wrong.
    """
    for field in form.fields:
        value = values.get(field.name)
        if value and (problem := problem_of(context, work, field, value, place=place)):
            raise invalid({field.name: problem})


def problem_of(
    context: Context, work: Work, field: Field, value: Any, *, place: UUID
) -> Text | None:
    """Return what is wrong with what a field names."""
    match field.type:
        case Type.UNITS:
            return strange_unit(context, field, [row["unit"] for row in value])
        case Type.PHOTO:
            return lost_photo(context, work, field, value, place=place)
        case Type.REFERENCE:
            why_not = context.plugins.why_not_refer
            return why_not and why_not(context.connection, context.actor, work.root_id, value)
        case _other:
            return None


def strange_unit(context: Context, field: Field, codes: Sequence[str]) -> Text | None:
    """Return that nobody works at a unit: a step given to it could never be done."""
    strangers = context.plugins.strangers
    unknown = strangers(context.connection, codes) if strangers else frozenset()
    for code in codes:
        if code in unknown:
            return _("“{label}”里没有代码为“{unit}”的部门", label=field.label, unit=code)
    return None


def lost_photo(
    context: Context, work: Work, field: Field, ids: Sequence[str], *, place: UUID
) -> Text | None:
    """Return that a photo was not uploaded here."""
    lost = context.plugins.lost_photos
    if lost and lost(context.connection, work.root_id, place, ids):
        return _("“{label}”里有照片没有上传成功，请重新上传", label=field.label)
    return None
