"""The world of the runtime's stories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.db.connect import Database
from engine.ids import CountingIds
from engine.now import ManualClock
from tests.engine.run.world import World


@pytest.fixture
def make_world(database: Database, clock: ManualClock, ids: CountingIds) -> Callable[..., World]:
    def make(**plugged: Any) -> World:
        return World(database, clock, ids, **plugged)

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
