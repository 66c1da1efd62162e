"""The inbox: open steps that the actor may do, danger to life first, then least time left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.tables import instance, sla_clock, work_item
from engine.forms import EMPTY_FORM
from engine.run.choices import is_conditional
from processes.reads.cursor import after, read_cursor, write_cursor
from processes.reads.deadlines import CLOCKS, clock_of_item, deadline
from processes.reads.definitions import Drawn
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.rows import Inbox, InboxRow
from processes.reads.scope import Condition, own_items
from processes.reads.tabs import HAS_CASE, Group, Groups, count_groups
from processes.tables import case_file, org_unit

ORDER: Final = (work_item.c.priority, work_item.c.sort_at, work_item.c.id)
DESCENDING: Final = (True, False, False)
SORTED: Final = (work_item.c.priority.desc(), work_item.c.sort_at, work_item.c.id)
KEY: Final = (int, datetime, UUID)

area = org_unit.alias("area")
unit = org_unit.alias("unit")
part = org_unit.alias("part")

ROWS: Final = (
    sa.select(
        work_item.c.id,
        work_item.c.instance_id,
        work_item.c.token,
        work_item.c.element,
        work_item.c.role,
        work_item.c.priority,
        work_item.c.opened_at,
        work_item.c.due_at,
        work_item.c.sort_at,
        work_item.c.definition_id,
        work_item.c.process,
        case_file.c.number,
        case_file.c.title,
        case_file.c.category,
        case_file.c.status,
        area.c.name.label("area_name"),
        unit.c.name.label("unit_name"),
        part.c.name.label("part_name"),
    )
    .select_from(work_item)
    .join(instance, instance.c.id == work_item.c.instance_id)
    .join(case_file, case_file.c.id == work_item.c.root_id)
    .join(area, area.c.code == case_file.c.area)
    .outerjoin(unit, unit.c.code == work_item.c.unit)
    .outerjoin(
        part,
        sa.and_(
            part.c.code == instance.c.unit,
            part.c.code != case_file.c.area,
            part.c.code != work_item.c.unit,
        ),
    )
    .order_by(*SORTED)
)
# The page alone is put together from many tables: PostgreSQL would put together all there are and
# then sort them.
IDS: Final = sa.select(work_item.c.id).order_by(*SORTED).correlate(None)


def inbox(
    reader: Reader,
    actor: Actor,
    *,
    tab: str,
    cursor: str | None,
    limit: int,
) -> Inbox:
    """Return a page of an actor's inbox; three statements however many rows.

    `tab` is "all", "overdue", "soon" or a status code; an unknown one is empty. Raises
    Invalid("cursor.malformed").
    """
    mine = own_items(actor, "item.read")
    groups = count_groups(reader, mine)
    wanted = IDS.where(mine, narrowed(tab, groups, reader.now), HAS_CASE).limit(limit + 1)
    if cursor:
        key = list(zip(ORDER, read_cursor(cursor, *KEY), strict=True))
        wanted = wanted.where(after(key, descending=DESCENDING))
    found = reader.connection.execute(ROWS.where(work_item.c.id.in_(wanted))).all()
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return Inbox(
        tabs=groups.tabs(reader),
        tab=tab,
        rows=inbox_rows(reader, shown),
        next_cursor=write_cursor(last.priority, last.sort_at, last.id) if last else None,
    )


def narrowed(tab: str, groups: Groups, now: datetime) -> Condition:
    """Return the condition that a tab adds."""
    if tab == "all":
        return sa.true()
    if tab == "overdue":
        return work_item.c.due_at <= now
    if tab == "soon":
        return sa.and_(work_item.c.warn_at <= now, work_item.c.due_at > now)
    return sa.or_(sa.false(), *map(in_group, groups.of_status(tab)))


def in_group(group: Group) -> Condition:
    """Return the condition that an item is of a drawn step."""
    return sa.and_(
        work_item.c.definition_id == group.definition_id,
        work_item.c.process == group.process,
        work_item.c.element == group.element,
    )


def inbox_rows(reader: Reader, found: Iterable[Row]) -> tuple[InboxRow, ...]:
    """Return rows with their words and clocks; one statement for all clocks."""
    items = tuple(found)
    clocks = reader.connection.execute(
        CLOCKS.where(
            sla_clock.c.instance_id.in_({item.instance_id for item in items}),
            sla_clock.c.stopped_at.is_(None),
        )
    ).all()
    return tuple(inbox_row(reader, item, clocks) for item in items)


def inbox_row(reader: Reader, item: Row, clocks: Iterable[Row]) -> InboxRow:
    """Return one row with its words."""
    drawn = reader.drawn(item)
    clock = clock_of_item(
        clocks, instance_id=item.instance_id, token=item.token, due_at=item.due_at
    )
    return InboxRow(
        item_id=item.id,
        case_number=item.number,
        title=item.title,
        category=drawn.word("categories", item.category),
        area=item.area_name,
        step=drawn.name(item.element),
        step_code=item.element,
        status=drawn.word("statuses", drawn.status(item.element) or item.status),
        role=drawn.word("roles", item.role),
        unit_name=item.unit_name,
        about=item.part_name,
        priority=item.priority,
        opened_at=item.opened_at,
        deadline=deadline(clock, drawn) if clock else None,
        buttons=drawn.buttons(item.element),
        has_form=drawn.form(item.element) != EMPTY_FORM or depends(drawn, item.element),
    )


def depends(drawn: Drawn, element: str) -> bool:
    """Tell whether a step's buttons depend on data, which only the case's own page looks at."""
    node = drawn.node(element)
    return node is not None and is_conditional(node)
