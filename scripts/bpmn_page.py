"""Write docs/bpmn.md: what of BPMN runs, what documents, what is refused and with which sentence.

Nothing of it is written by hand: each row is a small drawing (`bpmn_drawings.py`) that is put
before the table of rules which deploying, `shaodao check` and the engine share. A test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
sys.path[:0] = [str(TOP), str(TOP / "scripts")]

from bpmn_drawings import Row, rows  # noqa: E402

from engine.bpmn.beside import DOCUMENTATION  # noqa: E402
from engine.bpmn.read import read_diagram  # noqa: E402
from engine.bpmn.rows.calls import CALLS  # noqa: E402
from engine.bpmn.rules import RULES, SOUNDNESS, UNKNOWN, Rule, Severity, check  # noqa: E402
from engine.bpmn.standard.rules import STANDARD  # noqa: E402
from engine.bpmn.standard.schema import SCHEMA  # noqa: E402
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
"""
TABLE_HEAD = """
| code | | sentence | what helps |
|---|---|---|---|
"""
TEXT_HEAD = """
### The text of BPMN 2.0

What the specification asks of a file that runs without it. An error is only what could mean two
things or nothing. Nobody is told what nearly no modeler writes and what changes nothing: flows
listed at their ends in a file that lists none, expressions and scripts marked as formal and with
their language, an `operationRef` at every message, `source` and `target` of links, the name and
state of a data object at its references, MIME types of texts.
"""
SCHEMA_HEAD = """
### The schema of BPMN 2.0

Each file is held against the schema that SpiffWorkflow ships. Elements in BPMN's own name that BPMN
does not have, and values that it does not know, are refused: whoever drew them meant something.
Attributes beside the standard, order, missing parts and the spelling of names are told: many tools
write such files, and they run. At most twenty findings a file are told.
"""
DATA_TEXT = """
A data object is a variable of the process or sub-process it is drawn in: it begins as null (a
collection as an empty list), is seen by all that is drawn inside, and is gone with its scope. It is
called by its id, where other characters than letters, digits and `_` become `_`, and also by its
drawn name or that of a reference where this is one word and means nothing else there. Two
references to one object are one variable. A `property` is the same, of a process, a sub-process or
one activity; inputs and outputs are seen inside their activity only. Associations copy in on entry
and out at the end; an output that nothing was written to takes the field of the activity's answer
(a form, an operation, a decision, a message, what a call gives back) that bears its name. A call
activity passes its inputs and takes its outputs by these names, beside `in` and `out`. `assignment`
and `transformation` are expressions of our language. Of a multi-instance, `loopDataInputRef` is the
list that is gone through and `loopDataOutputRef` takes the list of answers; `inputDataItem` and
`outputDataItem` name the item and the answer of a round.
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
        text = DATA_TEXT if group == "Data" else ""
        yield f"\n## {group}\n{text}\n| drawn | |\n|---|---|\n{lines}\n"


def page() -> str:
    """Return the whole page."""
    documents = ", ".join(f"`{tag}`" for tag in sorted(DOCUMENTATION)) + ".\n"
    vendors = (
        f"| namespaces | {', '.join(f'`{prefix}` {ns}' for ns, prefix in VENDORS.items())} |\n"
        f"| attributes read | {', '.join(f'`{name}`' for name in ATTRIBUTES)} |\n"
        f"| elements read | {', '.join(f'`{name}`' for name in ELEMENTS)} |\n"
    )
    rules = (
        (RULE_HEAD, (*RULES, UNKNOWN, *CALLS, *SOUNDNESS)),
        (TEXT_HEAD, STANDARD),
        (SCHEMA_HEAD, SCHEMA),
    )
    listed = "".join(head + TABLE_HEAD + "".join(map(rule_row, group)) for head, group in rules)
    return HEAD + "".join(tables()) + DOCUMENTS + documents + VENDOR + vendors + listed


def rule_row(rule: Rule[Any]) -> str:
    """Return a rule's row."""
    return f"| `{rule.code}` | {rule.severity} | {rule.says.key} | {rule.advice.key} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
