"""The chain that ships, in a street where every post is held."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.ids import CountingIds
from engine.now import ManualClock
from processes.bootstrap import open_product, prepare
from processes.organisation import AddUnit
from processes.settings import Settings
from tests.conftest import EPOCH
from tests.processes.conftest import Office
from tests.processes.street import Street

MORE_UNITS = (
    ("QY-03-01", "第一网格", "grid", "QY-03"),
    ("HB", "生态环境分局", "department", "QX"),
)


def settings(home: Path) -> Settings:
    return Settings(home=home, database=f"sqlite:///{home}/shaodao.db")


@pytest.fixture(scope="session")
def ready_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare a home once: its copies have the chain deployed already."""
    home = tmp_path_factory.mktemp("ready") / "home"
    clock = ManualClock(EPOCH)
    product = prepare(settings(home), clock=clock)
    office = Office(product, clock)
    for code, name, kind, parent in MORE_UNITS:
        office.do(AddUnit(code=code, name=name, kind=kind, parent=parent))
    product.close()
    return home


@pytest.fixture
def street(
    ready_home: Path, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[Street]:
    home = tmp_path / "home"
    shutil.copytree(ready_home, home)
    product = open_product(settings(home), clock=clock, ids=ids)
    yield Street(Office(product, clock, settled=True))
    product.close()
