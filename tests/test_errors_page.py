"""docs/errors.md says what the code says."""

from __future__ import annotations

import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "scripts" / "errors_page.py"


def test_the_page_is_what_the_code_says() -> None:
    made = runpy.run_path(str(SCRIPT))
    assert made["PAGE"].read_text("utf-8") == made["page"](), "run scripts/errors_page.py"


def test_every_refusal_has_a_sentence() -> None:
    made = runpy.run_path(str(SCRIPT))
    silent = {code for code, (_kind, said) in made["refusals"]().items() if not said}
    # Sentences that are put together: of a form's fields, of a folder's own reasons, of a report.
    assert silent == {"form.invalid", "outcome.not_now", "move.trail"}
