"""A furnished product behind a real port, and people at real browsers before it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from engine.now import ManualClock
from processes.bootstrap import Product, open_product, prepare
from tests.browser.chromium import DESKTOP, LAUNCH, PATH, Size
from tests.browser.serving import serving, settings_in
from tests.browser.visitor import Visitor
from tests.conftest import EPOCH
from tests.web.office import furnish
from web.accounts import HANDLERS

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's Chromium. Without one these tests are skipped, or fail where CI is set."""
    if not PATH.exists():
        missing = f"{PATH} is missing: install Debian's chromium to run the browser tests"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return LAUNCH


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
    opened.close()


@pytest.fixture
def visit(browser: Browser, product: Product, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Give each person a browser: `visit("grid")`, or `visit()` before anybody is logged in."""
    story = request.node.originalname.removeprefix("test_")
    visitors: list[Visitor] = []
    with serving(product) as address:

        def arrive(login: str = "", *, size: Size = DESKTOP) -> Visitor:
            visitor = Visitor(browser, address, size, story=f"{story}-{login}" if login else story)
            visitors.append(visitor)
            return visitor.enter(login) if login else visitor

        yield arrive
        for visitor in visitors:
            visitor.leave()
    assert [each for visitor in visitors for each in visitor.complaints] == []
