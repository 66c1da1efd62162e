"""The chain that ships, in a street where every post is held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.ids import CountingIds
from engine.now import ManualClock
from processes.bootstrap import prepare
from processes.settings import Settings
from tests.processes.conftest import Office
from tests.processes.street import Street


@pytest.fixture
def street(
    sqlite_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[Street]:
    settings = Settings(home=tmp_path / "home", database=sqlite_url)
    product = prepare(settings, clock=clock, ids=ids)
    yield Street(Office(product, clock))
    product.close()
