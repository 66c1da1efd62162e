"""The message says only that there is work: lost, doubled, foreign or old, it changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from engine.errors import Broken
from engine.i18n import _
from engine.run.queues import Queue
from engine.run.worker import BATCH, LEASE, Worker
from processes.cluster.hands import Hands
from processes.cluster.watch import PATIENCE, Watch
from tests.engine.run import draw
from tests.engine.run.conftest import make_world
from tests.engine.run.world import World

__all__ = ["make_world"]

PAUSE = draw.process(
    "pause",
    draw.start(),
    draw.catch("rest", "PT1H"),
    draw.end(),
    draw.flows("begin > rest", "rest > finish"),
)


class Calls:
    """A broker in memory: `lost` loses what it is given, `down` says that it does not arrive."""

    def __init__(self) -> None:
        self.lying: list[str] = []
        self.lost = self.down = False

    def __call__(self, queues: Iterable[Queue]) -> None:
        if not self.lost:
            self.lying += [queue.name for queue in sorted(queues)]

    def fails(self) -> bool:
        return self.down

    def close(self) -> None:
        pass


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def world(make_world: Callable[..., World], calls: Calls) -> World:
    world = make_world()
    world.engine.nudge = calls
    world.deploy("pause", pause__bpmn=PAUSE)
    return world


@pytest.fixture
def case(world: World) -> UUID:
    """A case whose timer is due."""
    case = world.start("pause")
    world.clock.forward(hours=1)
    return case


def hands_of(world: World, *, seconds: float = 20) -> Hands:
    return Hands(lambda: (Worker(world.engine, name="hands"), world.engine.nudge), seconds=seconds)


def fired(world: World) -> int:
    return len(world.events("timer.fired"))


def test_the_watch_calls_and_the_hands_do_it(world: World, case: UUID, calls: Calls) -> None:
    watch = Watch(world.engine, name="watch")
    assert watch.round().claimed == 0
    assert calls.lying == ["TIMERS"]
    hands_of(world).work(calls.lying[0])
    assert world.instance(case).status == "completed"
    watch.round()
    assert calls.lying == ["TIMERS"], "nothing is due any more"


def test_a_message_that_comes_twice_or_again_a_day_later_changes_nothing(
    world: World, case: UUID
) -> None:
    hands, old = hands_of(world), [queue.name for queue in Queue] * 3
    for name in old:
        hands.work(name)
    told = world.kinds(case)
    world.clock.forward(days=1)
    for name in old:
        hands.work(name)
    assert world.kinds(case) == told
    assert told.count("timer.fired") == 1


@pytest.mark.parametrize("message", ["EVERYTHING", 7, None, {"queue": "TIMERS"}])
def test_a_message_that_is_none_of_ours_is_named_and_dropped(
    world: World, case: UUID, message: object
) -> None:
    with capture_logs() as lines:
        hands_of(world).work(message)
    assert [line["event"] for line in lines] == ["broker.message_unknown"]
    assert world.instance(case).status == "active"


def test_where_a_message_is_lost_the_watch_does_it_after_a_while(
    world: World, case: UUID, calls: Calls
) -> None:
    calls.lost = True
    watch = Watch(world.engine, name="watch")
    assert watch.round().claimed == 0
    world.clock.forward(seconds=PATIENCE / timedelta(seconds=1))
    assert watch.round().claimed == 1
    assert world.instance(case).status == "completed"


def test_where_the_broker_is_down_the_watch_does_it_at_once(
    world: World, case: UUID, calls: Calls
) -> None:
    calls.lost = calls.down = True
    assert Watch(world.engine, name="watch").round().claimed == 1
    assert world.instance(case).status == "completed"


def test_what_somebody_is_at_is_not_called_out_again(
    world: World, case: UUID, calls: Calls
) -> None:
    assert Worker(world.engine, name="cut-off")._claim(Queue.BULK)
    watch = Watch(world.engine, name="watch")
    watch.round()
    assert calls.lying == []
    world.clock.forward(seconds=LEASE / timedelta(seconds=1))
    watch.round()
    assert calls.lying == ["TIMERS"]


def test_whoever_finds_a_backlog_calls_for_help_and_hands_on(world: World, calls: Calls) -> None:
    for _each in range(BATCH * 2 + 1):
        world.start("pause")
    world.clock.forward(hours=1)
    hands_of(world, seconds=0).work("TIMERS")
    assert (fired(world), calls.lying) == (BATCH, ["TIMERS"])
    hands_of(world).work("BULK")
    assert fired(world) == BATCH * 2 + 1


def test_a_host_that_must_not_work_does_not(world: World, case: UUID) -> None:
    def refuse() -> None:
        raise Broken(
            "host.clock_apart", _("本机时钟与数据库相差 {seconds} 秒，请校准时间。", seconds=9)
        )

    worker = Worker(world.engine, name="hands", guard=refuse)
    hands = Hands(lambda: (worker, world.engine.nudge), seconds=20)
    with capture_logs() as lines:
        hands.work("TIMERS")
    assert [line["event"] for line in lines] == ["worker.round_failed"]
    assert world.instance(case).status == "active"
