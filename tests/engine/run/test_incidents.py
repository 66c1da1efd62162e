"""A failure stops one token and nothing else, and can be tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import Broken, Conflict, ShaodaoError
from engine.i18n import _
from engine.run.commands import RetryIncident
from tests.engine.run import draw
from tests.engine.run.world import ROOT, World

TWO_WAYS = draw.process(
    "two",
    draw.start(),
    draw.parallel("split"),
    draw.service("tell", "tell"),
    draw.user("handle", unit='"SZ"'),
    draw.parallel("join"),
    draw.end(),
    draw.flows(
        "begin > split",
        "split > tell",
        "split > handle",
        "tell > join",
        "handle > join",
        "join > finish",
    ),
    lanes={"dept": "begin split tell handle join finish"},
)
LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'


class Post:
    """An operation that fails until it is mended; what it wrote before failing must vanish."""

    def __init__(self) -> None:
        self.down = True

    def __call__(self, operating: Any) -> None:
        operating.send("told", {"who": "SZ"})
        if self.down:
            raise Broken("post.down", _("短信通道没有响应。"))


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def world(make_world: Callable[..., World], post: Post) -> World:
    world = make_world(operations={"tell": post})
    world.deploy("two", two__bpmn=TWO_WAYS, labels__toml=LABELS)
    return world


def test_the_other_branch_goes_on(world: World) -> None:
    case = world.start("two")

    (trouble,) = world.incidents()
    assert (trouble.code, trouble.element) == ("post.down", "tell")
    world.complete("handle")
    assert world.instance(case).status == "active"


def test_a_retry_completes_it(world: World, post: Post) -> None:
    case = world.start("two")
    world.complete("handle")
    post.down = False

    world.engine.execute(RetryIncident(incident_id=world.incidents()[0].id), ROOT)

    assert world.incidents() == []
    assert world.instance(case).status == "completed"
    assert "incident.resolved" in world.kinds(case)


def test_a_retry_that_fails_says_why_and_changes_nothing(world: World) -> None:
    case = world.start("two")
    before = world.kinds(case)
    with pytest.raises(Conflict) as refusal:
        world.engine.execute(RetryIncident(incident_id=world.incidents()[0].id), ROOT)
    assert refusal.value.code == "incident.still_failing"
    assert "短信通道" in str(refusal.value)
    assert world.kinds(case) == before


def test_what_a_failed_operation_sent_is_not_sent(world: World, post: Post) -> None:
    world.start("two")
    assert world.letters() == []


WHOSE = draw.process(
    "whose",
    draw.start(),
    draw.user("handle", unit='"SZ"'),
    draw.boundary("late", "handle", "PT1H", interrupting=False),
    draw.sub(
        "urging",
        draw.start("open"),
        draw.user("urge", unit='"U-" + case.unit'),
        draw.end("shut"),
        draw.flows("open > urge", "urge > shut"),
    ),
    draw.boundary("over", "urging", "PT1H"),
    draw.end(),
    draw.end("urged"),
    draw.end("left"),
    draw.flows(
        "begin > handle", "handle > finish", "late > urging", "urging > urged", "over > left"
    ),
    lanes={"dept": "begin handle late urging open urge shut over finish urged left"},
)


@pytest.fixture
def nobody(make_world: Callable[..., World]) -> tuple[World, dict[str, str]]:
    """A case whose second step cannot tell whose it is."""
    known: dict[str, str] = {}
    world = make_world(view=lambda _connection, _root: known)
    world.deploy("whose", whose__bpmn=WHOSE, labels__toml=LABELS)
    world.start("whose")
    world.clock.forward(minutes=90)
    return world, known


def test_a_step_that_is_nobody_s_stops_and_hinders_no_other(
    nobody: tuple[World, dict[str, str]],
) -> None:
    world, known = nobody
    world.complete("handle")
    (trouble,) = world.incidents()
    assert (trouble.element, trouble.job_id) == ("urge", None)
    assert world.open_elements() == []

    with pytest.raises(ShaodaoError):
        world.engine.execute(RetryIncident(incident_id=trouble.id), ROOT)
    known["unit"] = "7"
    world.engine.execute(RetryIncident(incident_id=trouble.id), ROOT)
    assert world.incidents() == []
    world.complete("urge", unit="U-7")


def test_what_had_stopped_and_is_not_waited_for_any_more_is_over(
    nobody: tuple[World, dict[str, str]],
) -> None:
    world, _known = nobody
    world.worker.drain()
    assert [row.element for row in world.incidents()] == ["urge"]
    world.clock.forward(hours=1)
    world.worker.drain()
    assert world.incidents() == []
    assert world.items(status="cancelled") == []
