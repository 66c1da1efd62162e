"""Which elements may say what the status of a case is meanwhile: those that a token waits at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import Invalid
from tests.engine.run import draw
from tests.engine.run.world import World

LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'


def drawing(*, waits: str = "resting", passes: str = "") -> str:
    return draw.process(
        "rest",
        draw.start(),
        draw.node("parallelGateway", "fork", **({"status": passes} if passes else {})),
        draw.node("intermediateCatchEvent", "pause", draw.timer("P1D"), status=waits),
        draw.end(),
        draw.flows("begin > fork", "fork > pause", "pause > finish"),
    )


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(statuses=frozenset({"resting"}))


def test_an_event_that_is_waited_for_may(world: World) -> None:
    world.deploy("rest", rest__bpmn=drawing(), labels__toml=LABELS)


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (drawing(passes="resting"), "status.never_shown"),
        (drawing(waits="sleeping"), "status.unknown"),
    ],
)
def test_a_gateway_may_not_nor_may_a_status_be_made_up(world: World, drawn: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        world.deploy("rest", rest__bpmn=drawn, labels__toml=LABELS)
    assert code in [each.code for each in refusal.value.details["findings"]]
