"""Standards and duty items deployed alone: what the tables in force come to lack beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.actor import SYSTEM
from engine.decision import read_dmn
from engine.decision.sheet import Line, sheet_of, write_dmn
from engine.errors import Invalid
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import DeployTables
from processes.bootstrap import Product, prepare
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.reads.table_versions import draft_pages
from processes.settings import Settings

BY_STANDARD = Line(("-", '"street_stall"', "-", "-", '"GA"', '"lead"', '"PH-11"'))


@pytest.fixture
def product(tmp_path: Path, clock: ManualClock, ids: CountingIds) -> Iterator[Product]:
    """A home with what ships, and a row of `dispatch` for a standard that is yet to come."""
    settings = Settings(home=tmp_path / "home", database=f"sqlite:///{tmp_path}/shaodao.db")
    product = prepare(settings, clock=clock, ids=ids)
    clock.forward(hours=1)
    sheet = sheet_of(read_dmn(shipped(product, "dispatch"))[0])
    early = deploy(
        product, "dispatch", write_dmn(replace(sheet, lines=(BY_STANDARD, *sheet.lines)))
    )
    assert "table.unreached" in {doubt["code"] for doubt in early["doubts"]}
    yield product
    product.close()


def shipped(product: Product, key: str) -> bytes:
    return product.shipped.tables()[f"{key}.dmn"]


def deploy(product: Product, key: str, data: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = product.engine.execute(
        DeployTables(files={f"{key}.dmn": data}), SYSTEM
    )
    return answer


def test_a_standard_that_would_have_two_leads_is_refused_and_shown_beforehand(
    product: Product,
) -> None:
    renamed = shipped(product, "standards").replace(b'"stall"', b'"street_stall"')
    with pytest.raises(Invalid) as refusal:
        deploy(product, "standards", renamed)
    assert refusal.value.code == "table.refused"
    assert "现行的决策表“dispatch”就答不全了" in refusal.value.sentence()
    (finding,) = refusal.value.details["findings"]
    assert (finding.element, finding.code) == ("dispatch", "dispatch.leads")
    assert finding.example["case.standard"] == "street_stall"
    with product.engine.database.read() as connection:
        folders = Folders(product.engine.library, product.shipped.labels)
        reader = Reader(connection, product.engine.clock.now(), "zh", folders)
        pages = draft_pages(reader, renamed, reader.now)
    told = {page.key: (page.ok, [doubt.code for doubt in page.doubts]) for page in pages}
    assert told == {
        "standards": (True, []),
        "dispatch": (False, ["dispatch.leads"]),
        "limits": (True, ["table.unreached"]),  # the row of the name of before
    }


def test_a_clause_taken_from_the_duty_list_is_told_where_rows_name_it(product: Product) -> None:
    without = shipped(product, "duty_items").replace(b'"PH-11"', b'"PH-99"')
    told = deploy(product, "duty_items", without)
    doubts = {(doubt["table"], doubt["code"]) for doubt in told["doubts"]}
    assert doubts == {("dispatch", "dispatch.clause_unknown")}


def test_what_tables_lacked_before_is_not_told_again(product: Product) -> None:
    more = shipped(product, "standards").replace("井盖不在".encode(), "井盖丢失".encode())
    assert deploy(product, "standards", more)["doubts"] == []
