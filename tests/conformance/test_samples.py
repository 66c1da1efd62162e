"""Every sample runs or is refused as tests/conformance/samples.toml says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from engine.rehearsal.rehearse import rehearse

TOP = Path(__file__).parents[2]
SAMPLES = TOP.parent / "shared" / "bpmn-samples"
SAID: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "samples.toml").read_text("utf-8")
)

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no samples in {SAMPLES}")


@pytest.mark.parametrize("name", SAID)
def test_sample(name: str) -> None:
    said = SAID[name]
    told = rehearse((SAMPLES / name).read_bytes(), name, data=said.get("data", {}))
    if said["answer"] == "refused":
        assert told.refused is not None, "it runs now: run scripts/samples.py"
        assert (told.refused["element"], told.refused["code"]) == (said["element"], said["code"])
    else:
        assert told.refused is None
        assert told.ended == said["ended"]


def test_every_sample_has_a_sentence() -> None:
    files = {path.name for path in SAMPLES.iterdir() if path.suffix in (".bpmn", ".xml")}
    assert files == set(SAID)
    assert [name for name, said in SAID.items() if not said.get("why", "").endswith(".")] == []
