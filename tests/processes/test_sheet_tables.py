"""The header of an office's table is found wherever it stands."""

from __future__ import annotations

from processes.sheet_tables import TableRow, find_header, rows_below
from processes.sheets import Line, Sheet

COLUMNS = {"code": ("单位代码", "code"), "name": ("单位名称", "name"), "parent": ("上级",)}
REQUIRED = ("code", "name")


def sheet(*rows: str) -> Sheet:
    lines = [tuple(cell.strip() for cell in row.split("|")) for row in rows]
    return Sheet("x", tuple(Line(n, cells) for n, cells in enumerate(lines, start=1)))


def table(*rows: str) -> list[TableRow]:
    found = sheet(*rows)
    header = find_header(found, COLUMNS, REQUIRED)
    assert header is not None
    return list(rows_below(found, header))


def test_a_title_and_foreign_columns_do_no_harm() -> None:
    rows = table(
        "单位一览表", "序号 | 单位名称（必填） | 备注 | Code", "1 | 清河 | x | QY", "2 | | |"
    )
    assert rows == [TableRow(3, {"name": "清河", "code": "QY"})]


def test_a_header_of_two_lines_reads_as_one() -> None:
    rows = table("单位 | | 隶属", "单位代码 | 单位名称 | 上级", "QY | 清河 | QX")
    assert rows == [TableRow(3, {"code": "QY", "name": "清河", "parent": "QX"})]
    rows = table("单位代码 | 其他 | ", " | 单位名称 | 上级", "QY | 清河 | QX")
    assert rows == [TableRow(3, {"code": "QY", "name": "清河", "parent": "QX"})]


def test_a_short_row_is_filled_up() -> None:
    rows = table("code | name | 上级", "QY")
    assert rows == [TableRow(2, {"code": "QY", "name": "", "parent": ""})]


def test_the_first_of_two_columns_of_a_name_counts() -> None:
    assert table("code | name | name", "QY | a | b")[0].values["name"] == "a"


def test_a_sheet_without_what_is_needed_is_no_table() -> None:
    assert find_header(sheet("code | 备注", "QY | x"), COLUMNS, REQUIRED) is None
    assert find_header(Sheet("x", ()), COLUMNS, REQUIRED) is None
