"""Tabs of the inbox: how many steps wait in each status, late ones and soon late ones, exactly."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import work_item
from engine.i18n import Text, _
from engine.run.folder import Folder
from processes.intake import PROCESS
from processes.reads.reader import Reader
from processes.reads.rows import InboxTab
from processes.reads.scope import Condition
from processes.reads.way import ONE, looked_up
from processes.statuses import RANK
from processes.tables import case_file

ALL: Final = _("全部")
OVERDUE: Final = _("超期")
SOON: Final = _("临期")
HAS_CASE: Final = looked_up(sa.select(ONE).where(case_file.c.id == work_item.c.root_id), work_item)


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
    """Count an actor's open items by drawn step, in one statement.

    An item of no case is in no list and is not counted: of folders that may have such items, the
    cases are looked up, in a second statement.
    """
    found = grouped(reader, mine)
    doubtful = {each.definition_id for each in found if not reports_only(reader.drawn(each).folder)}
    if doubtful:
        sure = work_item.c.definition_id.not_in(doubtful)
        found = grouped(reader, sa.and_(mine, sa.or_(sure, HAS_CASE)))
    return Groups(found)


def reports_only(folder: Folder) -> bool:
    """Tell whether each item of a folder belongs to a case.

    A called part has one always (its `case_part` needs it). What is not called was begun by a
    report, or is drawn to begin by itself.
    """
    return folder.key == PROCESS and not folder.begins_by_itself


def grouped(reader: Reader, wanted: Condition) -> tuple[Group, ...]:
    """Count the items that meet a condition by drawn step, by what their index says."""
    late = work_item.c.due_at <= reader.now
    soon = sa.and_(work_item.c.warn_at <= reader.now, work_item.c.due_at > reader.now)
    step = (work_item.c.definition_id, work_item.c.process, work_item.c.element)
    rows = reader.connection.execute(
        sa.select(
            *step,
            sa.func.count().label("waiting"),
            sa.func.sum(sa.case((late, 1), else_=0)).label("late"),
            sa.func.sum(sa.case((soon, 1), else_=0)).label("soon"),
        )
        .where(wanted)
        .group_by(*step)
    )
    return tuple(
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
