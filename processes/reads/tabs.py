"""Tabs of the inbox: how many steps wait in each status, late ones and soon late ones, exactly."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import instance, work_item
from engine.i18n import Text, _
from processes.reads.reader import Reader
from processes.reads.rows import InboxTab
from processes.reads.scope import Condition
from processes.statuses import RANK
from processes.tables import case_file

ALL: Final = _("全部")
OVERDUE: Final = _("超期")
SOON: Final = _("临期")


@dataclass(frozen=True)
class Group:
    """Open items of one drawn step: how many, how many late, how many soon late."""

    definition_id: UUID
    process: str
    element: str
    status: str
    count: int
    late: int
    soon: int


@dataclass(frozen=True)
class Groups:
    """All open items of an actor, counted by drawn step."""

    groups: tuple[Group, ...]

    def of_status(self, status: str) -> tuple[Group, ...]:
        """Return the groups whose step stands for a status."""
        return tuple(group for group in self.groups if group.status == status)

    def tabs(self, reader: Reader) -> tuple[InboxTab, ...]:
        """Return the tabs: all, overdue, soon, then the statuses that occur, in their order."""
        counts = Counter[str]()
        for group in self.groups:
            counts[group.status] += group.count
        statuses = sorted(filter(None, counts), key=lambda code: RANK.get(code, len(RANK)))
        return (
            tab(reader, "all", ALL, sum(group.count for group in self.groups)),
            tab(reader, "overdue", OVERDUE, sum(group.late for group in self.groups)),
            tab(reader, "soon", SOON, sum(group.soon for group in self.groups)),
            *(InboxTab(code, reader.word("statuses", code), counts[code]) for code in statuses),
        )


def tab(reader: Reader, code: str, label: Text, count: int) -> InboxTab:
    """Return a tab that every inbox has."""
    return InboxTab(code, reader.say(label), count)


def count_groups(reader: Reader, mine: Condition) -> Groups:
    """Count an actor's open items by drawn step, in one statement."""
    late = work_item.c.due_at <= reader.now
    soon = sa.and_(work_item.c.warn_at <= reader.now, work_item.c.due_at > reader.now)
    step = (instance.c.definition_id, instance.c.process, work_item.c.element)
    rows = reader.connection.execute(
        sa.select(
            *step,
            sa.func.count().label("waiting"),
            sa.func.sum(sa.case((late, 1), else_=0)).label("late"),
            sa.func.sum(sa.case((soon, 1), else_=0)).label("soon"),
        )
        .select_from(work_item)
        .join(instance, instance.c.id == work_item.c.instance_id)
        .join(case_file, case_file.c.id == work_item.c.root_id)
        .where(mine)
        .group_by(*step)
    )
    return Groups(
        tuple(
            Group(
                definition_id=row.definition_id,
                process=row.process,
                element=row.element,
                status=reader.drawn(row).status(row.element),
                count=row.waiting,
                late=int(row.late),
                soon=int(row.soon),
            )
            for row in rows.all()
        )
    )
