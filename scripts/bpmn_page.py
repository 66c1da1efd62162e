"""Write docs/bpmn.md: what of BPMN runs, what documents, what is refused and with which sentence.

Nothing of it is written by hand: each row is a small drawing (`bpmn_drawings.py`) that is put
before the table of rules which deploying, `shaodao check` and the engine share. A test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

TOP = Path(__file__).parents[1]
sys.path[:0] = [str(TOP), str(TOP / "scripts")]

from bpmn_drawings import Row, rows  # noqa: E402

from engine.bpmn.beside import DOCUMENTATION  # noqa: E402
from engine.bpmn.read import read_diagram  # noqa: E402
from engine.bpmn.rules import RULES, UNKNOWN, Severity, check  # noqa: E402
from engine.errors import ShaodaoError  # noqa: E402
from engine.foreign.proposals import ATTRIBUTES, ELEMENTS, VENDORS  # noqa: E402

PAGE = TOP / "docs" / "bpmn.md"
RUNS = "runs"
HEAD = """# What of BPMN runs

A diagram runs as BPMN 2.0 says, or it is refused before it is deployed, with the element and a
sentence. This page is written by `scripts/bpmn_page.py`: each row is a small drawing that is put
before the same table of rules (`engine/bpmn/rules.py`) that deploying and `shaodao check` use, and
a test rehearses every row that is said to run.
"""
DOCUMENTS = """
## Documentation only

These are read over. They stay in the file, are shown where a diagram is drawn, and change nothing
in the run; `shaodao check` counts them.

"""
VENDOR = """
## Vendors' attributes and elements

Never executed. `shaodao check` proposes what to draw instead, with the severity `hint`. Expressions
of the simple kind in JUEL (`${x > 1}`) and FEEL (`=x > 1`) are proposed in our own language;
`shaodao run` calculates them so and says so.

| vendors | |
|---|---|
"""
RULE_HEAD = """
## Every rule

What is refused (error) and what is only told (warning), with what helps.

| code | | sentence | what helps |
|---|---|---|---|
"""


def answer(row: Row) -> str:
    """Return `runs`, or the sentence with which a drawing is refused."""
    try:
        findings = check(read_diagram(row.xml()))
    except ShaodaoError as error:
        return f"refused `{error.code}`: {error.text}"
    for finding in findings:
        if finding.severity is Severity.ERROR:
            return f"refused `{finding.code}`: {finding.text}"
    return RUNS


def tables() -> Iterator[str]:
    """Yield the groups of rows as tables."""
    for group, members in groupby(rows(), key=lambda row: row.group):
        lines = "\n".join(f"| {row.name} | {answer(row)} |" for row in members)
        yield f"\n## {group}\n\n| drawn | |\n|---|---|\n{lines}\n"


def page() -> str:
    """Return the whole page."""
    documents = ", ".join(f"`{tag}`" for tag in sorted(DOCUMENTATION)) + ".\n"
    vendors = (
        f"| namespaces | {', '.join(f'`{prefix}` {ns}' for ns, prefix in VENDORS.items())} |\n"
        f"| attributes read | {', '.join(f'`{name}`' for name in ATTRIBUTES)} |\n"
        f"| elements read | {', '.join(f'`{name}`' for name in ELEMENTS)} |\n"
    )
    rules = "".join(
        f"| `{rule.code}` | {rule.severity} | {rule.says.key} | {rule.advice.key} |\n"
        for rule in (*RULES, UNKNOWN)
    )
    return HEAD + "".join(tables()) + DOCUMENTS + documents + VENDOR + vendors + RULE_HEAD + rules


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
