"""Reading foreign tables row by row, whatever state they are in."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from engine.errors import Invalid
from processes.table_files import SourceRow, open_text, read_rows


def rows(path: Path, *, encoding: str = "utf-8") -> list[SourceRow]:
    with open_text(path, encoding) as text:
        return list(read_rows(text, ["a", "b"]))


def test_rows_come_with_the_line_they_begin_at(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('\ufeffa,b,c\n1,"two\nlines",3\n\n4,5,6\n', encoding="utf-8")
    first, second = rows(path)
    assert (first.line, first.values["b"]) == (2, "two\nlines")
    assert (second.line, second.values) == (5, {"a": "4", "b": "5", "c": "6"})


def test_a_row_with_too_many_cells_is_a_problem_of_that_row(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2,3\n4,5\n", encoding="utf-8")
    wide, good = rows(path)
    assert wide.problem is not None
    assert wide.problem.code == "import.row"
    assert good.problem is None


def test_a_zipped_file_reads_like_a_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress("a,b\n臺南,1\n".encode()))
    assert rows(path)[0].values["a"] == "臺南"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("t.csv", b"a,c\n1,2\n", "import.columns_missing"),
        ("t.csv", b"", "import.columns_missing"),
        ("t.csv", b"a,b\n\xff\xfe,1\n", "import.unreadable"),
        ("t.csv.gz", b"not zipped", "import.unreadable"),
        ("t.csv.gz", gzip.compress(b"a,b\n1,2\n" * 50, mtime=0)[:-9], "import.unreadable"),
        ("t.xlsx", b"PK", "import.file_type"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Invalid) as refused:
        rows(path)
    assert refused.value.code == code


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        rows(tmp_path / "none.csv")
    assert refused.value.code == "import.file_missing"
