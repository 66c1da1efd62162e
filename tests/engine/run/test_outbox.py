"""Letters leave after the commit, and are tried again when the courier fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.run.outbox import MemoryCourier, send_letters
from engine.run.plugins import Operating
from tests.engine.run import draw
from tests.engine.run.world import World


def tell(operating: Operating, *, who: str) -> None:
    operating.send("told", {"who": who})


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    world = make_world(operations={"tell": tell})
    telling = draw.process(
        "telling",
        draw.start(),
        draw.service("tell", "tell", param__who='"SZ"'),
        draw.end(),
        draw.flows("begin > tell", "tell > finish"),
    )
    world.deploy("telling", telling__bpmn=telling)
    world.start("telling")
    return world


def test_a_letter_is_sent_once(world: World) -> None:
    courier = MemoryCourier()
    assert send_letters(world.engine, courier) == 1
    assert send_letters(world.engine, courier) == 0
    assert [(topic, data["who"]) for topic, data in courier.taken] == [("told", "SZ")]
    assert world.letters()[0].sent_at == world.clock.now()


def test_a_letter_waits_for_its_courier(world: World) -> None:
    courier = MemoryCourier(down=True)
    assert send_letters(world.engine, courier) == 0
    assert world.letters()[0].attempts == 1

    courier.down = False
    assert send_letters(world.engine, courier) == 1
