"""What was seen is said in the catalogue's words, by whoever reports or by whoever takes it in."""

from __future__ import annotations

from collections.abc import Callable

from processes.bootstrap import Product
from processes.tables import case_file
from tests.web.conftest import Browser
from tests.web.test_story import report

As = Callable[[str], Browser]

PALM = "盖面缺损超过手掌大小"
CALL = {"source": "hotline", "category": "manhole"}


def standard(product: Product) -> str | None:
    """Return the standard of the one case there is."""
    with product.engine.database.read() as connection:
        found: str | None = connection.scalar(
            case_file.select().with_only_columns(case_file.c.standard)
        )
    return found


def test_the_form_offers_what_may_have_been_seen_with_its_limit(as_: As) -> None:
    grid = as_("grid")
    assert PALM not in grid.get("/report").text
    asked = {"category": "manhole", "urgency": "normal"}
    offered = grid.post("/report/filings", asked).text
    assert PALM in offered
    assert "井盖 · 办理时限 " in offered
    hasty = grid.post("/report/filings", {**asked, "urgency": "danger"}).text
    assert hasty != offered, "haste shortens the limit"
    english = grid.post("/report/filings", asked, headers={"Accept-Language": "en"}).text
    assert "A piece larger than a palm" in english


def test_what_was_seen_is_kept_and_said_on_the_case(as_: As, product: Product) -> None:
    number = report(as_("grid"), category="manhole", standard="manhole_broken", reporter_name="")
    assert standard(product) == "manhole_broken"
    assert f"井盖：{PALM}" in as_("grid").get(f"/cases/{number}").text


def test_what_belongs_to_another_category_is_refused(as_: As) -> None:
    told = {"category": "tree", "standard": "manhole_broken", "area": "QY-03-02"}
    answer = as_("grid").post("/report", {**told, "description": "树倒了", "urgency": "normal"})
    assert answer.status_code == 422
    assert "所选的情况不属于这一类问题" in answer.text


def test_whoever_takes_a_call_in_says_it_where_the_caller_could_not(
    as_: As, product: Product
) -> None:
    number = report(as_("dispatcher"), **CALL)
    address = f"/cases/{number}/classify"
    assert PALM in as_("acceptor").get(f"/cases/{number}").text
    assert as_("acceptor").post(address, {"standard": "tree_dead"}).status_code == 422
    assert as_("acceptor").post(address, {"standard": "manhole_broken"}).status_code == 303
    assert standard(product) == "manhole_broken"
    assert "立案条件：井盖" in as_("acceptor").get(f"/cases/{number}").text.partition("办理经过")[2]


def test_a_program_reads_what_may_be_chosen_and_chooses(as_: As, product: Product) -> None:
    number = report(as_("dispatcher"), **CALL)
    case = f"/api/v1/cases/{number}"
    codes = [filing["code"] for filing in as_("acceptor").get(case).json["filings"]]
    answer = as_("acceptor").send(f"{case}/classify", {"standard": codes[0]})
    assert answer.json == {"number": number, "standard": codes[0]}
    assert standard(product) == codes[0]
