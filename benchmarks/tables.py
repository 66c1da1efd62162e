"""What it costs to ask a decision table of 5,000 rows, in memory.

    python -m benchmarks.tables

The data is what a clock asks: clock, standard, urgency, mode. An answer's time is that of the
fastest of many passes over a sample of cases: the machine is shared, the table is not.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from rich.console import Console
from rich.table import Table as Page

from engine.decision import Table, read_dmn

ROWS = 5_000
CLOCKS = 25
PASSES = 40
INPUTS = ("clock", "case.standard", "case.urgency", "case.mode")
OUTPUTS = ("value", "unit")


def dmn(rows: Sequence[Sequence[str]], policy: str) -> bytes:
    """Return a table as a file."""
    heads = "".join(
        f"<input><inputExpression><text>{each}</text></inputExpression></input>" for each in INPUTS
    )
    heads += "".join(f"<output name='{each}'/>" for each in OUTPUTS)
    body = ""
    for row in rows:
        tags = ["inputEntry"] * len(INPUTS) + ["outputEntry"] * len(OUTPUTS)
        cells = zip(tags, row, strict=True)
        written = "".join(f"<{tag}><text>{escape(cell)}</text></{tag}>" for tag, cell in cells)
        body += f"<rule>{written}</rule>"
    return (
        f"<definitions><decision id='d'><decisionTable hitPolicy='{policy}'>{heads}{body}"
        "</decisionTable></decision></definitions>"
    ).encode()


def row_of(number: int, standard: str) -> list[str]:
    """Return a row by its number."""
    urgency = '"normal"' if number % 3 else '"danger", "urgent", "normal"'
    return [f'"c{number % CLOCKS}"', standard, urgency, "-", str(number % 30 + 1), '"work_day"']


def case_of(number: int, standard: Any) -> Mapping[str, Any]:
    """Return the data that a row is meant for."""
    case = {"standard": standard, "urgency": "normal", "mode": "normal"}
    return {"clock": f"c{number % CLOCKS}", "case": case}


def microseconds(table: Table, cases: Sequence[Mapping[str, Any]]) -> float:
    """Return the time of an answer in the fastest of many passes."""
    table.decide(cases[0])  # builds the index
    found = []
    for _pass in range(PASSES):
        begun = time.perf_counter()
        for case in cases:
            table.decide(case)
        found.append((time.perf_counter() - begun) / len(cases))
    return min(found) * 1e6


def main() -> None:
    """Print a line for each kind of table."""
    page = Page("table of 5,000 rows", "read, ms", "answer, µs")
    sample = range(0, ROWS, 29)
    for policy in ("UNIQUE", "FIRST", "COLLECT"):
        begun = time.perf_counter()
        rows = [row_of(n, f'"s{n // CLOCKS}"') for n in range(ROWS)]
        (table,) = read_dmn(dmn(rows, policy))
        took = (time.perf_counter() - begun) * 1e3
        cases = [case_of(n, f"s{n // CLOCKS}") for n in sample]
        page.add_row(f"equality, {policy}", f"{took:.0f}", f"{microseconds(table, cases):.1f}")
    rows = [row_of(n, f"[{n // CLOCKS}..{n // CLOCKS}.5]") for n in range(ROWS)]
    begun = time.perf_counter()
    (table,) = read_dmn(dmn(rows, "FIRST"))
    took = (time.perf_counter() - begun) * 1e3
    cases = [case_of(n, n // CLOCKS) for n in sample]
    told = f"one column of intervals, {ROWS // CLOCKS} rows asked"
    page.add_row(told, f"{took:.0f}", f"{microseconds(table, cases):.1f}")
    Console().print(page)


if __name__ == "__main__":
    main()
