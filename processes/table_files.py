"""Rows of foreign tables: CSV, plain or gzipped, read one at a time with their line numbers."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from engine.errors import Invalid, ShaodaoError
from engine.i18n import _


@dataclass(frozen=True)
class SourceRow:
    """A row by column name; `problem` where it could not be read as one."""

    line: int
    values: dict[str, str]
    problem: ShaodaoError | None = None


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[TextIO]:
    """Open a CSV file for reading. Raises Invalid("import.…") for what is none."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] != [".csv"] and suffixes[-2:] != [".csv", ".gz"]:
        raise Invalid(
            "import.file_type", _("只能导入 .csv 或 .csv.gz 文件，{path} 不是。", path=path)
        )
    tolerant = "utf-8-sig" if encoding.lower().replace("_", "-") == "utf-8" else encoding
    try:
        if suffixes[-1] == ".gz":
            with gzip.open(path, "rt", encoding=tolerant, newline="") as zipped:
                yield zipped
        else:
            with path.open(encoding=tolerant, newline="") as plain:
                yield plain
    except FileNotFoundError as error:
        raise Invalid("import.file_missing", _("找不到文件 {path}。", path=path)) from error
    except (UnicodeDecodeError, EOFError, OSError, LookupError) as error:
        raise Invalid(
            "import.unreadable",
            _(
                "读不了文件 {path}，请检查是否完整、编码是否为 {encoding}。",
                path=path,
                encoding=encoding,
            ),
        ) from error


def read_rows(file: TextIO, needed: Iterable[str]) -> Iterator[SourceRow]:
    """Yield the rows of a CSV. Raises Invalid("import.columns_missing") before the first."""
    reader = csv.reader(file)
    header = [name.strip() for name in next(reader, [])]
    missing = sorted(set(needed) - set(header))
    if missing:
        raise Invalid(
            "import.columns_missing", _("文件里缺少列：{names}。", names="、".join(missing))
        )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield SourceRow(
                line, {}, Invalid("import.row", _("这一行不是合法的 CSV，或者有一格太长。"))
            )
            continue
        if cells:
            yield source_row(line, header, cells)


def source_row(line: int, header: list[str], cells: list[str]) -> SourceRow:
    """Name a row's cells, or say that it has too many or too few."""
    if len(cells) == len(header):
        return SourceRow(line, dict(zip(header, cells, strict=True)))
    text = _("这一行有 {found} 列，应为 {wanted} 列。", found=len(cells), wanted=len(header))
    return SourceRow(line, {}, Invalid("import.row", text))
