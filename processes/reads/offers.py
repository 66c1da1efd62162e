"""What an actor may do on a case besides its steps: the drawn offers that are open now."""

from __future__ import annotations

from engine.actor import Actor
from engine.run.choices import is_open
from processes.reads.fields import Choices, departments, shown_fields, shown_lines
from processes.reads.row import Row
from processes.reads.rows import Offer
from processes.reads.running import Running
from processes.reads.seen import Seen, seen_by
from processes.reads.steps import may_do


def offers(run: Running, actor: Actor) -> tuple[Offer, ...]:
    """Return the offers made to an actor, the oldest first; at most three statements."""
    mine = [row for row in run.offers if may_do(actor, row)]
    seen = seen_by(run, mine)
    open_now = [row for row in mine if is_made(run, row, seen)]
    forms = [run.drawn(row.instance_id).form(row.element) for row in open_now]
    offered = departments(run, forms)
    return tuple(offer(run, row, seen, offered) for row in open_now)


def is_made(run: Running, row: Row, seen: Seen) -> bool:
    """Tell whether an offer's condition holds now."""
    node = run.drawn(row.instance_id).node(row.element)
    return node is not None and is_open(node, "", seen[row.instance_id, row.token])


def offer(run: Running, row: Row, seen: Seen, offered: Choices) -> Offer:
    """Return one offer as it is shown."""
    drawn = run.drawn(row.instance_id)
    form = drawn.form(row.element)
    data = seen[row.instance_id, row.token]
    return Offer(
        instance_id=row.instance_id,
        token=row.token,
        name=drawn.name(row.element),
        unit_name=row.unit_name,
        fields=shown_fields(run, form, values=form.defaults(data), offered=offered),
        shows=shown_lines(run, form, data),
    )
