"""Every page at both sizes: accessible, inside its width, nothing blocked by its own policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import Site
from tests.browser.test_walk import report

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "web/frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """tags => axe.run({exclude: [['.bjs-powered-by']]}, {runOnly: tags}).then(r => r.violations.map(
  v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, as `make setup` brought it."""
    if not AXE.exists():
        pytest.skip(f"{AXE} is missing: run `make setup`")
    return AXE.read_text()


def faults(page: Page, axe: str) -> dict[str, Any]:
    """Return what is wrong with the page as it stands."""
    page.wait_for_load_state("networkidle")
    page.evaluate(axe)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return {
        "axe": page.evaluate(RUN, RULES),
        "csp": page.evaluate("window.violations"),
        "overflow": max(page.evaluate(wide), 0),
    }


NONE: dict[str, Any] = {"axe": [], "csp": [], "overflow": 0}


@pytest.mark.parametrize("address", ["/login", "/api/", "/no/such/page"])
def test_pages_for_everybody(site: Site, size: ViewportSize, axe: str, address: str) -> None:
    page = site.visit(size)
    page.goto(address)
    assert faults(page, axe) == NONE


def test_pages_for_those_who_work(at: Callable[[str], Page], axe: str) -> None:
    number = report(at("grid"))
    visits = {
        "grid": ["/report", "/inbox"],
        "community": ["/inbox", f"/cases/{number}"],
        "supervisor": ["/cases", "/overdue", f"/cases/{number}"],
    }
    found = {}
    for login, addresses in visits.items():
        for address in addresses:
            at(login).goto(address)
            found[f"{login} {address}"] = faults(at(login), axe)
    assert found == dict.fromkeys(found, NONE)
