"""Write docs/dmn.md: what of DMN is read, what only documents, what is refused with which sentence.

Each row is a small table that is put before the reader that deploying uses and, where it can be
read, is asked for an answer. A test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from engine.decision import read_dmn  # noqa: E402
from engine.errors import ShaodaoError  # noqa: E402

PAGE = TOP / "docs" / "dmn.md"
HEAD = """# What of DMN runs

Decision tables are read from any DMN namespace from 1.1 on; nothing else of DMN is. A table that
could not be answered as written is refused when it is deployed, with row and column. This page is
written by `scripts/dmn_page.py`: each row is a small table (`n` is 5, `kind` is "road") that is put
before the reader and asked; cells with dates and durations over the first of May and two hours.

Documentation only: `knowledgeRequirement`, `authorityRequirement`, `knowledgeSource`, `inputData`,
`description`, `annotationEntry`, `preferredOrientation`, the diagram, vendors' attributes. Of
`typeRef` only dates and durations of input columns are looked at, since data holds them as text; by
`inputValues` only the check for completeness goes.

One thing differs from the standard: a last row that takes anything speaks only where no other row
does, under every hit policy, so that a table can say what else holds.
"""
DATA: dict[str, Any] = {"n": 5, "kind": "road"}
POLICIES = ("UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER", "PRIORITY", "OUTPUT ORDER")
CELLS = (
    *("", "-", "5", "4, 5", '"road"', '"road", "water"', "true", "null"),
    *("< 6", ">= 5", "= 5", "!= 5", "[1..10]", "(1..10)", "]1..10[", "[1..10[", "[6..9], 5"),
    *("not(4)", "not(< 3, 7)", "n", "n - 1", "n > 3", "? > 3", "? > 3 and ? < 9", "? in [4, 5]"),
    *('["road", "water"]', 'date("2026-05-01")', '@"2026-05-01"', '[@"PT1H"..@"P1D"]'),
    *('< date and time("2026-05-01T09:00")', '"road" < "s"', "road", "< true", "[9..1]"),
    *("? in [1..9]", "if n > 3 then 5 else 6", 'time("09:00")'),
)
VALUES = (
    *("", "-", "7", '"done"', "true", "n * 2", '["a", "b"]', 'duration("PT2H")', '@"PT2H"'),
    *('date and time("2026-05-01T09:00")', "n ** 2"),
)
ASKED = (
    ("date and time", 'datetime("2026-05-01")'),
    ("2026", 'date("2026-05-01")'),
    ("PT", 'duration("PT2H")'),
    ('"', "kind"),
)


@dataclass(frozen=True)
class Row:
    """A row of the page: what is drawn, and the file that it is asked from."""

    group: str
    name: str
    xml: str


def table_row(cell: str, value: str) -> str:
    """Return a row with one input and one output cell."""
    return (
        f"<rule><inputEntry><text>{escape(cell)}</text></inputEntry>"
        f"<outputEntry><text>{escape(value)}</text></outputEntry></rule>"
    )


def table(
    cell: str, value: str, *, attributes: str = "", rules: int = 1, output: str = "", then: str = ""
) -> str:
    """Return a table with one input column, over what the cell is about."""
    asked = next((asked for mark, asked in ASKED if mark in cell), "n")
    return (
        f'<decision id="d"><decisionTable {attributes}><input><inputExpression>'
        f"<text>{escape(asked)}</text>"
        f'</inputExpression></input><output name="out">{output}</output>'
        f"{table_row(cell, value) * rules}{then}"
        "</decisionTable></decision>"
    )


def rows() -> Iterator[Row]:
    """Yield all rows in the order of the page."""
    yield Row("Decisions", "decisionTable", table("-", "1"))
    yield Row("Decisions", "literalExpression", '<decision id="d"><literalExpression/></decision>')
    for name, href in (("of the file", "#e"), ("of another file", "other.dmn#e")):
        other = '<decision id="e"><decisionTable><output/>'
        other += "<rule><outputEntry><text>7</text></outputEntry></rule></decisionTable></decision>"
        arrow = f'<requiredDecision href="{href}"/>'
        drawn = table("-", "e + 1").replace(
            "<decisionTable",
            f"<informationRequirement>{arrow}</informationRequirement><decisionTable",
        )
        yield Row("Decisions", f"decisionTable that requires a decision {name}", drawn + other)
    yield Row("Decisions", "context", '<decision id="d"><context/></decision>')
    yield Row("Decisions", "invocation", '<decision id="d"><invocation/></decision>')
    yield Row("Decisions", "businessKnowledgeModel alone", '<businessKnowledgeModel id="d"/>')
    for policy in POLICIES:
        drawn = table("5", "1", attributes=f'hitPolicy="{policy}"', rules=2)
        yield Row("Hit policies", f"{policy}, two rows that hit", drawn)
    for policy in ("PRIORITY", "OUTPUT ORDER"):
        listed = "<outputValues><text>1, 2</text></outputValues>"
        drawn = table(
            "5",
            "2",
            attributes=f'hitPolicy="{policy}"',
            output=listed,
            then=table_row("> 4", "1"),
        )
        yield Row(
            "Hit policies", f"{policy}, the second row has what outputValues list first", drawn
        )
    drawn = table("5", "1", then=table_row("-", "2"))
    yield Row("Hit policies", "UNIQUE, a row that hits and a last one that takes anything", drawn)
    for way in ("SUM", "MIN", "MAX", "COUNT", "AVG"):
        attributes = f'hitPolicy="COLLECT" aggregation="{way}"'
        yield Row(
            "Hit policies",
            f"COLLECT, aggregation {way}",
            table("5", "2", attributes=attributes, rules=2),
        )
    for cell in CELLS:
        yield Row("Input cells", f"`{cell}`" if cell else "empty", table(cell, "1"))
    for value in VALUES:
        yield Row("Output cells", f"`{value}`" if value else "empty", table("-", value))
    default = "<defaultOutputEntry><text>1</text></defaultOutputEntry>"
    yield Row("Output cells", "defaultOutputEntry, no row hits", table("9", "2", output=default))
    listed = "<outputValues><text>1, 2</text></outputValues>"
    yield Row(
        "Output cells", "a literal that outputValues do not list", table("-", "3", output=listed)
    )


def answer(row: Row) -> str:
    """Return what a row gives, or the sentence with which it is refused."""
    content = (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">{row.xml}</definitions>'
    )
    try:
        read = read_dmn(content.encode())[0]
    except ShaodaoError as error:
        return f"refused `{error.code}`: {error.text}"
    try:
        return f"runs: `{read.decide(DATA).value}`"
    except ShaodaoError as error:
        return f"runs: incident `{error.code}`: {error.text}"


def page() -> str:
    """Return the whole page."""
    text = HEAD
    for group, members in groupby(rows(), key=lambda row: row.group):
        lines = "".join(f"| {row.name} | {answer(row)} |\n" for row in members)
        text += f"\n## {group}\n\n| drawn | |\n|---|---|\n{lines}"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
