"""A home that is furnished once a session, and a product of its own for each test.

Both the web's and the browser's tests take these fixtures into their conftest.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.now import ManualClock
from processes.bootstrap import Product, open_product, prepare
from processes.settings import Settings
from tests.balance import assert_balanced
from tests.conftest import EPOCH
from tests.web.office import furnish
from web.accounts import HANDLERS


def settings_in(home: Path) -> Settings:
    """Return the settings of a home with a SQLite file of its own."""
    return Settings(home=home, database=f"sqlite:///{home}/shaodao.db")


@pytest.fixture(scope="session")
def furnished_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with everything deployed and the office in it, which is only copied."""
    home = tmp_path_factory.mktemp("office")
    product = prepare(settings_in(home), clock=ManualClock(EPOCH), handlers=HANDLERS)
    furnish(product)
    product.close()
    return home


@pytest.fixture
def product(furnished_home: Path, tmp_path: Path, clock: ManualClock) -> Iterator[Product]:
    """A furnished product of the test's own; its clock is the fixture `clock`."""
    home = tmp_path / "home"
    shutil.copytree(furnished_home, home)
    opened = open_product(settings_in(home), clock=clock, handlers=HANDLERS)
    yield opened
    assert_balanced(opened)
    opened.close()
