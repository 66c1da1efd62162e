"""Letters leave after the commit, and are tried again when the courier fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

from engine.run.leases import free_left
from engine.run.outbox import MemoryCourier, claim, send_letters
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


def test_of_two_hosts_one_carries_a_letter(world: World) -> None:
    class Slow(MemoryCourier):
        """While it carries, the other host looks what there is to carry."""

        def deliver(self, letter: UUID, topic: str, data: Mapping[str, Any]) -> None:
            assert send_letters(world.engine, other) == 0
            super().deliver(letter, topic, data)

    other = MemoryCourier()
    assert send_letters(world.engine, Slow()) == 1
    assert other.taken == []


def test_what_a_courier_that_was_cut_off_held_is_carried_by_the_next(world: World) -> None:
    assert len(claim(world.engine)) == 1
    courier = MemoryCourier()
    assert send_letters(world.engine, courier) == 0
    with world.engine.database.write() as connection:
        assert free_left(connection, world.clock.now()) == 1
    assert send_letters(world.engine, courier) == 1
