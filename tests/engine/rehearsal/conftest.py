"""Small diagrams as text: what a modeler would write, without its layout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.rehearsal.cues import read_cues
from engine.rehearsal.rehearse import rehearse
from engine.rehearsal.told import Told

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">'
)

Rehearse = Callable[..., Told]


def process(ident: str, nodes: str, *flows: str) -> str:
    """Write a process; a flow is `a>b` or `a>b:condition`."""
    lines = []
    for number, flow in enumerate(flows):
        ends, _colon, condition = flow.partition(":")
        source, target = ends.split(">")
        inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        lines.append(
            f'<sequenceFlow id="{ident}_{number}" sourceRef="{source}" targetRef="{target}">'
            f"{inside}</sequenceFlow>"
        )
    return f'<process id="{ident}" isExecutable="true">{nodes}{"".join(lines)}</process>'


@pytest.fixture
def play() -> Rehearse:
    def play(drawn: str, *, name: str = "p.bpmn", script: Any = None, **data: Any) -> Told:
        content = f"{HEAD}{drawn}</definitions>".encode()
        return rehearse(content, name, data=data, cues=read_cues(script))

    return play


def seen(told: Told, event: str) -> list[str]:
    """Return the elements that had an event, in order."""
    return [line["element"] for line in told.trace if line["event"] == event]
