"""docs/edge-cases.md names tests that exist: a file, and after it words of a test's own name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROWS = re.findall(
    r"^\| (E-\d+) \| [^|]* \| ([^|]*) \|$",
    (ROOT / "docs" / "edge-cases.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
NAMED = re.compile(r"^(?:`(?P<file>[\w/]*test_\w+\.py)`)?(?P<words>.*)$")


def test_there_are_fifty() -> None:
    assert [case for case, _shown in ROWS] == [f"E-{n}" for n in range(1, 51)]


@pytest.mark.parametrize(("case", "shown"), ROWS, ids=[case for case, _shown in ROWS])
def test_what_shows_a_case_exists(case: str, shown: str) -> None:
    source = ""
    for part in shown.split(";"):
        named = NAMED.match(part.strip())
        assert named is not None
        if named["file"]:
            path = (
                named["file"] if "/" in named["file"] else f"tests/processes/chain/{named['file']}"
            )
            source = (ROOT / path).read_text(encoding="utf-8")
        words = re.sub(r"\W+", "_", named["words"].split(":")[0].strip())
        if source and words:
            assert re.search(rf"def test_\w*{words}", source), f"{case}: no test {words}"
