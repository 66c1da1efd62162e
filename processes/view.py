"""`case.*`: what diagrams may read of a case file, under the engine's name for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.prepared import Prepared
from processes.practice import DEFAULTS, YES
from processes.tables import case_file, setting

PRACTICE = {
    name: sa.select(setting.c.value).where(setting.c.name == name).scalar_subquery().label(name)
    for name in ("blow_right", "signoff")  # the mode is the case's own
}

CASE = Prepared(
    sa.select(
        case_file.c.number,
        case_file.c.status,
        case_file.c.category,
        case_file.c.area,
        case_file.c.grid,
        case_file.c.community,
        case_file.c.street,
        case_file.c.urgency,
        case_file.c.mode,
        case_file.c.priority,
        case_file.c.source,
        case_file.c.standard,
        case_file.c.filing_condition,
        case_file.c.whistle_type,
        case_file.c.objections,
        sa.or_(
            case_file.c.reporter_name.is_not(None), case_file.c.reporter_phone.is_not(None)
        ).label("has_requester"),
        *PRACTICE.values(),
    ).where(case_file.c.id == sa.bindparam("id"))
)


def case_view(connection: Connection, root_id: UUID) -> Mapping[str, Any]:
    """Return the values of `case.*`; nothing for an instance that is no case.

    A level that the reported area does not reach reads as the next one above it: a case known
    only by its community has that community's people do what its grid's would.
    """
    found = CASE.read(connection, {"id": root_id})
    if not found:
        return {}
    values: dict[str, Any] = found[0]._asdict()
    values["street"] = values["street"] or values["area"]
    values["community"] = values["community"] or values["street"]
    values["grid"] = values["grid"] or values["community"]
    values["has_requester"] = bool(values["has_requester"])
    values["whistle_type"] = values["whistle_type"] or unblown(values)
    values["blow_right"] = values["blow_right"] or DEFAULTS["blow_right"]
    values["signoff"] = (values["signoff"] or DEFAULTS["signoff"]) == YES
    return values


def unblown(values: Mapping[str, Any]) -> str:
    """Return the type that a whistle will have for which nobody has chosen one yet."""
    at_once = values["urgency"] == "danger" or values["mode"] == "wartime"
    return "emergency" if at_once else "request"
