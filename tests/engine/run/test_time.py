"""Time comes first: what is overdue happens at its own due time, before anybody's click."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from engine.errors import Conflict, Invalid
from engine.run.commands import CompleteWorkItem
from engine.run.rows import JobRow
from engine.run.work import rank
from tests.engine.run import draw
from tests.engine.run.world import ROOT, World

ANSWER = draw.process(
    "part",
    draw.start(),
    draw.user("answer", unit='"SZ"', sla="answer"),
    draw.boundary("late", "answer", 'due("answer")', interrupting=False),
    draw.user("urge", unit='"SZ"'),
    draw.end(),
    draw.end("urged"),
    draw.flows("begin > answer", "answer > finish", "late > urge", "urge > urged"),
    lanes={"dept": "begin answer late urge finish urged"},
    sla="case",
)
LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'


@pytest.fixture
def part(world: World) -> UUID:
    world.deploy("part", part__bpmn=ANSWER, labels__toml=LABELS)
    return world.start("part", unit="SZ")


def test_a_clock_runs_from_opening_to_done(world: World, part: UUID) -> None:
    started = world.clock.now()
    whole, answer = sorted(world.clocks(), key=lambda row: row.token)
    assert (whole.code, answer.code, answer.holder) == ("case", "answer", "SZ")
    assert answer.due_at == started + timedelta(hours=4)
    assert answer.warn_at == started + timedelta(hours=3)
    assert world.item("answer").due_at == answer.due_at
    assert answer.rule["source"] == "house rule"

    world.clock.forward(hours=1)
    world.complete("answer")

    whole, answer = sorted(world.clocks(), key=lambda row: row.token)
    assert (answer.status, answer.breached_at) == ("met", None)
    assert whole.status == "met"
    assert world.jobs() == []


def test_the_worker_notes_warning_and_breach_at_their_instants(world: World, part: UUID) -> None:
    started = world.clock.now()
    world.clock.forward(hours=3, minutes=10)
    world.worker.drain()
    world.clock.forward(hours=20)
    world.worker.drain()

    answer = next(row for row in world.clocks() if row.code == "answer")
    assert answer.warned_at == started + timedelta(hours=3)
    assert answer.breached_at == started + timedelta(hours=4)
    assert world.open_elements() == ["answer", "urge"]
    assert world.events("timer.fired")[0].at == started + timedelta(hours=4)


def test_an_overdue_timer_fires_before_the_late_click(world: World, part: UUID) -> None:
    started = world.clock.now()
    world.clock.forward(hours=5)

    world.complete("answer")

    kinds = world.kinds(part)
    assert kinds.index("sla.breached") < kinds.index("timer.fired")
    assert kinds.index("timer.fired") < kinds.index("work_item.completed")
    assert world.events("sla.breached")[0].at == started + timedelta(hours=4)
    assert world.events("sla.breached")[0].recorded_at == world.clock.now()
    assert world.open_elements() == ["urge"]


def test_what_time_did_is_not_the_late_clickers_deed(world: World, part: UUID) -> None:
    world.clock.forward(hours=5)
    world.complete("answer")

    assert {row.actor for row in world.events("sla.breached")} == {None}
    assert [row.actor for row in world.events("work_item.completed")] == [ROOT.id]


def test_a_refused_click_keeps_what_time_did(world: World, part: UUID) -> None:
    item = world.item("answer").id
    world.clock.forward(hours=5)

    with pytest.raises(Invalid):
        world.engine.execute(CompleteWorkItem(item_id=item, outcome="nonsense"), ROOT)

    assert world.open_elements() == ["answer", "urge"]
    assert len(world.events("sla.breached")) == 1


def test_exactly_at_due_is_late(world: World, part: UUID) -> None:
    world.clock.forward(hours=4)
    world.complete("answer")
    assert world.said(world.events("sla.stopped")[-1])["late"] is True


def test_chained_timers_keep_their_distance_through_an_outage(world: World) -> None:
    chain = draw.process(
        "chain",
        draw.start(),
        draw.catch("first", "PT30M"),
        draw.catch("second", "PT30M"),
        draw.end(),
        draw.flows("begin > first", "first > second", "second > finish"),
    )
    world.deploy("chain", chain__bpmn=chain)
    started = world.clock.now()
    chain_id = world.start("chain")

    world.clock.forward(minutes=75)
    world.worker.drain()

    fired = [row.at - started for row in world.events("timer.fired")]
    assert fired == [timedelta(minutes=30), timedelta(minutes=60)]
    assert world.instance(chain_id).ended_at == started + timedelta(minutes=60)


def test_a_cycle_fires_once_after_an_outage_and_counts_what_it_missed(world: World) -> None:
    remind = draw.process(
        "remind",
        draw.start(),
        draw.user("handle", unit='"SZ"'),
        draw.boundary("every", "handle", "R5/PT10M", interrupting=False, kind="timeCycle"),
        draw.script("count", "n = (n or 0) + 1"),
        draw.end(),
        draw.end("counted"),
        draw.flows("begin > handle", "handle > finish", "every > count", "count > counted"),
        lanes={"dept": "begin handle every count finish counted"},
    )
    world.deploy("remind", remind__bpmn=remind, labels__toml=LABELS)
    world.start("remind")

    world.clock.forward(minutes=35)
    world.worker.drain()
    assert [world.said(row)["missed"] for row in world.events("timer.fired")] == [2]

    world.clock.forward(minutes=60)
    world.worker.drain()
    assert [world.said(row)["missed"] for row in world.events("timer.fired")] == [2, 1]
    assert world.jobs() == []


def reminded(times: int) -> str:
    """Return a step with so many reminders, one a minute."""
    numbers = range(1, times + 1)
    return draw.process(
        "many",
        draw.start(),
        draw.user("handle", unit='"SZ"'),
        *(draw.boundary(f"t{n}", "handle", f"PT{n}M", interrupting=False) for n in numbers),
        draw.end(),
        *(draw.end(f"e{n}") for n in numbers),
        draw.flows("begin > handle", "handle > finish", *(f"t{n} > e{n}" for n in numbers)),
        lanes={"dept": "begin handle finish " + " ".join(f"t{n} e{n}" for n in numbers)},
    )


def test_fifty_overdue_hold_nobody_up_and_more_are_the_workers(world: World) -> None:
    world.deploy("many", many__bpmn=reminded(52), labels__toml=LABELS)
    case = world.start("many")
    world.clock.forward(minutes=50)
    world.complete("handle")
    assert world.kinds(case).count("timer.fired") == 50

    late = world.start("many")
    world.clock.forward(hours=2)
    with pytest.raises(Conflict, match="积压"):
        world.complete("handle")
    assert world.kinds(late).count("timer.fired") == 50
    assert world.worker.drain().failed == 0
    assert world.kinds(late).count("timer.fired") == 52
    again = world.start("many")
    world.clock.forward(hours=2)
    assert world.worker.drain().failed == 0
    assert world.kinds(again).count("timer.fired") == 52


def test_what_is_due_at_one_instant_happens_in_one_order() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)

    def due(number: int, kind: str, token: int, what: str = "") -> JobRow:
        return JobRow(UUID(int=number), UUID(int=9), kind, at, token, data={"what": what})

    breach, warning = due(1, "clock", 2, "due"), due(2, "clock", 2, "warn")
    later, sooner = due(3, "timer", 5), due(4, "timer", 4)
    assert sorted([later, sooner, breach, warning], key=rank) == [warning, breach, sooner, later]


def test_time_on_an_instance_never_goes_back(world: World, part: UUID) -> None:
    world.clock.forward(hours=1)
    late = world.clock.now()
    world.complete("answer")
    world.clock.set(late - timedelta(minutes=30))
    assert world.instance(part).last_at == late


@pytest.mark.parametrize("text", ["P99999999999Y", "PT0S/", "tomorrow"])
def test_a_timer_that_is_no_time_is_refused_at_deploy(
    make_world: Callable[..., World], text: str
) -> None:
    world = make_world()
    bad = draw.process(
        "bad",
        draw.start(),
        draw.catch("wait", text),
        draw.end(),
        draw.flows("begin > wait", "wait > finish"),
    )
    if text == "tomorrow":
        world.deploy("bad", bad__bpmn=bad)
        world.start("bad")
        assert [row.code for row in world.incidents()] == ["timer.not_a_time"]
    else:
        with pytest.raises(Invalid):
            world.deploy("bad", bad__bpmn=bad)
