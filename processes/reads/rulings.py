"""What a decision table answered to a case, in words: out of the rows that the trail names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from engine.decision import Table
from engine.decision.table import DEFAULTS_ROW
from engine.errors import ShaodaoError
from engine.expr import Expression
from engine.i18n import _
from processes.reads.answers import listed, with_kind
from processes.reads.entries import Entry
from processes.reads.reader import Reader
from processes.reads.rows import Ruling

MADE: Final = "decision.made"
Said = Mapping[str, Any]
Units = Mapping[str, str]


def ruling_of(entry: Entry) -> Ruling:
    """Return which rows of which version an entry names."""
    data = entry.data
    return Ruling(data["decision"], UUID(data["table"]), tuple(data["rows"]))


def units_in(reader: Reader, found: Iterable[Entry]) -> Iterator[str]:
    """Yield the codes of the units that tables answered with."""
    for entry in found:
        if entry.kind == MADE:
            yield from (each["unit"] for each in said(reader, ruling_of(entry)) if "unit" in each)


def said(reader: Reader, ruling: Ruling) -> tuple[Said, ...]:
    """Return what the rows say, by name of the output; nothing where the version is gone."""
    table = reader.folders.version(reader.connection, ruling.decision, ruling.version)
    if table is None:
        return ()
    return tuple(outputs(table, row) for row in ruling.rows if row <= len(table.rules))


def outputs(table: Table, row: int) -> Said:
    """Return the outputs of a row, of the default outputs for row 0; empty cells left out."""
    cells = (
        (each.default for each in table.outputs)
        if row == DEFAULTS_ROW
        else table.rules[row - 1].outputs
    )
    pairs = zip(table.outputs, cells, strict=True)
    return {output.name: literal(cell) for output, cell in pairs if cell is not None}


def literal(cell: Expression) -> Any:
    """Return the value of a cell, its text where it depends on the case."""
    try:
        return cell.value({})
    except ShaodaoError:
        return cell.text


def in_words(reader: Reader, ruling: Ruling, units: Units) -> str:
    """Return what a table answered: "市政工程服务中心（主办）"."""
    needs, say = SPOKEN.get(ruling.decision, (frozenset(), as_written))
    return listed(
        reader,
        [
            say(reader, each, units) if needs <= each.keys() else as_written(reader, each, units)
            for each in said(reader, ruling)
        ],
    )


def candidate(reader: Reader, row: Said, units: Units) -> str:
    """Return a unit that is to be whistled for and how it takes part."""
    return with_kind(reader, row, units)


def duty(reader: Reader, row: Said, _units: Units) -> str:
    """Return whose duty the matter is, with the clause of the duty list."""
    kind = reader.word("duty_kinds", row["kind"])
    item = " ".join(str(row[name]) for name in ("clause", "text") if row.get(name))
    return reader.say(_("{name}：{condition}", name=kind, condition=item)) if item else kind


def as_written(_reader: Reader, row: Said, _units: Units) -> str:
    """Return the values of a table that nobody has words for."""
    return " ".join(str(value) for value in row.values() if value not in (None, ""))


SPOKEN: Final[Mapping[str, tuple[frozenset[str], Callable[[Reader, Said, Units], str]]]] = {
    "dispatch": (frozenset({"unit", "kind"}), candidate),
    "duty_items": (frozenset({"kind"}), duty),
}
"""The chain's own tables: the outputs that the words need, and what says them."""
