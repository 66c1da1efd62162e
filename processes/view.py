"""`case.*`: what diagrams may read of a case file, under the engine's name for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from processes.tables import case_file

CASE = sa.select(
    case_file.c.number,
    case_file.c.category,
    case_file.c.area,
    case_file.c.grid,
    case_file.c.community,
    case_file.c.street,
    case_file.c.urgency,
    case_file.c.mode,
    case_file.c.priority,
).where(case_file.c.id == sa.bindparam("id"))


def case_view(connection: Connection, root_id: UUID) -> Mapping[str, Any]:
    """Return the values of `case.*`; nothing for an instance that is no case.

    A level that the reported area does not reach reads as the next one above it: a case known
    only by its community has that community's people do what its grid's would.
    """
    row = connection.execute(CASE, {"id": root_id}).mappings().first()
    if row is None:
        return {}
    values = dict(row)
    values["street"] = values["street"] or values["area"]
    values["community"] = values["community"] or values["street"]
    values["grid"] = values["grid"] or values["community"]
    values["whistle_type"] = "emergency" if values["urgency"] == "danger" else "request"
    return values
