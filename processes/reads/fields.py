"""The fields of a drawn form as they are shown, with what one can choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.forms import Field, Form, Type
from processes.catalogue.facts import DUTY_ITEMS
from processes.organisation import UnitKind
from processes.reads.duties import in_full
from processes.reads.rows import FormField, ShownLine
from processes.reads.running import Running
from processes.reads.units import units

Choices = tuple[tuple[str, str], ...]


def shown_fields(
    run: Running,
    form: Form,
    *,
    outcomes: Iterable[str] = ("",),
    values: Mapping[str, Any],
    offered: Choices,
) -> tuple[FormField, ...]:
    """Return a form's fields with the outcomes that ask for each.

    What only outcomes ask for that cannot be chosen now is left out.
    """
    codes = tuple(outcomes)
    asked = ((field, tuple(filter(field.is_asked, codes))) for field in form.fields)
    return tuple(
        FormField(
            name=field.name,
            type=field.type.value,
            label=run.reader.say(field.label),
            help=run.reader.say(field.help) if field.help else "",
            required=all(map(field.is_needed, askers)),
            value=values.get(field.name),
            choices=choices(run, field, offered),
            kinds=kinds(run, field),
            asked_by=askers,
        )
        for field, askers in asked
        if askers
    )


def shown_lines(run: Running, form: Form, seen: Mapping[str, Any]) -> tuple[ShownLine, ...]:
    """Return the lines over a form's fields; one that has nothing to say is left out."""
    return tuple(
        ShownLine(
            run.reader.say(line.label),
            in_full(run.reader, value) if line.words == DUTY_ITEMS else value,
        )
        for line, value in form.told(seen)
    )


def choices(run: Running, field: Field, offered: Choices) -> Choices:
    """Return what a field lets one choose from."""
    if field.type is Type.UNITS:
        return offered
    return tuple((choice.code, run.reader.say(choice.label)) for choice in field.choices)


def kinds(run: Running, field: Field) -> Choices:
    """Return what a field of units lets one ask them for, in words."""
    if field.type is not Type.UNITS:
        return ()
    return tuple((kind, run.reader.word("kinds", kind)) for kind in field.kinds)


def departments(run: Running, forms: Iterable[Form]) -> Choices:
    """Return the units that may be named, where one of the forms asks for units; a statement."""
    if not any(field.type is Type.UNITS for form in forms for field in form.fields):
        return ()
    found = units(run.reader.connection, kinds=(UnitKind.DEPARTMENT,))
    return tuple((unit.code, unit.name) for unit in found)
