"""What a decision table answered is said in words, and leads to the rows that said it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from tests.web.conftest import Browser
from tests.web.test_story import whistled

As = Callable[[str], Browser]

RULING = re.compile(r'href="(/tables/dispatch/[^"]+)"')
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_the_time_line_says_which_units_were_found_and_by_which_rows(as_: As) -> None:
    number = whistled(as_)
    past = as_("dept").get(f"/cases/{number}").text.partition("办理经过")[2]
    assert "市政工程处（主办）" in past
    address = RULING.search(past)
    assert address is not None
    rows = as_("dept").get(unescape(address[1])).text
    assert all(word in rows for word in ("井盖缺损", "市政工程处", "主办", "看整张表"))
    whole = as_("dept").get(unescape(address[1]).partition("?")[0]).text
    assert whole.count('scope="row"') > rows.count('scope="row"')
    assert "看整张表" not in whole


def test_a_version_that_is_not_there_is_refused(as_: As) -> None:
    answer = as_("dept").get(f"/tables/dispatch/{NOBODY}")
    assert answer.status_code == 404
    assert "没有这一版判定表" in answer.text
