"""Write the table of docs/permissions.md from processes/permissions.py; a test compares."""

from __future__ import annotations

import re
from pathlib import Path

from processes.permissions import AGENTS, ROLES, TABLE, Relation

PAGE = Path(__file__).parents[1] / "docs" / "permissions.md"
MATRIX = re.compile(r"^\| action \| `.*?(?=\n\n)", re.MULTILINE | re.DOTALL)
WORDS = {
    Relation.ANYWHERE: "anywhere",
    Relation.BELOW: "below",
    Relation.OWN_UNIT: "own unit",
    Relation.OWN_REPORT: "own report",
    Relation.CONTACT: "contact",
}


def matrix() -> str:
    """Return the table: a row an action, a column a role or agent."""
    columns = (*ROLES, *AGENTS)
    rows = [
        "| action | " + " | ".join(f"`{name}`" for name in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for action, relations in TABLE.items():
        cells = (said(relations.get(name)) for name in columns)
        rows.append(f"| `{action}` | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def said(relation: Relation | None) -> str:
    """Return a cell's words."""
    return "–" if relation is None else " or ".join(WORDS[each] for each in relation)


def main() -> None:
    """Put the table in its place on the page."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(MATRIX.sub(lambda _found: matrix(), page, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
