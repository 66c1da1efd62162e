"""A catalogue's entries as rows of the tables `standards` and `limits`.

Rows of an earlier import of the same catalogue are replaced (their note says whose they are), all
others stay: importing again changes nothing but what the file changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from engine.decision.sheet import Line, Sheet, spelled
from engine.sla.limit import Unit
from processes.catalogue.entries import Entry

CLOCK: Final = '"handle"'
ANYTHING: Final = ("-", "")
DANGEROUS: Final = ('"danger"', '"emergency"')
A_DAY: Final = 1440
MINUTES: Final[Mapping[Unit, int]] = {
    Unit.URGENT_MINUTE: 1,
    Unit.URGENT_HOUR: 60,
    Unit.WORK_HOUR: 60,
    Unit.URGENT_DAY: A_DAY,
    Unit.WORK_DAY: A_DAY,
    Unit.NATURAL_DAY: A_DAY,
}
MOST_CODES: Final = 60  # a cell may hold 2,000 characters


def with_standards(sheet: Sheet, entries: Sequence[Entry], note: str) -> Sheet:
    """Return the table `standards` with the entries in place of those of the same note."""
    kept = [line for line in sheet.lines if line.note != note]
    added = [standard_line(sheet, each, note) for each in entries]
    known = (each for each in sheet.inputs[0].listed if f'"{each}"' in {k.cells[0] for k in kept})
    heading = replace(sheet.inputs[0], listed=(*known, *(each.code for each in entries)))
    return replace(sheet, inputs=(heading,), lines=(*kept, *added))


def standard_line(sheet: Sheet, entry: Entry, note: str) -> Line:
    """Return an entry as a row; a catalogue in Chinese shows its Chinese to everybody."""
    said: dict[str, Any] = {
        "category": entry.category,
        "kind": entry.kind,
        "name": entry.name,
        "name_en": entry.name,
        "condition": entry.condition,
        "condition_en": entry.condition,
        "closing": entry.closing,
        "closing_en": entry.closing,
        "units": "、".join(entry.units),
        "limit_text": entry.limit_text,
        "season": entry.season,
    }
    outputs = (spelled(said.get(each.text, "")) for each in sheet.outputs)
    return Line((spelled(entry.code), *outputs), note)


def with_limits(sheet: Sheet, entries: Sequence[Entry], *, note: str, source: str) -> Sheet:
    """Return the table `limits` with the entries' handling limits.

    The table is read from above (FIRST): limits up to a day stand below the rows about danger and
    emergencies, longer ones below all about urgency: no standard takes away what haste gives.
    """
    kept = [line for line in sheet.lines if line.note != note]
    urgency = [each.text for each in sheet.inputs].index("case.urgency")
    danger = after(kept, lambda cells: any(each in DANGEROUS for each in cells))
    hasty = max(danger, after(kept, lambda cells: cells[urgency] not in ANYTHING))
    short, long = grouped(entries, short=True), grouped(entries, short=False)
    write = LimitWriter(sheet, note, source)
    lines = (
        *kept[:danger],
        *(write.line(limit, codes) for limit, codes in short),
        *kept[danger:hasty],
        *(write.line(limit, codes) for limit, codes in long),
        *kept[hasty:],
    )
    return replace(sheet, lines=lines)


def after(lines: Sequence[Line], is_meant: Callable[[tuple[str, ...]], bool]) -> int:
    """Return the place after the last handling row meant; before the first where none is."""
    handling = [at for at, line in enumerate(lines) if CLOCK in line.cells[0]]
    meant = [at + 1 for at in handling if is_meant(lines[at].cells)]
    return max(meant) if meant else min(handling, default=len(lines))


def grouped(
    entries: Iterable[Entry], *, short: bool
) -> list[tuple[tuple[int, Unit], tuple[str, ...]]]:
    """Return the codes that share a limit, in cells of a readable length."""
    found: dict[tuple[int, Unit], list[str]] = {}
    for each in entries:
        if each.value is None or each.unit is None:
            continue
        if (each.value * MINUTES[each.unit] <= A_DAY) is short:
            found.setdefault((each.value, each.unit), []).append(each.code)
    return [
        (limit, tuple(codes[at : at + MOST_CODES]))
        for limit, codes in found.items()
        for at in range(0, len(codes), MOST_CODES)
    ]


class LimitWriter:
    """Writes rows of `limits`, whatever other columns the table has."""

    def __init__(self, sheet: Sheet, note: str, source: str) -> None:
        self._sheet = sheet
        self._note = note
        self._source = source

    def line(self, limit: tuple[int, Unit], codes: Sequence[str]) -> Line:
        """Return the row that gives some standards their handling limit."""
        value, unit = limit
        asked = {"clock": CLOCK, "case.standard": ", ".join(map(spelled, codes))}
        said = {
            "value": value,
            "unit": unit.value,
            "counting": "rolling",
            "warn": 0.8,
            "source": self._source,
        }
        inputs = (asked.get(each.text, "-") for each in self._sheet.inputs)
        outputs = (
            spelled(said[each.text]) if each.text in said else "" for each in self._sheet.outputs
        )
        return Line((*inputs, *outputs), self._note)
