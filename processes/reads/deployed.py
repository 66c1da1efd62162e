"""Which process versions are deployed, for the API's list and for reading a diagram as drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.tables import definition
from engine.errors import NotFound
from engine.i18n import _
from processes.reads.people import people


@dataclass(frozen=True)
class DefinitionRow:
    """A deployed version of a process folder. `latest`: new cases start with it."""

    id: UUID
    key: str
    version: int
    hash: str
    deployed_at: datetime
    deployed_by: str
    latest: bool


def definitions(connection: Connection) -> tuple[DefinitionRow, ...]:
    """Return every version, newest first within its key."""
    newest = sa.func.max(definition.c.version).over(partition_by=definition.c.key)
    rows = connection.execute(
        sa.select(
            definition.c.id,
            definition.c.key,
            definition.c.version,
            definition.c.hash,
            definition.c.deployed_at,
            definition.c.deployed_by,
            (definition.c.version == newest).label("latest"),
        ).order_by(definition.c.key, definition.c.version.desc())
    )
    return tuple(DefinitionRow(**{**row, "latest": bool(row["latest"])}) for row in rows.mappings())


def diagram(connection: Connection, definition_id: UUID, file: str) -> str:
    """Return one diagram of a version as drawn. Raises NotFound("definition.unknown")."""
    files = connection.scalar(sa.select(definition.c.files).where(definition.c.id == definition_id))
    if files is None or not file.endswith(".bpmn") or file not in files:
        raise NotFound("definition.unknown", _("没有这个流程版本或流程图。"))
    return str(files[file])


def deployers(connection: Connection, written: Iterable[str]) -> dict[str, str]:
    """Return the names of people by how a row names who deployed it; what is no person is left out.

    One statement.
    """
    ids = {text: UUID(text.partition(":")[2]) for text in set(written) if not text.endswith(":")}
    known = people(connection, ids.values())
    return {text: known[each].name for text, each in ids.items() if each in known}
