"""What a case has to do with others: its links, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from engine.actor import Actor
from engine.i18n import Text, _
from processes.links import Kind
from processes.reads.found import Found
from processes.reads.reader import Reader
from processes.reads.rows import LinkRow
from processes.reads.scope import readable_cases, scope_of
from processes.tables import case_file, case_link

MOST: Final = 100  # links shown; a storm may merge more

AWAY: Final[Mapping[str, Text]] = {
    Kind.MERGED: _("并入"),
    Kind.SPLIT: _("拆自"),
    Kind.REPEAT: _("重复"),
    Kind.RELATED: _("相关"),
}
HERE: Final[Mapping[str, Text]] = {
    Kind.MERGED: _("并入本件"),
    Kind.SPLIT: _("由本件拆出"),
    Kind.REPEAT: _("又被反映"),
    Kind.RELATED: _("相关"),
}


def links_of(reader: Reader, actor: Actor, case: Found) -> tuple[LinkRow, ...]:
    """Return a case's links, those that lead away first; two statements.

    Of a case that the actor may not read only the status is told: what was merged into it follows
    it.
    """
    readable = readable_cases(scope_of(reader.connection, actor, "case.read"))
    away = linked(case_link.c.other_id, case_link.c.case_id == case.row.id, sa.true(), readable)
    here = linked(case_link.c.case_id, case_link.c.other_id == case.row.id, sa.false(), readable)
    both = sa.union_all(away, here).subquery()
    query = sa.select(both).order_by(both.c.away.desc(), both.c.at, both.c.number).limit(MOST)
    return tuple(
        LinkRow(
            kind=row.kind,
            label=reader.say((AWAY if row.away else HERE)[row.kind]),
            away=row.away,
            number=row.number if row.readable else None,
            title=row.title if row.readable else "",
            status=reader.word("statuses", row.status),
            status_code=row.status,
        )
        for row in reader.connection.execute(query)
    )


def linked(
    other: sa.Column[object],
    mine: sa.ColumnElement[bool],
    away: sa.ColumnElement[bool],
    readable: sa.ColumnElement[bool],
) -> sa.Select[tuple[object, ...]]:
    """Return the select of links in one direction."""
    return (
        sa.select(
            case_link.c.kind,
            case_link.c.at,
            case_file.c.number,
            case_file.c.title,
            case_file.c.status,
            sa.case((away, 1), else_=0).label("away"),
            sa.case((readable, 1), else_=0).label("readable"),
        )
        .join(case_file, case_file.c.id == other)
        .where(mine)
    )
