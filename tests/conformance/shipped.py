"""What every folder under bpmn/ is asked about: its model, forms, words, and the shared tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import UUID

from engine.bpmn.model import Kind, Node, Process
from engine.decision import Table, read_dmn
from engine.labels import Labels, read_labels
from engine.run.folder import Folder

BPMN = Path(__file__).parents[2] / "bpmn"
HOMES = sorted({path.parent for path in BPMN.rglob("*.bpmn")})
DRAWINGS = sorted(BPMN.rglob("*.bpmn"))
ADDED_LATER = "added_later"
SHARED: Labels = read_labels((BPMN / "labels.toml").read_text(encoding="utf-8"))


def folder_of(home: Path) -> Folder:
    """Return a folder as deploying would read it."""
    files = {path.name: path.read_text(encoding="utf-8") for path in home.iterdir()}
    return Folder(UUID(int=0), home.name, 0, files)


def processes(folder: Folder) -> Iterator[Process]:
    """Yield every process drawn in a folder."""
    for diagram in folder.diagrams.values():
        yield from diagram.processes.values()


def people(process: Process) -> Iterator[Node]:
    """Yield the steps that people do."""
    return (node for node in process.nodes.values() if node.kind is Kind.USER_TASK)


def clocks(process: Process) -> Iterator[str]:
    """Yield the codes of the SLA clocks that a drawing starts."""
    for properties in (process.properties, *(n.properties for n in process.nodes.values())):
        if "sla" in properties:
            yield properties["sla"]


@cache
def table(key: str) -> Table:
    """Return a shared table."""
    (found,) = read_dmn((BPMN / "tables" / f"{key}.dmn").read_bytes())
    return found


def kinds_of_case() -> Iterator[dict[str, str]]:
    """Yield what `case.*` may say: each category, and one added later, × urgency × mode."""
    categories = (*SHARED.codes("categories"), ADDED_LATER)
    axes = (categories, SHARED.codes("urgencies"), SHARED.codes("modes"))
    for category, urgency, mode in itertools.product(*axes):
        yield {"category": category, "urgency": urgency, "mode": mode}
