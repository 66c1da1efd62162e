"""Before whistling for a department one sees what it has in hand."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.now import ManualClock
from tests.web.conftest import Browser
from tests.web.test_story import TEAM, WHISTLE, do, report, whistled

As = Callable[[str], Browser]

LINE = re.compile(r'class="load__row">(.*?)</li>', re.DOTALL)


def lines(page: str) -> list[list[str]]:
    """Return the departments on a page with their figures, tags left out."""
    return [re.sub(r"<[^>]+>", " ", line).split() for line in LINE.findall(page)]


def test_the_street_sees_what_the_departments_have_in_hand(as_: As, clock: ManualClock) -> None:
    before = whistled(as_)
    number = report(as_("grid"), category="streetlight")
    assert lines(as_("grid").get(f"/cases/{number}").text) == []
    do(as_("community"), number, "whistle", **WHISTLE)
    page = as_("approver").get(f"/cases/{number}").text
    first, *others = lines(page)
    assert first == ["市政工程处", "主办", "在手", "1", "件", "本街道", "1", "件"]
    assert ["城市管理局", "在手", "1", "件", "本街道", "1", "件"] in others
    do(as_("dept"), before, "answer", **TEAM)
    clock.forward(days=20)
    (late, *_rest) = lines(as_("approver").get(f"/cases/{number}").text)
    assert late[3:5] == ["1", "件"], "still one case, however many steps it has there"
    assert "超期" in late
