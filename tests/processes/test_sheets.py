"""Spreadsheets from strangers become text, or one sentence."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from engine.errors import Invalid
from processes import sheets
from processes.sheets import Line, read_sheet, read_sheets


def workbook(path: Path, **content: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in content.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def repacked(path: Path, member: str, change: tuple[bytes, bytes]) -> Path:
    """Write a workbook anew with some bytes of one member replaced."""
    packed = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(*change) if name == member else data)
    return path


def test_a_workbook_reads_as_text_with_the_numbers_of_its_lines(tmp_path: Path) -> None:
    rows = [
        ["单位表"],
        [],
        ["代码", " 名称 ", "自"],
        [12, "清河", datetime.fromisoformat("2026-03-02")],
        [1.5, True, datetime.fromisoformat("2026-03-02T09:30")],
    ]
    path = workbook(tmp_path / "t.xlsx", 空=[], 单位=rows)
    assert [each.name for each in read_sheets(path)] == ["空", "单位"]
    assert read_sheet(path).lines == (
        Line(1, ("单位表",)),
        Line(3, ("代码", "名称", "自")),
        Line(4, ("12", "清河", "2026-03-02")),
        Line(5, ("1.5", "1", "2026-03-02 09:30:00")),
    )


def test_a_formula_is_never_evaluated(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", a=[["x", "=1+1", "=WEBSERVICE(1)", "y"]])
    assert read_sheet(path).lines == (Line(1, ("x", "", "", "y")),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_csv_reads_in_the_encodings_of_office_programs(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "单位.csv"
    path.write_bytes('代码;名称\r\n\r\nQY;"清河\n街道"\r\nQZ;清泽\r\n'.encode(encoding))
    sheet = read_sheet(path)
    assert sheet.name == "单位"
    assert sheet.lines[1:] == (Line(3, ("QY", "清河\n街道")), Line(5, ("QZ", "清泽")))


def test_a_zipped_csv_reads_like_a_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert [line.cells for line in read_sheet(path).lines] == [("a", "b"), ("1", "2")]


def test_a_sheet_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read_sheet(workbook(tmp_path / "t.xlsx", 单位=[["代码"]]), "人员")
    assert refused.value.code == "sheet.unknown"


def test_entities_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", a=[["x"]])
    doctype = b'<!DOCTYPE w [<!ENTITY e "bomb">]><worksheet'
    repacked(path, "xl/worksheets/sheet1.xml", (b"<worksheet", doctype))
    with pytest.raises(Invalid) as refused:
        read_sheet(path)
    assert refused.value.code == "sheet.unreadable"


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "t.xlsx", a=[["x"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/bomb.bin", b"\0" * 1_000_000)
    zipped = tmp_path / "t.csv.gz"
    zipped.write_bytes(gzip.compress(b"a," * 500_000))
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 900_000)
    for each in (path, zipped):
        with pytest.raises(Invalid) as refused:
            read_sheets(each)
        assert refused.value.code == "sheet.too_large"


def test_a_sheet_with_too_many_lines_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_LINES", 3)
    path = workbook(tmp_path / "t.xlsx", a=[["x"]] * 4)
    with pytest.raises(Invalid) as refused:
        read_sheets(path)
    assert refused.value.code == "sheet.too_large"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("t.xlsx", b"PK no zip at all", "sheet.unreadable"),
        ("t.xlsx", b"", "sheet.unreadable"),
        ("t.csv", b"\xff\xff\xff\xff", "sheet.unreadable"),
        ("t.csv.gz", b"not zipped", "sheet.unreadable"),
        ("t.xls", b"\xd0\xcf\x11\xe0", "sheet.file_type"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Invalid) as refused:
        read_sheets(tmp_path / name)
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read_sheets(tmp_path / "none.csv")
    assert refused.value.code == "sheet.missing"


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, member: str) -> None:
    path = repacked(workbook(tmp_path / "t.xlsx", a=[["x"]]), member, (b"sheet", b"<"))
    with pytest.raises(Invalid) as refused:
        read_sheets(path)
    assert refused.value.code == "sheet.unreadable"
