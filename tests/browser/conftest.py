"""A furnished product behind a real port, and people at real browsers before it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from processes.bootstrap import Product
from tests.browser.chromium import DESKTOP, LAUNCH, PATH, Size
from tests.browser.serving import serving
from tests.browser.visitor import Visitor
from tests.web.homes import furnished_home, product

__all__ = ["furnished_home", "product"]

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's Chromium. Without one these tests are skipped, or fail where CI is set."""
    if not PATH.exists():
        missing = f"{PATH} is missing: install Debian's chromium to run the browser tests"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return LAUNCH


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
