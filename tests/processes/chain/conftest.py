"""The chain that ships, in a street where every post is held."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.ids import CountingIds
from engine.now import ManualClock
from processes.bootstrap import Product, open_product, prepare
from processes.organisation import AddUnit
from processes.settings import Settings
from tests.balance import assert_balanced
from tests.conftest import EPOCH
from tests.processes.conftest import Office
from tests.processes.street import Street

MORE_UNITS = (
    ("QY-03-01", "第一网格", "grid", "QY-03"),
    ("HB", "生态环境分局", "department", "QX"),
)
DATABASE = "shaodao.db"
FRESH = "fresh.db"


def settings(home: Path) -> Settings:
    return Settings(home=home, database=f"sqlite:///{home}/{DATABASE}")


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


@pytest.fixture(scope="session")
def open_chain(ready_home: Path) -> Iterator[Product]:
    """Open the home once: its diagrams, tables, calendars and statements are read for all."""
    shutil.copy(ready_home / DATABASE, ready_home / FRESH)
    product = open_product(settings(ready_home), clock=ManualClock(EPOCH), ids=CountingIds())
    yield product
    product.close()


@pytest.fixture
def street(
    open_chain: Product, ready_home: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[Street]:
    """Put the database back to where nothing was reported yet."""
    for left in ready_home.glob(f"{DATABASE}*"):
        left.unlink()
    shutil.copy(ready_home / FRESH, ready_home / DATABASE)
    open_chain.engine.clock, open_chain.engine.ids = clock, ids
    yield Street(Office(open_chain, clock, settled=True))
    assert_balanced(open_chain)
    open_chain.close()
