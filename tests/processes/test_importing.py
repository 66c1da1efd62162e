"""Foreign rows enter through the door: taken, repeated and refused are told apart."""

from __future__ import annotations

import csv
from pathlib import Path

import sqlalchemy as sa

from engine.db.tables import work_item
from processes.importing import CaseImport, Remarks, Result, Tally, harmless
from processes.mapping import read_mapping
from processes.table_files import open_text, read_rows
from processes.tables import case_file, org_unit
from tests.conftest import EPOCH
from tests.processes.conftest import Office

MAPPING = """
name = "hotline"
zone = "Asia/Taipei"
[fields]
external_ref = {column = "no"}
reported_at = {column = "at"}
description = {column = "text"}
category = {column = "kind", values = "categories"}
area = {column = "area"}
[values.categories]
"路燈" = "streetlight"
[areas]
create = true
kind = "community"
parent = "TN"
above = [
    {code = "QX", name = "never changed", kind = "district"},
    {code = "TN", name = "南街道", kind = "street", parent = "QX"},
]
codes = {"東區" = "TN-01"}
"""
ROWS = """no,at,text,kind,area
1,2015-04-15 08:00:00,路燈不亮,路燈,東區
2,2015-02-30 08:00:00,路燈不亮,路燈,東區
3,2015-04-15 08:00:00,,路燈,東區
4,2015-04-15 08:00:00,有飛碟,飛碟,東區
5,2015-04-15 08:00:00,在月球,路燈,月球
6,2915-04-15 08:00:00,未來,路燈,東區
1,2015-04-15 08:00:00,又一次,路燈,東區
7,2015-04-15 08:00:00,多一列,路燈,東區,!
8,2015-04-16 08:00:00,=路燈閃爍,路燈,東區
"""


def bring_in(office: Office, folder: Path) -> tuple[Tally, list[Result]]:
    mapping_file, rows_file = folder / "m.toml", folder / "rows.csv"
    mapping_file.write_text(MAPPING, encoding="utf-8")
    rows_file.write_text(ROWS, encoding="utf-8")
    mapping = read_mapping(mapping_file)
    results: list[Result] = []
    with open_text(rows_file, mapping.encoding) as text:
        rows = read_rows(text, mapping.columns())
        tally = CaseImport(office.product.engine, mapping).run(rows, on_result=results.append)
    return tally, results


def test_good_rows_start_cases_now_and_bad_ones_stop_nobody(office: Office, tmp_path: Path) -> None:
    tally, results = bring_in(office, tmp_path)
    assert str(tally) == "taken=2 repeated=1 refused=6"
    assert [(each.line, each.code) for each in results if each.code] == [
        (3, "import.date"),
        (4, "import.field_empty"),
        (5, "import.category_unknown"),
        (6, "import.area_unknown"),
        (7, "case.reported_in_future"),
        (8, "case.repeated"),
        (9, "import.row"),
    ]
    first, _second = office.rows(sa.select(case_file).order_by(case_file.c.number))
    assert (first.number, first.source, first.external_ref) == ("TN-2026-000001", "hotline", "1")
    assert first.reported_at.isoformat() == "2015-04-15T00:00:00+00:00"
    assert first.received_at == EPOCH
    opened = office.rows(sa.select(work_item.c.opened_at, work_item.c.unit))
    assert opened == [(EPOCH, "TN-01")] * 2


def test_running_it_again_doubles_nothing(office: Office, tmp_path: Path) -> None:
    bring_in(office, tmp_path)
    tally, _results = bring_in(office, tmp_path)
    assert str(tally) == "taken=0 repeated=3 refused=6"
    assert len(office.rows(sa.select(case_file.c.id))) == 2


def test_missing_areas_are_created_and_standing_ones_left_alone(
    office: Office, tmp_path: Path
) -> None:
    bring_in(office, tmp_path)
    units = {row.code: row for row in office.rows(sa.select(org_unit))}
    assert units["TN-01"].path == "/QX/TN/TN-01/"
    assert units["QX"].name == "清河区"


def test_what_was_not_taken_is_written_down_line_by_line(office: Office, tmp_path: Path) -> None:
    _tally, results = bring_in(office, tmp_path)
    remarks = Remarks(tmp_path / "out" / "remarks.csv", locale="zh")
    for result in results:
        remarks.note(result)
    remarks.close()
    with remarks.path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["line"] for row in rows] == ["3", "4", "5", "6", "7", "8", "9"]
    assert rows[0]["reason"] == "“2015-02-30 08:00:00”不是有效的日期时间。"
    assert rows[5]["outcome"] == "repeated"


def test_where_all_were_taken_no_file_is_left(tmp_path: Path) -> None:
    remarks = Remarks(tmp_path / "remarks.csv", locale="zh")
    remarks.note(Result(2, "taken", "1"))
    remarks.close()
    assert not remarks.path.exists()


def test_a_spreadsheet_runs_nothing_that_a_file_brought_in() -> None:
    assert harmless("=cmd()") == "'=cmd()"
    assert harmless("UN1") == "UN1"
