"""Whether a page can be used by everybody, as far as axe-core can tell."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

SOURCE = Path("web/frontend/node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
OTHERS_WORK = [".bjs-powered-by"]  # the mark of bpmn.io, which its license keeps as it is
RUN = """
([exclude, tags]) => axe.run(
  { exclude: exclude.map((each) => [each]) },
  { runOnly: tags, resultTypes: ['violations'] },
)
"""


@cache
def source() -> str:
    """Return axe-core as `make setup` installs it."""
    root = Path(__file__).parents[2]
    if not (root / SOURCE).exists():
        pytest.fail(f"{SOURCE} is missing: run `make setup`")
    return (root / SOURCE).read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Return what is wrong with a page, one line for each element."""
    page.evaluate(source())  # unlike a script tag this is not subject to the page's policy
    found = page.evaluate(RUN, [OTHERS_WORK, RULES])
    return [line for each in found["violations"] for line in lines(each)]


def lines(violation: dict[str, Any]) -> list[str]:
    """Return the elements that break a rule."""
    return [f"{violation['id']}: {node['html'][:160]}" for node in violation["nodes"]]
