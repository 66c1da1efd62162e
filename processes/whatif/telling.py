"""A what-if put into words: units, categories, clocks and reasons by name, examples explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.units import unit_names
from processes.whatif.judge import Counted, Judged
from processes.whatif.past import Past, Period, drawn_rows
from processes.whatif.result import GROUPS, Count, Example, Result


def told(reader: Reader, result: Result, period: Period) -> dict[str, Any]:
    """Return a result as plain values: what `--json` prints and the page shows."""
    names = Names(reader, result)
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        **result.figures(),
        "groups": {group: rows(result.group(group), names.of(group)) for group in GROUPS},
        "reasons": [
            {"code": code, "count": count, "sentence": reader.say(result.reasons[code].text)}
            for code, count in sorted(result.left_out.items(), key=lambda each: (-each[1], each[0]))
        ],
        "examples": {
            way: [example(each, names) for each in kept] for way, kept in result.examples.items()
        },
    }


def rows(counts: Mapping[str, Count], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the counts of a group, those with most turns first."""
    most_first = sorted(
        counts.items(), key=lambda each: (-each[1].to_late - each[1].to_time, each[0])
    )
    return [
        {"code": code, "name": names.get(code, code), **vars(count)} for code, count in most_first
    ]


class Names:
    """The words for what a result is counted by."""

    def __init__(self, reader: Reader, result: Result) -> None:
        self.reader = reader
        connection = reader.connection
        self._units = unit_names(connection, set(result.group("departments")))
        shown = [each.judged.past for kept in result.examples.values() for each in kept]
        wanted = [past.id for past in (*shown, *result.one_each.values())]
        self._drawn: Mapping[Any, Row] = drawn_rows(connection, wanted)
        self._clocks = {code: self.clock(past) for code, past in result.one_each.items()}
        self._categories = {
            code: reader.word("categories", code) for code in result.group("categories")
        }

    def of(self, group: str) -> Mapping[str, str]:
        """Return the names of a group's codes."""
        found = {
            "departments": self._units,
            "clocks": self._clocks,
            "categories": self._categories,
        }
        return found.get(group, {})

    def clock(self, past: Past) -> str:
        """Return what a clock is called in the drawing it ran in."""
        drawn = self.reader.drawn(self._drawn[past.id])
        return drawn.word("clocks", past.row.code)

    def unit(self, code: str | None) -> str:
        """Return a unit's name."""
        return self._units.get(code or "", code or "")


def example(each: Example, names: Names) -> dict[str, Any]:
    """Return a clock that turned, with both derivations."""
    judged: Judged = each.judged
    row = judged.past.row
    return {
        "case_number": row.number,
        "clock": row.code,
        "label": names.clock(judged.past),
        "department": row.holder,
        "department_name": names.unit(row.holder),
        "stopped_at": row.stopped_at,
        "then": side(judged.then, names.reader),
        "now": side(judged.now, names.reader),
    }


def side(counted: Counted, reader: Reader) -> dict[str, Any]:
    """Return one verdict on a clock with its whole count."""
    data = counted.derivation().as_data(reader.locale)
    return {"late": counted.since is not None, **data}
