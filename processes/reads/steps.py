"""The open steps of a case that an actor may do now, with their forms and buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.tables import instance
from engine.forms import Field, Type
from engine.run.peek import data_at
from processes.organisation import UnitKind
from processes.permissions import allowed
from processes.reads.deadlines import clock_of_item, deadline
from processes.reads.row import Row
from processes.reads.rows import FormField, OpenItem
from processes.reads.running import Running
from processes.reads.units import units
from processes.view import case_view

Choices = tuple[tuple[str, str], ...]


def open_items(run: Running, actor: Actor) -> tuple[OpenItem, ...]:
    """Return the actor's open steps, least time left first; at most three statements."""
    mine = [item for item in run.items if may_do(actor, item)]
    values = defaults(run, mine)
    offered = departments(run, mine)
    return tuple(open_item(run, item, values.get(item.id, {}), offered) for item in mine)


def may_do(actor: Actor, item: Row) -> bool:
    """Tell whether an open step is this actor's to do."""
    paths = () if item.unit is None else (item.path or f"/{item.unit}/",)
    return allowed(actor, "item.do", paths=paths, role=item.role)


def open_item(run: Running, item: Row, values: Mapping[str, Any], offered: Choices) -> OpenItem:
    """Return one step as it is shown."""
    drawn = run.drawn(item.instance_id)
    buttons = drawn.buttons(item.element)
    outcomes = {button.outcome for button in buttons}
    clock = clock_of_item(
        run.clocks, instance_id=item.instance_id, token=item.token, due_at=item.due_at
    )
    return OpenItem(
        item_id=item.id,
        step=drawn.name(item.element),
        unit_name=item.unit_name,
        deadline=deadline(clock, drawn) if clock else None,
        fields=tuple(
            FormField(
                name=field.name,
                type=field.type.value,
                label=run.reader.say(field.label),
                help=run.reader.say(field.help) if field.help else "",
                required=all(field.is_needed(outcome) for outcome in outcomes),
                value=values.get(field.name),
                choices=choices(run, field, offered),
            )
            for field in drawn.form(item.element).fields
        ),
        buttons=buttons,
    )


def choices(run: Running, field: Field, offered: Choices) -> Choices:
    """Return what a field lets one choose from."""
    if field.type is Type.UNITS:
        return offered
    return tuple((choice.code, run.reader.say(choice.label)) for choice in field.choices)


def departments(run: Running, items: Sequence[Row]) -> Choices:
    """Return the units that a step may be given to, where one of the forms asks for units."""
    forms = (run.drawn(item.instance_id).form(item.element) for item in items)
    if not any(field.type is Type.UNITS for form in forms for field in form.fields):
        return ()
    found = units(run.reader.connection, kinds=(UnitKind.DEPARTMENT,))
    return tuple((unit.code, unit.name) for unit in found)


def defaults(run: Running, items: Sequence[Row]) -> dict[UUID, dict[str, Any]]:
    """Return what the forms show at first, by item; two statements where any has a default."""
    forms = {item.id: run.drawn(item.instance_id).form(item.element) for item in items}
    asking = [
        item for item in items if any(each.default is not None for each in forms[item.id].fields)
    ]
    if not asking:
        return {}
    states = stored_states(run, {item.instance_id for item in asking})
    view = {"case": case_view(run.reader.connection, run.instances[0].id)}
    found = {}
    for item in asking:
        drawn = run.drawn(item.instance_id)
        seen = data_at(
            drawn.folder, drawn.process.id, state=states[item.instance_id], token=item.token
        )
        found[item.id] = forms[item.id].defaults({**view, **seen})
    return found


def stored_states(run: Running, instances: set[UUID]) -> dict[UUID, bytes]:
    """Return the stored states of instances, in one statement."""
    rows = run.reader.connection.execute(
        sa.select(instance.c.id, instance.c.state).where(instance.c.id.in_(sorted(instances)))
    )
    return {row.id: bytes(row.state) for row in rows}
