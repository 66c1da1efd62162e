"""The time line of a case: who did what when, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from engine.i18n import Text, _
from processes.reads.entries import Entry, unit_codes
from processes.reads.people import Person, people
from processes.reads.row import Row
from processes.reads.rows import HistoryLine, Photo
from processes.reads.rulings import units_in
from processes.reads.running import Running
from processes.reads.telling import TELLERS, Line, Story
from processes.reads.units import unit_names

AGENTS: Final[Mapping[str, Text]] = {"system": _("系统"), "import": _("数据导入")}
AUTOMATIC: Final = frozenset(  # whoever set them off
    {"decision.made", "operation.performed", "operation.refused"}
)
FOUND: Final = "case.reported"
MOVED: Final = "token.moved"
SHIELDED: Final = "grid_worker"  # whoever finds a problem must not fear those who have to mend it


@dataclass(frozen=True)
class Who:
    """Names the people of a time line. `shield`: finders and grid workers by their role only."""

    people: Mapping[UUID, Person]
    units: Mapping[str, str]
    shield: bool

    def known(self, entry: Entry) -> Person:
        """Return the person behind an entry."""
        return self.people.get(entry.actor, Person("")) if entry.actor else Person("")


def history(
    run: Running,
    case: Row,
    found: Sequence[Entry],
    *,
    photos: Sequence[Photo] = (),
    shield: bool,
) -> tuple[HistoryLine, ...]:
    """Return the lines of a case's trail; two statements.

    `found` are its entries, oldest first. `shield` hides the names of who reported and of grid
    workers, and of people whose role is not known. `photos` stand beside the step that names them.
    """
    told = [entry for entry in found if entry.kind in TELLERS]
    connection = run.reader.connection
    codes = {*unit_codes(told), *(clock.holder for clock in run.clocks if clock.holder)}
    codes |= {row.unit for row in run.instances if row.unit}
    codes |= set(units_in(run.reader, told))
    names = unit_names(connection, codes)
    who = Who(people(connection, [e.actor for e in told if e.actor]), names, shield)
    story = Story(case, run, names, reached(found))
    lines = [
        replace(history_line(story, who, entry, line), photos=named(entry, photos))
        for entry in told
        if (line := TELLERS[entry.kind](story, entry)) is not None
    ]
    return tuple(reversed(lines))


def named(entry: Entry, photos: Sequence[Photo]) -> tuple[Photo, ...]:
    """Return the photos that an entry's form names."""
    lists = (value for value in entry.data.get("form", {}).values() if isinstance(value, list))
    ids = {each for value in lists for each in value if isinstance(each, str)}
    return tuple(photo for photo in photos if str(photo.id) in ids)


def reached(found: Sequence[Entry]) -> frozenset[tuple[UUID, str]]:
    """Return the elements that tokens came to, by instance."""
    walked = (entry for entry in found if entry.kind == MOVED)
    return frozenset((each.instance_id, step) for each in walked for step in each.data["path"])


def history_line(story: Story, who: Who, entry: Entry, line: Line) -> HistoryLine:
    """Return one line with whoever acted."""
    agent = AGENTS.get("system" if line.alone or entry.kind in AUTOMATIC else entry.actor_kind)
    unit = line.unit
    unit_name = who.units.get(unit, unit) if unit else None
    if agent is None and unit_name is None:
        unit_name = who.known(entry).unit_name
    return HistoryLine(
        at=entry.at,
        recorded_at=entry.recorded_at,
        kind=entry.kind,
        tone=line.tone,
        title=line.title,
        detail=line.detail,
        who=story.say(agent) if agent else person(story, who, entry, line),
        unit_name=unit_name,
        seq=entry.seq,
        instance_id=entry.instance_id,
        ruling=line.ruling,
    )


def person(story: Story, who: Who, entry: Entry, line: Line) -> str:
    """Return the role and name of a person: "网格员 李敏"."""
    known = who.known(entry)
    role = line.role or known.role
    words = story.run.reader.word("roles", role) if role else ""
    if who.shield and (entry.kind == FOUND or role in (SHIELDED, None)):
        return words
    return f"{words} {known.name}".strip()
