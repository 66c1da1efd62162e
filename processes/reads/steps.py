"""The open steps of a case that an actor may do now, with their forms and buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.actor import Actor
from engine.run.choices import is_conditional, is_open
from processes.permissions import allowed
from processes.reads.deadlines import clock_of_item, deadline
from processes.reads.definitions import Drawn
from processes.reads.fields import Choices, departments, shown_fields, shown_lines
from processes.reads.row import Row
from processes.reads.rows import Button, OpenItem
from processes.reads.running import Running
from processes.reads.seen import seen_by

PERSON: Final = "person"
YES: Final = "yes"


def open_items(run: Running, actor: Actor) -> tuple[OpenItem, ...]:
    """Return the actor's open steps, least time left first; at most three statements."""
    mine = [
        item for item in run.items if may_do(actor, item) and (item.id, actor.id) not in run.barred
    ]
    forms = [run.drawn(item.instance_id).form(item.element) for item in mine]
    seen = seen_by(run, (item for item in mine if looks(run, item)))
    offered = departments(run, forms)
    return tuple(
        open_item(run, item, seen.get((item.instance_id, item.token), {}), offered) for item in mine
    )


def may_do(actor: Actor, row: Row) -> bool:
    """Tell whether an open step or an offer is for this actor's posts."""
    paths = () if row.unit is None else (row.path or f"/{row.unit}/",)
    return allowed(actor, "item.do", paths=paths, role=row.role)


def is_to_contact(run: Running, actor: Actor) -> bool:
    """Tell whether an open step of this actor's is to speak with the person who reported.

    Such a step bears the property `person`; once it is done, nothing is left of it.
    """
    return any(
        speaks(run, item) and may_do(actor, item) and (item.id, actor.id) not in run.barred
        for item in run.items
    )


def speaks(run: Running, item: Row) -> bool:
    """Tell whether a step is drawn as one that needs the person."""
    node = run.drawn(item.instance_id).node(item.element)
    return node is not None and node.properties.get(PERSON) == YES


def looks(run: Running, item: Row) -> bool:
    """Tell whether a step's form or buttons depend on the data."""
    drawn = run.drawn(item.instance_id)
    node = drawn.node(item.element)
    return drawn.form(item.element).looks or (node is not None and is_conditional(node))


def open_item(run: Running, item: Row, seen: Mapping[str, Any], offered: Choices) -> OpenItem:
    """Return one step as it is shown."""
    drawn = run.drawn(item.instance_id)
    form, buttons = drawn.form(item.element), choosable(drawn, item.element, seen)
    outcomes = [button.outcome for button in buttons]
    usual = drawn.usual(item.element)
    clock = clock_of_item(
        run.clocks, instance_id=item.instance_id, token=item.token, due_at=item.due_at
    )
    return OpenItem(
        item_id=item.id,
        step=drawn.name(item.element),
        unit_name=item.unit_name,
        about=run.about(item.instance_id, item.unit),
        deadline=deadline(clock, drawn) if clock else None,
        fields=shown_fields(
            run,
            form,
            outcomes=outcomes,
            values=form.defaults(seen),
            offered=offered,
        ),
        buttons=buttons,
        usual=usual if usual in outcomes else "",
        shows=shown_lines(run, form, seen),
    )


def choosable(drawn: Drawn, element: str, seen: Mapping[str, Any]) -> tuple[Button, ...]:
    """Return the outcomes that may be chosen now, as buttons."""
    node = drawn.node(element)
    if node is None:
        return ()
    return tuple(button for button in drawn.buttons(element) if is_open(node, button.outcome, seen))
