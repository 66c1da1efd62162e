"""Files that spreadsheets open: rows as CSV, nothing in them that would be calculated."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from werkzeug.wrappers import Response

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets would calculate
BOM: Final = "\ufeff"  # without it they take Chinese for something else


def csv_file(name: str, lines: Iterable[Sequence[str | int]]) -> Response:
    """Hand out rows under a file name."""
    text = io.StringIO()
    csv.writer(text).writerows([safe(cell) for cell in line] for line in lines)
    return Response(
        BOM + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def safe(cell: str | int) -> str | int:
    """Return a cell; a text that would be calculated stands behind an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
