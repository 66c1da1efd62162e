"""Rehearse every sample and write tests/conformance/samples.toml anew.

What a person wrote there (`why`, `data`) is kept. A sample whose answer has changed is named: its
sentence has to be read again beside the drawing.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from engine.rehearsal.rehearse import rehearse  # noqa: E402

SAMPLES = TOP.parent / "shared" / "bpmn-samples"
PAGE = TOP / "tests" / "conformance" / "samples.toml"
SUFFIXES = (".bpmn", ".xml")
HEAD = """# Every sample of ../shared/bpmn-samples: whether it runs, and why, in a sentence that can
# be checked against the drawing. `data` is what a run begins with, `ended` how it ends when all
# work at once. scripts/samples.py writes what is measured; `why` and `data` are a person's.
"""


def answer(path: Path, data: dict[str, Any]) -> dict[str, str]:
    """Return what a sample does: refused where and by which rule, or how its run ends."""
    told = rehearse(path.read_bytes(), path.name, data=data)
    if told.refused:
        where = told.refused
        return {"answer": "refused", "element": where["element"], "code": where["code"]}
    return {"answer": "runs", "ended": told.ended}


def known() -> dict[str, dict[str, Any]]:
    """Return the samples as they are written down."""
    return tomllib.loads(PAGE.read_text("utf-8")) if PAGE.exists() else {}


def text(value: Any) -> str:
    """Write a value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {text(each)}" for key, each in value.items()) + " }"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\\\").replace('"', '\\"') + '"'
    return str(value)


def main() -> None:
    """Write the page; tell what has changed."""
    before, lines = known(), [HEAD]
    for path in sorted(each for each in SAMPLES.iterdir() if each.name.endswith(SUFFIXES)):
        said = before.get(path.name, {})
        found = answer(path, said.get("data", {}))
        if {key: said.get(key) for key in found} != found:
            print(f"{path.name}: {found}", file=sys.stderr)  # noqa: T201
        kept = {key: said[key] for key in ("data", "why") if key in said}
        fields = "\n".join(f"{key} = {text(value)}" for key, value in {**found, **kept}.items())
        lines.append(f'["{path.name}"]\n{fields}\n')
    PAGE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
