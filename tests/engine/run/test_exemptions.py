"""What a drawing may say of a clock besides moving it: exempt, met early, agreed, only reckoned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.db.tables import sla_clock, sla_span
from tests.engine.run import draw
from tests.engine.run.world import World

OUTCOMES = "done exempt meet reckon"
LABELS = draw.outcome_words(OUTCOMES.split())
CLOCK = {"param__clock": '"answer"'}
PART = draw.process(
    "part",
    draw.start(),
    draw.exclusive("back"),
    draw.user("handle", OUTCOMES, unit='"SZ"'),
    draw.exclusive("way", default="way_finish"),
    draw.service("exempt", "exempt_clock", **CLOCK),
    draw.service("meet", "meet_clock", **CLOCK),
    draw.service("window", "reckon", **CLOCK, param__unit='"SZ"'),
    draw.end(),
    draw.flows(
        "begin > back",
        "back > handle",
        "handle > way",
        "way > finish",
        'way > exempt : handle.outcome == "exempt"',
        'way > meet : handle.outcome == "meet"',
        'way > window : handle.outcome == "reckon"',
        *(f"{step} > back" for step in ("exempt", "meet", "window")),
    ),
    lanes={"dept": "begin back handle way exempt meet window finish"},
    sla="answer",
)
AGREED = draw.process(
    "part",
    draw.start(),
    draw.user("handle", "done", unit='"SZ"', sla="answer", agreed="at"),
    draw.end(),
    draw.flows("begin > handle", "handle > finish"),
    lanes={"dept": "begin handle finish"},
)


@pytest.fixture
def part(world: World) -> UUID:
    world.deploy("part", part__bpmn=PART, labels__toml=LABELS)
    return world.start("part", unit="SZ")


def clock(world: World) -> Any:
    (row,) = world.clocks()
    return row


def test_an_exempt_breach_stays_a_breach(world: World, part: UUID) -> None:
    world.clock.forward(hours=5)
    world.complete("handle", outcome="exempt")
    row = clock(world)
    assert row.breached_at == row.due_at
    assert row.exempted_at == world.clock.now()
    lines = world.rows(sa.select(sla_span).order_by(sla_span.c.seq))
    assert [line.kind for line in lines] == ["started", "exempted"]
    world.complete("handle", outcome="exempt")
    (trouble,) = world.incidents()
    assert trouble.code == "clock.already_exempted"


def test_what_is_in_time_is_not_exempt(world: World, part: UUID) -> None:
    world.complete("handle", outcome="exempt")
    (trouble,) = world.incidents()
    assert trouble.code == "clock.not_late"
    assert clock(world).exempted_at is None


def test_a_clock_may_be_met_before_its_activity_ends(world: World, part: UUID) -> None:
    world.clock.forward(hours=1)
    world.complete("handle", outcome="meet")
    assert (clock(world).status, clock(world).stopped_at) == ("met", world.clock.now())
    assert world.jobs() == []
    world.clock.forward(hours=9)
    world.complete("handle", outcome="done")
    assert (clock(world).status, clock(world).breached_at) == ("met", None)


def test_a_window_is_reckoned_without_a_clock(world: World, part: UUID) -> None:
    world.clock.forward(hours=1)
    world.complete("handle", outcome="reckon")
    until = (world.clock.now() + timedelta(hours=4)).isoformat()
    assert world.data(part)["window"]["until"] == until
    assert len(world.rows(sa.select(sla_clock))) == 1


@pytest.mark.parametrize(("hours", "rule"), [(30, "fixed"), (-1, None)])
def test_an_hour_agreed_on_is_due_unless_it_is_past(
    world: World, hours: int, rule: str | None
) -> None:
    world.deploy("part", part__bpmn=AGREED, labels__toml=LABELS)
    begun = world.clock.now()
    agreed = begun + timedelta(hours=hours)
    world.start("part", {"at": agreed.isoformat()}, unit="SZ")
    row = clock(world)
    assert row.rule.get("rule") == rule
    assert row.due_at == (agreed if rule else begun + timedelta(hours=4))
    assert world.item("handle").due_at == row.due_at
