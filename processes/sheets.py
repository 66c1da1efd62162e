"""Spreadsheets as plain text: XLSX and CSV become lines of cells. openpyxl is imported here only.

Files come from strangers: a size is checked before it is unpacked, entities are refused, formulas
are never evaluated (a cell shows what its program stored last), and nothing but text comes out.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import openpyxl

from engine.errors import Invalid
from engine.i18n import _

MOST_BYTES: Final = 32 * 1024 * 1024  # of the file as handed in
MOST_UNPACKED: Final = 256 * 1024 * 1024  # of what a workbook or a zipped CSV unpacks to
MOST_MEMBERS: Final = 2_000
MOST_LINES: Final = 100_000  # of one sheet
MOST_COLUMNS: Final = 256
MOST_SHEETS: Final = 50
ENCODINGS: Final = ("utf-8-sig", "gb18030")  # what office programs here write CSV in


@dataclass(frozen=True)
class Line:
    """A line that is not empty: its number in the file, from 1, and its cells as trimmed text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook; a CSV is one sheet, named after its file."""

    name: str
    lines: tuple[Line, ...]


def read_sheets(path: Path, *, encoding: str = "") -> tuple[Sheet, ...]:
    """Read every sheet of an .xlsx, .csv or .csv.gz file.

    `encoding` is that of a CSV; without one UTF-8 and GB 18030 are tried. Raises
    Invalid("sheet.missing", "sheet.file_type", "sheet.too_large", "sheet.unreadable").
    """
    data = bytes_of(path)
    name = path.name.lower()
    if name.endswith(".xlsx"):
        return read_workbook(path, data)
    if name.endswith((".csv", ".csv.gz")):
        text = decoded(path, unzipped(path, data) if name.endswith(".gz") else data, encoding)
        return (Sheet(path.name.split(".")[0], tuple(csv_lines(path, text))),)
    raise Invalid(
        "sheet.file_type", _("只能读取 .xlsx、.csv 或 .csv.gz 文件，{path} 不是。", path=path)
    )


def read_sheet(path: Path, name: str = "", *, encoding: str = "") -> Sheet:
    """Read one sheet: the one of that name, else the first that holds anything.

    Raises Invalid as `read_sheets` does, and Invalid("sheet.unknown").
    """
    sheets = read_sheets(path, encoding=encoding)
    if not name:
        return next((each for each in sheets if each.lines), sheets[0])
    found = next((each for each in sheets if each.name == name), None)
    if found is None:
        raise Invalid(
            "sheet.unknown", _("文件 {path} 里没有名为“{name}”的工作表。", path=path, name=name)
        )
    return found


def bytes_of(path: Path) -> bytes:
    """Return a file's content, after a look at its size."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise too_large(path)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Invalid("sheet.missing", _("找不到文件 {path}。", path=path)) from error
    except OSError as error:
        raise unreadable(path) from error


def read_workbook(path: Path, data: bytes) -> tuple[Sheet, ...]:
    """Read a workbook's sheets, hidden ones left out."""
    try:
        refuse_bomb(path, data)
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        try:
            shown = [each for each in book.worksheets if each.sheet_state == "visible"]
            if len(shown) > MOST_SHEETS:
                raise too_large(path)
            return tuple(Sheet(each.title, tuple(sheet_lines(path, each))) for each in shown)
        finally:
            book.close()
    except Invalid:
        raise
    except Exception as error:  # openpyxl trips over damaged parts in every way Python knows
        raise unreadable(path) from error


def refuse_bomb(path: Path, data: bytes) -> None:
    """Refuse a workbook that unpacks to more than anybody typed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > MOST_UNPACKED:
        raise too_large(path)


def sheet_lines(path: Path, sheet: Any) -> Iterator[Line]:
    """Yield a sheet's lines. What it says of its own size is not believed."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    yield from numbered(path, enumerate(rows, start=1))


def csv_lines(path: Path, text: str) -> Iterator[Line]:
    """Yield the lines of a CSV; its separator is a comma, a semicolon or a tabulator."""
    head = text[: text.find("\n") + 1 or len(text)]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from numbered(path, started(reader))
    except csv.Error as error:
        raise unreadable(path) from error


def started(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the number of the line they begin at: a cell may span several."""
    begins = 1
    for row in reader:
        yield begins, row
        begins = reader.line_num + 1


def numbered(path: Path, rows: Iterable[tuple[int, Iterable[Any]]]) -> Iterator[Line]:
    """Yield lines that hold anything, their empty tail cut off."""
    for number, row in rows:
        cells = [text_of(value) for value in row][:MOST_COLUMNS]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if number > MOST_LINES:
            raise too_large(path)
        yield Line(number, tuple(cells))


def text_of(value: Any) -> str:
    """Return a cell as text: whole numbers without a point, days and instants in ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value).strip()


def unzipped(path: Path, data: bytes) -> bytes:
    """Return what a gzip holds, up to the limit."""
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            content = packed.read(MOST_UNPACKED + 1)
    except (OSError, EOFError) as error:
        raise unreadable(path) from error
    if len(content) > MOST_UNPACKED:
        raise too_large(path)
    return content


def decoded(path: Path, data: bytes, encoding: str) -> str:
    """Return a CSV's text in the encoding that fits."""
    for each in (encoding,) if encoding else ENCODINGS:
        try:
            return data.decode(each)
        except (UnicodeDecodeError, LookupError):
            continue
    raise unreadable(path)


def too_large(path: Path) -> Invalid:
    """Return the refusal of what is bigger than any table of an office."""
    return Invalid(
        "sheet.too_large", _("文件 {path} 太大，请分成几个较小的文件再导入。", path=path)
    )


def unreadable(path: Path) -> Invalid:
    """Return the refusal of a damaged file."""
    return Invalid(
        "sheet.unreadable", _("读不了文件 {path}，请用表格软件重新另存后再试。", path=path)
    )
