"""docs/dmn.md says what the reader of tables does."""

from __future__ import annotations

import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "scripts" / "dmn_page.py"


def test_the_page_is_what_the_reader_does() -> None:
    made = runpy.run_path(str(SCRIPT))
    assert made["PAGE"].read_text("utf-8") == made["page"](), "run scripts/dmn_page.py"
