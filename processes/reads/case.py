"""A case's page: all that one actor may know of it, at one instant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.actor import Actor
from engine.i18n import _
from engine.secrets import Keys
from processes.links import Kind
from processes.permissions import allowed, require
from processes.privacy import Sealed, mask_address, mask_name, mask_phone
from processes.reads.accountable import accounts
from processes.reads.alike import Likeness, alike, open_whistles
from processes.reads.deadlines import deadline, soonest
from processes.reads.diagrams import MOVED, diagrams
from processes.reads.entries import entries
from processes.reads.filings import condition_of, filings_of
from processes.reads.found import Found, find_case
from processes.reads.history import history
from processes.reads.holds import held
from processes.reads.links import links_of
from processes.reads.load import load
from processes.reads.offers import offers
from processes.reads.photo import photos_of
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.rows import (
    AlikeRow,
    CasePage,
    Deadline,
    Filing,
    HistoryLine,
    OpenItem,
    PartRow,
    Waits,
)
from processes.reads.running import Running, running
from processes.reads.steps import is_to_contact, may_do, open_items
from processes.reads.telling import BLIND, TELLERS
from processes.view import case_view

COMPLETED: Final = "work_item.completed"
JOIN: Final = "join"  # the outcome that merges a case into another
WHOLE: Final = 0  # token of clocks that run on a process, not on a step of it
SHOWN: Final = frozenset({*TELLERS, MOVED})


def case_page(
    reader: Reader, actor: Actor, number: str, *, keys: Keys, reveal: bool = False
) -> CasePage:
    """Return the page of a case; the number of statements is the same for young and old cases.

    `reveal` shows the reporter in clear; the caller records that reading. Raises
    NotFound("case.unknown"), and Forbidden where `reveal` is not for this actor.
    """
    found = find_case(reader, actor, number)
    case = found.row
    run = running(reader, case.id)
    may_know = found.allows(actor, "case.read_person")
    may_reveal = may_know or found.allows(
        actor, "case.read_person", contact=is_to_contact(run, actor)
    )
    if reveal and not may_reveal:
        require(actor, "case.read_person", paths=(case.path,))
    trail = entries(reader.connection, case.id, SHOWN)
    personal = reporter(found, run, actor, keys=keys, reveal=reveal)
    photos = photos_of(reader, found)
    past = history(run, case, trail, photos=photos, shield=not may_know)
    items = informed(run, open_items(run, actor), past)
    links = links_of(reader, actor, found)
    like = Likeness(case.category, case.area, case.phone_index, case.id)
    near = alike(reader, actor, like)
    return CasePage(
        number=case.number,
        title=case.title,
        description=case.description,
        status=reader.word("statuses", case.status),
        status_code=case.status,
        priority=case.priority,
        category=reader.word("categories", case.category),
        area=case.area_name,
        address=personal.address,
        source=reader.word("sources", case.source),
        reported_at=case.reported_at,
        received_at=case.received_at,
        closed_at=case.closed_at,
        reporter_name=personal.name,
        reporter_phone=personal.phone,
        holders=holding(run),
        deadlines=deadlines(run),
        parts=tuple(part(run, each) for each in latest_parts(found.parts)),
        items=items,
        offers=offers(run, actor),
        history=past,
        diagrams=diagrams(run, trail),
        accounts=accounts(held(run, case), trail),
        photos=tuple(photo for photo in photos if not photo.of_step),
        incidents=tuple(stopped(run, each) for each in run.incidents),
        links=links,
        demand=1 + sum(link.kind == Kind.MERGED and not link.away for link in links),
        alike=tuple(row for row in near.rows if row.number not in {each.number for each in links}),
        recent=near.recent,
        whistles=joinable(reader, actor, case, items),
        joint_area=case.joint_name or "",
        standard=case.standard,
        condition=condition_of(reader, case.standard),
        load=load(reader, case.id, items),
        filings=filings(reader, actor, found),
        filing_condition=case.filing_condition,
        whistle_type=case.whistle_type,
        urgency=case.urgency,
        mode=case.mode,
        sheets=sheets(found, actor),
        waits=waits(run),
        may_link=found.allows(actor, "case.link"),
        may_reveal=may_reveal and any((case.reporter_name, case.reporter_phone)),
    )


def filings(reader: Reader, actor: Actor, found: Found) -> tuple[Filing, ...]:
    """Return what this actor may file a case under while it is open."""
    if found.row.closed_at or not found.allows(actor, "case.classify"):
        return ()
    return filings_of(reader, case_view(reader.connection, found.row.id))


def informed(
    run: Running, items: Iterable[OpenItem], past: Sequence[HistoryLine]
) -> tuple[OpenItem, ...]:
    """Return open steps with what was handed in last before them, in the same part if in any.

    Who reviews an objection must not look for its reasons. A step that is blind is told nothing.
    """
    told = [line for line in past if line.kind == COMPLETED and (line.detail or line.photos)]
    rows = {row.id: row for row in run.items}

    def before(item: OpenItem) -> HistoryLine | None:
        row = rows[item.item_id]
        node = run.drawn(row.instance_id).node(row.element)
        if node is None or BLIND in node.properties:
            return None
        own = (line for line in told if line.instance_id == row.instance_id)
        return next(own, next(iter(told), None))

    return tuple(replace(item, said=before(item)) for item in items)


def joinable(
    reader: Reader, actor: Actor, case: Row, items: Iterable[OpenItem]
) -> tuple[AlikeRow, ...]:
    """Return the whistles that this case may join, where a step of this actor can do so."""
    if not any(button.outcome == JOIN for item in items for button in item.buttons):
        return ()
    return open_whistles(reader, actor, category=case.category, street=case.street, case_id=case.id)


def sheets(found: Found, actor: Actor) -> tuple[str, ...]:
    """Return the units whose diligence record this actor may print."""
    units = {part.unit: part.path or f"/{part.unit}/" for part in found.parts if part.unit}
    return tuple(
        unit for unit, path in units.items() if allowed(actor, "diligence.read", paths=(path,))
    )


@dataclass(frozen=True)
class Personal:
    """What identifies a person, as far as it is shown."""

    name: str
    phone: str
    address: str


def reporter(found: Found, run: Running, actor: Actor, *, keys: Keys, reveal: bool) -> Personal:
    """Return the reporter's data, masked unless revealed.

    The address is where the work is: whoever has a step to do there sees it in full, and where
    nobody is named as reporter it is a public place. Beside a reporter it may be their home.
    """
    sealed, case = Sealed(keys, "case_file"), found.row
    name = sealed.open(case.reporter_name, column="reporter_name", row=case.id)
    phone = sealed.open(case.reporter_phone, column="reporter_phone", row=case.id)
    address = sealed.open(case.address, column="address", row=case.id)
    named = bool(name or phone)
    goes_there = reveal or not named or any(may_do(actor, item) for item in run.items)
    return Personal(
        name=name if reveal else mask_name(name),
        phone=phone if reveal else mask_phone(phone),
        address=address if goes_there else mask_address(address),
    )


def holding(run: Running) -> tuple[str, ...]:
    """Return who has the case now, least time left first."""
    names = (item.unit_name or run.reader.word("roles", item.role) for item in run.items)
    return tuple(dict.fromkeys(names))


def waits(run: Running) -> Waits | None:
    """Return which drawn instant a case waits for, where no step of it is open."""
    timer = None if run.items else run.next_timer()
    if timer is None:
        return None
    return Waits(run.drawn(timer.instance_id).name(timer.element), timer.due_at)


def deadlines(run: Running) -> tuple[Deadline, ...]:
    """Return the running clocks, soonest due first, and that of the whole case even when ended."""
    case_id = run.instances[0].id
    return tuple(
        replace(
            deadline(clock, run.drawn(clock.instance_id)),
            about=run.about(clock.instance_id, clock.holder),
        )
        for clock in run.clocks
        if clock.stopped_at is None or (clock.instance_id == case_id and clock.token == WHOLE)
    )


def latest_parts(parts: Iterable[Row]) -> Iterable[Row]:
    """Return each unit's latest part: after rework a unit is whistled anew."""
    return {each.unit: each for each in parts if each.unit}.values()


def part(run: Running, each: Row) -> PartRow:
    """Return a unit's part; one that has ended has no clock running."""
    clocks = [clock for clock in run.clocks if clock.instance_id == each.instance_id]
    clock = soonest(clocks) or (clocks[-1] if clocks else None)
    drawn = run.drawn(each.instance_id)
    ended = each.ended_at is not None
    return PartRow(
        unit=each.unit,
        unit_name=each.unit_name or each.unit,
        kind=run.reader.word("kinds", each.kind),
        status=run.reader.say(_("已完成")) if ended else drawn.word("statuses", each.status),
        deadline=deadline(clock, drawn) if clock else None,
        done=ended,
    )


def stopped(run: Running, each: Row) -> str:
    """Return the sentence for something that could not go on."""
    step = run.drawn(each.instance_id).name(each.element)
    return run.reader.say(_("“{step}”暂时停住：{cause}", step=step, cause=each.cause))
