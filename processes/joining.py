"""Why a case cannot be joined to another: said when the number is typed, before anything is done.

What happens between that and the joining itself (the other is closed in that second) the diagram
answers: `link_case` finds nothing, and the whistle goes on as it was.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.i18n import Text, _
from processes.links import PARTS, Kind, missing, readable
from processes.permissions import AGENTS
from processes.tables import case_file, case_link

OTHER: Final = sa.select(
    case_file.c.id,
    case_file.c.path,
    case_file.c.reported_by,
    case_file.c.closed_at,
    sa.exists()
    .where(
        case_link.c.case_id == case_file.c.id,
        case_link.c.other_id == sa.bindparam("case"),
        case_link.c.kind == Kind.MERGED,
    )
    .label("is_ours"),
).where(case_file.c.number == sa.bindparam("number"))


def why_not_refer(connection: Connection, actor: Actor, case_id: UUID, number: str) -> Text | None:
    """Return why an actor cannot join a case to the one of that number; two statements.

    What the actor may not read does not exist. A case that was merged into this one is closed by
    that, but is told of as what it is.
    """
    other = connection.execute(OTHER, {"number": number, "case": case_id}).one_or_none()
    if other is None:
        return missing(number)
    if other.id == case_id:
        return _("这就是本件的编号，请填要并入的那一件。")
    paths = [part.path for part in connection.execute(PARTS, {"ids": [other.id]})]
    if actor.kind not in AGENTS and not readable(actor, other, paths):
        return missing(number)
    if other.is_ours:
        return _("{number} 已经并入本件，不能反过来再并。", number=number)
    if other.closed_at is not None:
        return _("{number} 已经结案，不能再并入；要留下联系，请用“关联另一件事项”。", number=number)
    return None
