"""Past cases as their trails tell them: what was reported, and what people did when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from engine.actor import Actor, Post
from engine.db.tables import event, event_value, instance
from engine.events import OfferTaken, WorkItemCompleted
from processes.events import CaseReported
from processes.importing import IMPORTER
from processes.reads.row import Row
from processes.tables import case_file
from processes.whatif.past import Past, Period, clocks_of, closed_in

MOST_CASES: Final = 1_000
AT_ONCE: Final = 50  # cases whose trails are read together
ERASED: Final = "（已清除）"  # stands for words that were erased since: the drawing reads none
KINDS: Final = (CaseReported.kind, WorkItemCompleted.kind, OfferTaken.kind)

OF_PEOPLE: Final = sa.and_(
    event.c.root_id.in_(bindparam("cases", expanding=True)),
    event.c.kind.in_([sa.literal_column(f"'{kind}'") for kind in KINDS]),
)
CLOSED: Final = sa.select(case_file.c.id, case_file.c.number).where(closed_in)
CASES: Final = sa.select(
    case_file.c.id,
    case_file.c.number,
    case_file.c.joint_area,
    case_file.c.standard,
    case_file.c.filing_condition,
    case_file.c.mode,
    case_file.c.received_at,
    case_file.c.closed_at,
    sa.or_(case_file.c.reporter_name.is_not(None), case_file.c.reporter_phone.is_not(None)).label(
        "has_requester"
    ),
).where(case_file.c.id.in_(bindparam("cases", expanding=True)))
ACTS: Final = (
    sa.select(
        event.c.instance_id,
        event.c.seq,
        event.c.root_id,
        event.c.at,
        event.c.body,
        instance.c.definition_id,
        instance.c.process,
    )
    .join(instance, instance.c.id == event.c.instance_id)
    .where(OF_PEOPLE)
    .order_by(event.c.at, event.c.recorded_at, event.c.instance_id, event.c.seq)
)
WORDS: Final = (
    sa.select(
        event_value.c.instance_id, event_value.c.seq, event_value.c.field, event_value.c.value
    )
    .join(
        event,
        sa.and_(event.c.instance_id == event_value.c.instance_id, event.c.seq == event_value.c.seq),
    )
    .where(OF_PEOPLE)
)


@dataclass(frozen=True)
class Act:
    """Something a person or an import did: the entry of the trail, with its words again."""

    row: Row
    entry: Mapping[str, Any]
    words: Mapping[str, str]

    @property
    def kind(self) -> str:
        """Which event it was."""
        return str(self.entry["kind"])

    @property
    def element(self) -> str:
        """The drawn element it was done at."""
        return str(self.entry["element"] or "")

    @property
    def said(self) -> Mapping[str, Any]:
        """The plain fields of the event."""
        return dict(self.entry["data"])

    @property
    def outcome(self) -> str:
        """The outcome chosen, "" where there is none to choose."""
        return str(self.said.get("outcome", ""))

    @property
    def unit(self) -> str | None:
        """The unit it was done for."""
        return self.said.get("unit")

    @property
    def form(self) -> dict[str, Any]:
        """What was handed in."""
        return {**self.said.get("form", {}), **self.words}

    @property
    def actor(self) -> Actor:
        """Who did it, as somebody whose post is not asked for."""
        told = self.entry["actor"]
        if told["kind"] != "person" or told["id"] is None:
            return IMPORTER
        return Actor(id=UUID(told["id"]), posts=(Post("grid_worker", self.said.get("area", "")),))


@dataclass(frozen=True)
class RecordedCase:
    """A closed case: its row, its acts from the report on in their order, its clocks."""

    row: Row
    acts: Sequence[Act]
    clocks: Sequence[Past]


def sample(connection: Connection, period: Period, most: int = MOST_CASES) -> list[UUID]:
    """Return at most so many of the cases closed in a period, the same ones each time."""
    closed = connection.execute(CLOSED, period.bounds).all()
    drawn = sorted(closed, key=lambda row: hashlib.sha256(row.number.encode()).digest())[:most]
    return [row.id for row in sorted(drawn, key=lambda row: row.number)]


def recorded(connection: Connection, cases: Sequence[UUID]) -> Iterator[RecordedCase]:
    """Yield cases with all that is recorded of them, by number; five statements each `AT_ONCE`."""
    for start in range(0, len(cases), AT_ONCE):
        asked = {"cases": cases[start : start + AT_ONCE]}
        acts, clocks = acts_of(connection, asked), clocks_by_case(connection, asked["cases"])
        rows = connection.execute(CASES, asked).all()
        for row in sorted(rows, key=lambda each: str(each.number)):
            yield RecordedCase(row, acts.get(row.id, []), clocks.get(row.id, []))


def acts_of(connection: Connection, asked: Mapping[str, Any]) -> Mapping[UUID, list[Act]]:
    """Return what was done in some cases, by case, in the order of time."""
    words: dict[tuple[UUID, int], dict[str, str]] = {}
    for said in connection.execute(WORDS, asked):
        kept = ERASED if said.value is None else said.value
        words.setdefault((said.instance_id, said.seq), {})[said.field] = kept
    found: dict[UUID, list[Act]] = {}
    for row in connection.execute(ACTS, asked):
        entry = orjson.loads(bytes(row.body))
        act = Act(row, entry, words.get((row.instance_id, row.seq), {}))
        found.setdefault(row.root_id, []).append(act)
    return found


def clocks_by_case(connection: Connection, cases: Sequence[UUID]) -> Mapping[UUID, list[Past]]:
    """Return the clocks of some cases, by case, in the order in which they began."""
    found: dict[UUID, list[Past]] = {}
    for past in clocks_of(connection, cases):
        found.setdefault(past.case_id, []).append(past)
    return found
