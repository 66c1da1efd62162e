"""What departments have in hand, for whoever is about to whistle for them (哨前看承载).

Counted are cases with an open step at the department, not units' own figures: what was handed in
and waits for its release burdens nobody there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import work_item
from engine.errors import ShaodaoError
from processes.organisation import UnitKind
from processes.reads.reader import Reader
from processes.reads.rows import Load, OpenItem
from processes.tables import case_file, org_unit
from processes.view import case_view

DISPATCH: Final = "dispatch"
BLOWING: Final = frozenset({"whistle", "issue", "route"})  # outcomes that send a case to units
ROLES: Final = ("dept", "dept_leader", "dept_head")


def counted(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Return the number of different cases that meet a condition."""
    return sa.func.count(sa.distinct(sa.case((condition, work_item.c.root_id))))


LOAD: Final = (
    sa.select(
        org_unit.c.code,
        org_unit.c.name,
        sa.func.count(sa.distinct(work_item.c.root_id)).label("open"),
        counted(work_item.c.due_at <= sa.bindparam("now")).label("late"),
        counted(case_file.c.street == sa.bindparam("street")).label("near"),
    )
    .outerjoin(
        work_item,
        sa.and_(
            work_item.c.unit == org_unit.c.code,
            work_item.c.role.in_(ROLES),
            work_item.c.status == "open",
        ),
    )
    .outerjoin(case_file, case_file.c.id == work_item.c.root_id)
    .where(org_unit.c.kind == UnitKind.DEPARTMENT, org_unit.c.valid_to.is_(None))
    .group_by(org_unit.c.code, org_unit.c.name, org_unit.c.path)
    .order_by(org_unit.c.path)
)


def load(reader: Reader, case_id: UUID, items: Iterable[OpenItem]) -> tuple[Load, ...]:
    """Return what each department has in hand, first those that the case would go to.

    They stand as the table of dispatch names them. Nothing where no step of this actor sends the
    case to units. The counting is one statement.
    """
    if not any(button.outcome in BLOWING for item in items for button in item.buttons):
        return ()
    case = case_view(reader.connection, case_id)
    kinds = dict(foreseen(reader, case))
    rows = reader.connection.execute(LOAD, {"now": reader.now, "street": case["street"]})
    found = [
        Load(
            unit=row.code,
            unit_name=row.name,
            open=row.open,
            late=row.late,
            near=row.near,
            kind=reader.word("kinds", kinds[row.code]) if row.code in kinds else "",
        )
        for row in rows
    ]
    places = {unit: place for place, unit in enumerate(kinds)}
    return tuple(sorted(found, key=lambda each: places.get(each.unit, len(places))))


def foreseen(reader: Reader, case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the units that the table of dispatch would answer with now, with their kinds."""
    table = reader.folders.table(reader.connection, DISPATCH, reader.now)
    try:
        answer = table.decide({"case": case}).value if table else ()
    except ShaodaoError:
        return  # what cannot be answered yet, the step of routing will say
    for row in answer if isinstance(answer, list) else (answer,) if answer else ():
        if {"unit", "kind"} <= row.keys():
            yield row["unit"], row["kind"]
