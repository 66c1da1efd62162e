"""Forms filled in so that they hold: one value a type, every field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from engine.bpmn.model import Node
from engine.forms import EMPTY_FORM, Field, Form, Type
from engine.run.folder import Folder
from engine.sla.iso import ZONE

LATER: Final = timedelta(days=10)
"""Dates that are asked for lie ahead: a promise, the end of a rest."""
UNITS: Final = (("lead", "U1"), ("assist", "U2"), ("notify", "U3"))
WORD: Final = "试验"

FILLERS: Mapping[Type, Callable[[Field, datetime], Any]] = {
    Type.TEXT: lambda field, _at: WORD[: field.max_length],
    Type.TEXTAREA: lambda field, _at: WORD[: field.max_length],
    Type.INTEGER: lambda field, _at: next(n for n in (field.min, field.max, 1) if n is not None),
    Type.CHOICE: lambda field, _at: field.choices[0].code,
    Type.CHOICES: lambda field, _at: [field.choices[0].code],
    Type.CHECKBOX: lambda _field, _at: True,
    Type.DATE: lambda _field, at: (at + LATER).astimezone(ZONE).date().isoformat(),
    Type.DATETIME: lambda _field, at: (at + LATER).isoformat(),
    Type.PHONE: lambda _field, _at: "010-12345678",
    Type.UNITS: lambda field, _at: units_for(field),
    Type.PHOTO: lambda _field, _at: [str(UUID(int=1))],
    Type.REFERENCE: lambda _field, _at: "TRIAL-1",
}


def units_for(field: Field) -> list[dict[str, str]]:
    """Return a unit of each kind that a field takes."""
    return [{"unit": unit, "kind": kind} for kind, unit in UNITS if kind in field.kinds]


def filled(form: Form, at: datetime, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form filled in at an instant; `chosen` says what some fields hold."""
    return {field.name: FILLERS[field.type](field, at) for field in form.fields} | dict(chosen)


def form_of(folder: Folder, node: Node) -> Form:
    """Return the form of a step or an offer."""
    name = node.properties.get("form", "")
    return folder.form(name) if name else EMPTY_FORM


def variants(form: Form, read: Callable[[str], bool]) -> Iterator[dict[str, Any]]:
    """Yield what to choose in a form: nothing in particular, then each code that is read."""
    yield {}
    for field in form.fields:
        if field.type is Type.CHOICE and read(field.name):
            yield from ({field.name: each.code} for each in field.choices[1:])
        if field.type is Type.CHECKBOX and read(field.name):
            yield {field.name: False}
