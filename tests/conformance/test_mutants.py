"""Whatever is broken in a sample, checking and rehearsing it gives an answer and never a crash."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from engine.foreign.proposals import proposals
from engine.rehearsal.rehearse import rehearse
from processes.checking import check_file

SAMPLES = Path(__file__).parents[3] / "shared" / "bpmn-samples"
SMALL = 20_000
REFERENCE = re.compile(
    r'\b(?:sourceRef|targetRef|attachedToRef|default|calledElement|messageRef)="([^"]*)"'
)
EMPTY_TAG = re.compile(r"<[^<>?!]+/>")
NODES = (
    *("task", "userTask", "scriptTask", "serviceTask", "subProcess", "callActivity", "receiveTask"),
    *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "sendTask"),
    *("startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent"),
)

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no samples in {SAMPLES}")


def readable() -> list[str]:
    found = [path.read_bytes() for path in sorted(SAMPLES.glob("*.bpmn")) if path.is_file()]
    return [each.decode() for each in found if 0 < len(each) < SMALL and is_utf8(each)]


def is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def mutant(text: str, chance: random.Random) -> str:
    """Lead a reference elsewhere, drop an element, or make one kind of element another."""
    ids = re.findall(r'\bid="([^"]+)"', text) or ["x"]
    for _again in range(chance.randint(1, 4)):
        how = chance.choice(("lead", "drop", "change"))
        if how == "change":
            before, after = chance.sample(NODES, 2)
            text = re.sub(rf"(</?(?:\w+:)?){before}\b", rf"\g<1>{after}", text)
            continue
        places = list((REFERENCE if how == "lead" else EMPTY_TAG).finditer(text))
        if places:
            place = chance.choice(places)
            start, end = place.span(1) if how == "lead" else place.span()
            text = text[:start] + (chance.choice([*ids, ""]) if how == "lead" else "") + text[end:]
    return text


@pytest.mark.parametrize(
    "count", [60, pytest.param(2_000, marks=pytest.mark.nightly)], ids=["some", "many"]
)
def test_no_mutant_crashes(count: int, tmp_path: Path) -> None:
    chance, texts = random.Random(count), readable()
    path = tmp_path / "mutant.bpmn"
    for _each in range(count):
        content = mutant(chance.choice(texts), chance).encode()
        path.write_bytes(content)
        assert not [each for each in check_file(path).findings if each.code == "check.failed"]
        told = rehearse(content, path.name)
        assert told.refused or told.ended in {"completed", "error", "waiting", "limit"}
        if told.refused is None:
            proposals(content)
