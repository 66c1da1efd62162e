"""A replay on a draft drawing in words: what fits as any what-if, what does not by its act."""

from __future__ import annotations

from collections import Counter
from typing import Any

from processes.reads.reader import Reader
from processes.reads.units import unit_names
from processes.whatif.past import Period
from processes.whatif.playing import Divergence
from processes.whatif.recorded import Act
from processes.whatif.structural import Played
from processes.whatif.telling import told


def told_played(reader: Reader, played: Played, period: Period) -> dict[str, Any]:
    """Return what came of a sample as plain values: what `--json` prints and the page shows."""
    units = unit_names(reader.connection, {unit_of(each) for each in played.diverging} - {""})
    rows = [diverging(reader, each, units.get(unit_of(each), "")) for each in played.diverging]
    return {
        **told(reader, played.result, period),
        "closed": played.closed,
        "sampled": played.sampled,
        "diverging": rows,
        "places": places(rows),
        "only_then": dict(played.only_then),
        "only_now": dict(played.only_now),
    }


def diverging(reader: Reader, found: Divergence, unit: str) -> dict[str, Any]:
    """Return where a case leaves the draft; of its end there is neither step nor outcome."""
    act = found.act
    drawn = act and reader.drawn(act.row)
    return {
        "case_number": found.case.row.number,
        "element": act.element if act else "",
        "label": drawn.name(act.element or None) if act and drawn else "",
        "outcome": act.outcome if act else "",
        "outcome_label": drawn.outcome(act.element, act.outcome)
        if act and drawn and act.outcome
        else "",
        "unit": unit_of(found),
        "unit_name": unit,
        "at": act.row.at if act else found.case.row.closed_at,
        "code": found.reason.code,
        "sentence": reader.say(found.reason.text),
    }


def unit_of(found: Divergence) -> str:
    """Return the unit that an act was done for, "" where none is known."""
    act: Act | None = found.act
    return (act.unit or "") if act else ""


def places(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return how many cases leave the draft at the same act for the same reason, most first."""
    what = ("element", "label", "outcome", "outcome_label", "code", "sentence")
    counts = Counter(tuple(row[name] for name in what) for row in rows)
    return [{**dict(zip(what, key, strict=True)), "cases": n} for key, n in counts.most_common()]
