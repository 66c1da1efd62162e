"""A supervisor sees how it goes day after day, and takes the figures along."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable

from tests.web.conftest import Browser
from tests.web.test_story import report

As = Callable[[str], Browser]
BAR = re.compile(r"<title>([^<]+)</title>")


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.lstrip("\ufeff").splitlines()))


def test_the_page_and_the_file_have_the_same_figures(as_: As) -> None:
    for category in ("streetlight", "litter"):
        report(as_("grid"), category=category)
    page = as_("supervisor").get("/trends?days=14").text
    assert "03-02 上报数 2" in BAR.findall(page)
    assert 'href="/trends.csv?unit=QX&amp;days=14"' in page
    head, *lines = rows(as_("supervisor").get("/trends.csv?days=14").text)
    assert head == ["统计日", "上报数", "办结数", "按期数", "超期数", "异议退单数"]
    assert ["2026-03-02", "2", "0", "0", "0", "0"] in lines
    assert lines[-1][1:] == ["2", "0", "0", "0", "0"]


def test_a_year_is_drawn_month_by_month_and_a_unit_leads_to_its_own(as_: As) -> None:
    report(as_("grid"))
    page = as_("supervisor").get("/trends?days=365").text
    assert "2026-03 上报数 1" in BAR.findall(page)
    assert 'href="/trends?unit=QY&amp;days=365"' in page
    street = as_("supervisor").get("/trends?unit=QY&days=365").text
    assert 'href="/trends?unit=QX&amp;days=365"' in street, "the unit above"


def test_what_is_no_length_and_no_unit_of_theirs_does_no_harm(as_: As) -> None:
    assert as_("supervisor").get("/trends?days=99999999").status_code == 200
    assert as_("supervisor").get("/trends?unit=nowhere").status_code == 404
    assert as_("dept").get("/trends?unit=QX").status_code == 404
