"""One case, found by its number, for those who may read it. For all others it does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from engine.actor import Actor
from engine.errors import NotFound
from engine.i18n import _
from processes.permissions import allowed
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.tables import case_file, case_part, org_unit

joint = org_unit.alias("joint")

CASE: Final = (
    sa.select(case_file, org_unit.c.name.label("area_name"), joint.c.name.label("joint_name"))
    .join(org_unit, org_unit.c.code == case_file.c.area)
    .outerjoin(joint, joint.c.code == case_file.c.joint_area)
    .where(case_file.c.number == sa.bindparam("number"))
)
PARTS: Final = (
    sa.select(case_part, org_unit.c.name.label("unit_name"), org_unit.c.path)
    .outerjoin(org_unit, org_unit.c.code == case_part.c.unit)
    .where(case_part.c.case_id == sa.bindparam("case"))
    .order_by(case_part.c.started_at, case_part.c.instance_id)
)


@dataclass(frozen=True)
class Found:
    """A case with the parts of its units."""

    row: Row
    parts: tuple[Row, ...]

    def allows(self, actor: Actor, action: str, *, contact: bool = False) -> bool:
        """Tell whether an actor may do something with this case, by area, part or own report.

        `contact`: or because an open step of theirs is to speak with the person.
        """
        paths = [self.row.path, *(part.path for part in self.parts if part.path)]
        own = actor.id is not None and self.row.reported_by == actor.id
        return allowed(actor, action, paths=paths, own_report=own, contact=contact)


def find_case(reader: Reader, actor: Actor, number: str) -> Found:
    """Return a case in two statements.

    Raises NotFound("case.unknown") for what does not exist and for what this actor may not read:
    the answer tells nobody which.
    """
    row = reader.connection.execute(CASE, {"number": number}).one_or_none()
    if row is not None:
        parts = reader.connection.execute(PARTS, {"case": row.id}).all()
        found = Found(row, tuple(parts))
        if found.allows(actor, "case.read"):
            return found
    raise NotFound("case.unknown", _("没有编号为 {number} 的事项，或您无权查看。", number=number))
