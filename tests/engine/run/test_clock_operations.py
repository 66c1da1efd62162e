"""Pauses, extensions and hand-overs: the ledger grows and everything bound to the clock follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from benchmarks.counting import statements
from engine.db.tables import sla_span
from engine.run.rows import FAR_FUTURE
from engine.sla.iso import ZONE
from tests.engine.run import draw
from tests.engine.run.world import World

OUTCOMES = "done pause resume extend hand"
LABELS = draw.outcome_words(OUTCOMES.split())


def handling(clock: str = "handle", until: str = "2026-03-09T09:00") -> str:
    """Return a step with a way to each operation on the clock of the sub-process around it."""
    named = {"param__clock": f'"{clock}"'}
    work = draw.sub(
        "work",
        draw.start(),
        draw.exclusive("back"),
        draw.user("handle", OUTCOMES, unit='"SZ"'),
        draw.exclusive("way", default="way_finish"),
        draw.service(
            "suspend",
            "pause_clock",
            **named,
            param__until=f'"{until}"',
            param__reason='"等候资金"',
        ),
        draw.service("go_on", "resume_clock", **named),
        draw.service("more", "extend_clock", **named),
        draw.on("refused", "more", draw.event("error", "clock.extended_twice")),
        draw.service("give", "hand_over", **named, param__unit='"CG"'),
        draw.end(),
        draw.flows(
            "begin > back",
            "back > handle",
            "handle > way",
            "way > finish",
            'way > suspend : handle.outcome == "pause"',
            'way > go_on : handle.outcome == "resume"',
            'way > more : handle.outcome == "extend"',
            'way > give : handle.outcome == "hand"',
            *(f"{step} > back" for step in ("suspend", "go_on", "more", "refused", "give")),
        ),
        sla=clock,
        unit='"SZ"',
    )
    whole = draw.process(
        "part",
        draw.start("open"),
        work,
        draw.boundary("half", "work", f'warn("{clock}")', interrupting=False),
        draw.boundary("late", "work", f'due("{clock}")', interrupting=False),
        draw.end("shut"),
        draw.end("urged"),
        draw.end("supervised"),
        draw.flows("open > work", "work > shut", "half > urged", "late > supervised"),
        lanes={
            "dept": "open work begin back handle way suspend go_on more refused give finish"
            " half late shut urged supervised"
        },
    )
    return draw.declare(whole, error="clock.extended_twice")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def part(world: World) -> UUID:
    """Start on Monday at ten: two working days by the law end on Wednesday at six."""
    world.clock.set(local("2026-03-02T10:00"))
    world.deploy("part", part__bpmn=handling(), labels__toml=LABELS)
    return world.start("part", unit="SZ")


def clock(world: World) -> Any:
    (row,) = world.clocks()
    return row


def kinds(world: World) -> list[str]:
    return [row.kind for row in world.rows(sa.select(sla_span).order_by(sla_span.c.seq))]


def due_jobs(world: World, kind: str) -> list[datetime]:
    return [row.due_at for row in world.jobs() if row.kind == kind]


def test_a_clock_is_counted_by_the_calendar_and_says_which(world: World, part: UUID) -> None:
    assert clock(world).due_at == local("2026-03-04T18:00")
    assert clock(world).warn_at == local("2026-03-03T15:00")  # 11 of 22 working hours
    rule = world.said(world.events("sla.started")[0])["rule"]
    assert rule["calendar"] == {"code": "standard", "version": "default"}
    assert rule["provisional"] is False


def test_while_a_clock_rests_nothing_rings_and_then_all_moves_with_it(
    world: World, part: UUID
) -> None:
    world.clock.set(local("2026-03-03T09:00"))
    world.complete("handle", "pause")

    assert (clock(world).status, world.item("handle").due_at) == ("paused", None)
    assert due_jobs(world, "timer") == [FAR_FUTURE, FAR_FUTURE]
    world.clock.set(local("2026-03-08T09:00"))
    world.worker.drain()
    assert world.events("timer.fired") == []

    world.complete("handle", "resume")  # three working days lay wholly inside

    assert kinds(world) == ["started", "paused", "resumed"]
    moved = local("2026-03-09T18:00")
    assert (clock(world).status, clock(world).due_at) == ("running", moved)
    assert world.item("handle").due_at == moved
    assert moved in due_jobs(world, "timer")
    assert moved in due_jobs(world, "clock")
    assert len(due_jobs(world, "clock")) == 2
    assert world.said(world.events("sla.resumed")[0])["due_at"] == clock(world).due_at.isoformat()


def test_a_pause_ends_by_itself_at_its_date_even_through_an_outage(
    world: World, part: UUID
) -> None:
    world.clock.set(local("2026-03-03T09:00"))
    world.complete("handle", "pause")
    world.clock.set(local("2026-03-20T09:00"))

    world.complete("handle", "resume")  # late: it went on at its date

    assert world.events("sla.resumed")[0].at == local("2026-03-09T09:00")
    assert len(world.events("sla.resumed")) == 1
    assert clock(world).breached_at == clock(world).due_at == local("2026-03-09T18:00")
    fired = [row.at for row in world.events("timer.fired")]
    assert fired == [local("2026-03-09T09:00"), clock(world).due_at]  # half was over: at once


def test_an_extension_adds_the_limit_and_the_third_goes_where_it_is_drawn(
    world: World, part: UUID
) -> None:
    for expected in ("2026-03-06T18:00", "2026-03-10T18:00"):
        world.complete("handle", "extend")
        assert clock(world).due_at == local(expected)
    world.complete("handle", "extend")
    assert clock(world).due_at == local("2026-03-10T18:00")
    assert world.incidents() == []
    assert world.open_elements() == ["handle"]
    assert [world.said(row)["times"] for row in world.events("sla.extended")] == [1, 1]


def test_after_due_nothing_is_given(world: World, part: UUID) -> None:
    world.clock.set(local("2026-03-04T18:00"))
    world.complete("handle", "extend")
    assert [row.code for row in world.incidents()] == ["clock.already_late"]
    assert kinds(world) == ["started"]


def test_no_pause_inside_a_pause(world: World, part: UUID) -> None:
    world.complete("handle", "pause")
    world.complete("handle", "pause")
    assert [row.code for row in world.incidents()] == ["clock.already_paused"]


@pytest.mark.parametrize(
    ("named", "until", "code"),
    [
        ("answer", "2026-03-09", "clock.urgent_not_paused"),
        ("case", "2026-03-02T10:00", "clock.pause_ends_before"),
        ("case", "2027-03-04", "clock.pause_too_long"),
        ("case", "soon", "instant.malformed"),
    ],
)
def test_a_pause_that_may_not_be_is_refused(
    world: World, named: str, until: str, code: str
) -> None:
    world.clock.set(local("2026-03-02T10:00"))
    world.deploy("part", part__bpmn=handling(named, until), labels__toml=LABELS)
    world.start("part", unit="SZ")
    world.complete("handle", "pause")
    assert [row.code for row in world.incidents()] == [code]
    assert kinds(world) == ["started"]


def test_time_is_charged_to_the_unit_it_was_handed_to(world: World, part: UUID) -> None:
    world.complete("handle", "hand")
    spans = world.rows(sa.select(sla_span).order_by(sla_span.c.seq))
    assert [(row.kind, row.holder) for row in spans] == [("started", "SZ"), ("handed_over", "CG")]
    assert clock(world).holder == "CG"
    assert clock(world).due_at == local("2026-03-04T18:00")


def test_the_ledger_of_a_stopped_clock_is_complete(world: World, part: UUID) -> None:
    world.complete("handle", "pause")
    world.clock.forward(days=1)
    world.complete("handle", "resume")
    world.complete("handle", "extend")
    world.complete("handle", "done")
    rows = world.rows(sa.select(sla_span).order_by(sla_span.c.seq))
    told = [(row.seq, row.kind) for row in rows]
    assert told == [(1, "started"), (2, "paused"), (3, "resumed"), (4, "extended"), (5, "met")]
    assert world.jobs() == []


def test_a_long_ledger_costs_no_more_statements(world: World, part: UUID) -> None:
    counts = []
    for _ in range(4):
        world.complete("handle", "pause")
        world.clock.forward(minutes=5)
        with statements() as sent:
            world.complete("handle", "resume")
        counts.append(len(sent))
    assert len(set(counts)) == 1


def test_what_happened_to_a_clock_stands_at_its_instant(world: World, part: UUID) -> None:
    world.clock.forward(minutes=30)
    world.complete("handle", "pause")
    (paused,) = world.events("sla.paused")
    assert paused.at == local("2026-03-02T10:00") + timedelta(minutes=30)
    assert "等候资金" not in paused.body.decode()
