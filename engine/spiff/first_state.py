"""States as the first release stored them, brought to the form of today.

    [last token, ended, parts, stopped]
    part:    [token of its activity (0 for the process), data, steps]
    step:    [token, spec name, state, activity token of a boundary event, flow it came by, kept]

Items and answers of many children stood in the state; they go to the shelf.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from engine.spiff.children import Run
from engine.spiff.names import Names
from engine.spiff.program import Program
from engine.spiff.resting import Packed, pack
from engine.spiff.shelf import Laid, Shelf

SCHEMA = 1
READY = 16


def translate(program: Program, shelf: Shelf, body: bytes) -> bytes:
    """Return the body of a state in the form of today."""
    last_token, ended, parts, stopped = orjson.loads(body)
    names = Names.of(parts[0][1], {}, shelf.fetch).stored
    steps = list(_steps(parts))
    for step in steps:
        if isinstance(step.kept.get("last"), list):
            step.kept["last"], step.kept["of"] = step.kept["last"]
        if program.specs[step.spec].holds_many and "results" in step.kept:
            put_away(shelf, step)
    queued = [s.token for s in steps if s.state == READY and not program.specs[s.spec].manual]
    patient = [s.token for s in steps if program.specs[s.spec].patient]
    head = [last_token, ended, stopped, queued, patient, len(names)]
    lines = b"\n".join(sorted(pack(step) for step in steps))
    return b"%s%s\n%s" % (orjson.dumps(head), names, lines)


def _steps(parts: list[Any]) -> Iterator[Packed]:
    data = {scope: inside for scope, inside, _steps in parts}
    under: dict[int, list[int]] = {}
    told = [(scope, step) for scope, _data, steps in parts for step in steps]
    for _scope, step in told:
        if len(step) > 3 and step[3]:
            under.setdefault(step[3], []).append(step[0])
    for scope, step in told:
        token, spec, state, parent, via, kept = step + [0, "", 0, 0, "", {}][len(step) :]
        children = under.get(token, [])
        inside = [data[token]] if token in data else []
        yield Packed(token, scope, spec, state, parent, via, kept, children, inside)


def put_away(shelf: Shelf, step: Packed) -> None:
    """Lay the items and answers of many children on the shelf, and keep only their numbers."""
    kept = step.kept
    answers, left, opened = kept.pop("results"), kept.pop("left", []), kept.pop("open", [])
    items = {index: item for _token, index, item in opened} | dict(left)
    if "of" in kept:
        items[kept["last"]] = kept.pop("of")
    shelf.lay(step.token, [Laid(items.get(i), answer) for i, answer in enumerate(answers)])
    first, begin = opened[0][:2] if opened else (0, 0)
    bits = sum(1 << (token - first) for token, _index, _item in opened)
    run = Run(first, begin, bits).packed()
    kept.update(count=len(answers), next=len(answers) - len(left), run=run)
