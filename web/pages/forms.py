"""What a browser sends of a step's form, as the values that `engine.forms` checks.

Browsers send text. What does not look like the field's type is handed on as typed, so that the
check can say what is wrong with it. Empty fields are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from werkzeug.datastructures import MultiDict

from processes.reads.rows import FormField


def read_step(form: MultiDict[str, str], fields: Iterable[FormField]) -> dict[str, Any]:
    """Return the values of the fields by name; photos are files (web/photos.py)."""
    found = {field.name: read_field(form, field) for field in fields if field.type != "photo"}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def asked_by(outcome: str, fields: Iterable[FormField]) -> tuple[FormField, ...]:
    """Return the fields that an outcome asks for: what was typed for another one stays behind.

    Without an outcome all of them, so that nothing is lost when the form is shown again.
    """
    return tuple(field for field in fields if not outcome or outcome in field.asked_by)


def read_field(form: MultiDict[str, str], field: FormField) -> Any:
    """Return the value of one field as its type wants it."""
    match field.type:
        case "checkbox":
            return field.name in form
        case "choices":
            return form.getlist(field.name)
        case "units":
            return read_units(form, field.name)
        case "integer":
            return as_integer(form.get(field.name, "").strip())
        case _:
            return form.get(field.name, "").strip()


def read_units(form: MultiDict[str, str], name: str) -> list[dict[str, str]]:
    """Return the rows of a field of units; rows without a unit were never filled.

    The duty item that the table gave a row comes back with it, for the trail to cite.
    """
    columns = [form.getlist(f"{name}.{part}") for part in ("unit", "kind", "duty")]
    return [
        {"unit": unit, "kind": kind, **({"duty_item": duty} if duty else {})}
        for unit, kind, duty in zip_longest(*columns, fillvalue="")
        if unit
    ]


def as_integer(text: str) -> int | str:
    """Return a whole number where the text is one."""
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 16 else text
