"""docs/bpmn.md says what the rules say, and what it says runs does run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.rehearsal.rehearse import rehearse

SCRIPTS = Path(__file__).parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import bpmn_page  # noqa: E402
from bpmn_drawings import Row, rows  # noqa: E402


def test_the_page_is_what_the_rules_say() -> None:
    assert bpmn_page.PAGE.read_text("utf-8") == bpmn_page.page(), "run scripts/bpmn_page.py"


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: row.name)
def test_what_is_said_to_run_runs(row: Row) -> None:
    told = rehearse(row.xml(), "p.bpmn", decide=lambda _table, _data: "")
    if bpmn_page.answer(row) != bpmn_page.RUNS:
        assert told.refused is not None
        return
    assert told.refused is None
    fails = row.name == "endEvent, error"
    assert told.ended in ({"error"} if fails else {"completed", "waiting"}), told.trace
