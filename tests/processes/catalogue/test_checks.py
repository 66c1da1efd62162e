"""`shaodao check` tells what is doubtful about tables, and refuses nothing for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.decision import read_dmn
from engine.decision.sheet import Line, sheet_of, write_dmn
from processes.checking import check_file
from processes.shipped import Shipped

TABLES = Shipped.find().folder / "tables"


def doubts(folder: Path, key: str, *, without: str = "", more: tuple[Line, ...] = ()) -> list[str]:
    """Return the codes found in a shipped table after a row was dropped or added."""
    (table,) = read_dmn((TABLES / f"{key}.dmn").read_bytes())
    sheet = sheet_of(table)
    lines = [each for each in sheet.lines if not without or without not in " ".join(each.cells)]
    path = folder / f"{key}.dmn"
    path.write_bytes(write_dmn(replace(sheet, lines=(*more, *lines))))
    checked = check_file(path)
    assert checked.ok
    return [each.code for each in checked.findings]


def test_what_is_shipped_leaves_no_doubt(tmp_path: Path) -> None:
    for key in ("standards", "limits", "dispatch", "duty_items"):
        assert doubts(tmp_path, key) == []


def test_a_clock_without_its_last_row_has_a_gap(tmp_path: Path) -> None:
    assert "table.gap" in doubts(tmp_path, "limits", without="核查 30 分钟")


def test_a_category_without_a_lead_is_told(tmp_path: Path) -> None:
    row = Line(('"arcade"', "-", "-", "-", '"GA"', '"lead"', '"PH-11"'))
    assert doubts(tmp_path, "dispatch", more=(row,)) == ["dispatch.leads"]
    again = Line(('"arcade"', "-", "-", "-", '"CG"', '"assist"', '"PH-11"'))
    assert doubts(tmp_path, "dispatch", more=(again,)) == ["dispatch.unit_twice"]


def test_a_row_behind_another_is_told(tmp_path: Path) -> None:
    row = Line(('"litter"', "-", '"joint"', '"PH-06"', '"垃圾"'))
    assert doubts(tmp_path, "duty_items", more=(row,)) == ["table.unreached"]
