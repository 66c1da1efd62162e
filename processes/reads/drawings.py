"""A deployed version with its drawings, and on them what boundary trials walked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.bpmn.model import Node, Process
from engine.errors import NotFound
from engine.i18n import Text, _
from processes.reads.definitions import Drawn
from processes.reads.deployed import DefinitionRow, definitions, deployers
from processes.reads.reader import Reader
from processes.reads.rows import DiagramView
from processes.trial_results import Kept, kept_trials


@dataclass(frozen=True)
class Covered:
    """How much of a process trials walked: nodes and flows."""

    process: str
    title: str
    walked: int
    drawn: int


@dataclass(frozen=True)
class Unreached:
    """A node that no trial came to, and why."""

    process: str
    element: str
    name: str
    reason: str


@dataclass(frozen=True)
class Trials:
    """What the trials of a version came to. `derived` there are, `run` were run."""

    ran_at: datetime
    derived: int
    run: int
    broken: int
    covered: tuple[Covered, ...]
    unreached: tuple[Unreached, ...]


@dataclass(frozen=True)
class DefinitionPage:
    """A deployed version: its drawings, its trials if any were kept, its other versions."""

    id: UUID
    key: str
    title: str
    version: DefinitionRow
    deployed_by: str
    versions: tuple[DefinitionRow, ...]
    diagrams: tuple[DiagramView, ...]
    trials: Trials | None


def definition_page(reader: Reader, definition_id: UUID) -> DefinitionPage:
    """Return a version as drawn. Raises NotFound("definition.unknown")."""
    rows = definitions(reader.connection)
    mine = next((each for each in rows if each.id == definition_id), None)
    if mine is None:
        raise NotFound("definition.unknown", _("没有这个流程版本或流程图。"))
    drawn = drawings(reader, mine)
    kept = kept_trials(reader.connection, mine.hash)
    people = deployers(reader.connection, [mine.deployed_by])
    return DefinitionPage(
        id=mine.id,
        key=mine.key,
        title=drawn[0].name(None),
        version=mine,
        deployed_by=people.get(mine.deployed_by) or reader.say(_("系统")),
        versions=tuple(each for each in rows if each.key == mine.key),
        diagrams=tuple(view(each, walked(kept, each.process.id)) for each in drawn),
        trials=trials(reader, drawn, kept) if kept else None,
    )


def drawings(reader: Reader, mine: DefinitionRow) -> list[Drawn]:
    """Return the drawn processes of a version, the main one first."""
    folder = reader.folders.library.folder(reader.connection, mine.id)
    names = sorted(folder.sources, key=lambda each: (each != folder.main, each))
    return [reader.folders.drawn(reader.connection, mine.id, name, reader.locale) for name in names]


def walked(kept: Kept | None, process: str) -> frozenset[str] | None:
    """Return what trials walked of a process, None where they were never run from there."""
    coverage: Mapping[str, Any] = kept.report["coverage"] if kept else {}
    return frozenset(coverage[process]["walked"]) if process in coverage else None


def view(drawn: Drawn, seen: frozenset[str] | None) -> DiagramView:
    """Return a drawing; what was walked counts as done, what was not as a step that is late."""
    known = seen if seen is not None else frozenset(drawn.process.nodes)
    return DiagramView(
        process=drawn.process.id,
        title=drawn.name(None),
        xml=drawn.folder.xml(drawn.process.id),
        done=tuple(each for each in drawn.process.nodes if seen and each in seen),
        flows=tuple(each for each in drawn.process.flows if seen and each in seen),
        active=tuple(
            {"id": each, "late": True, "label": "", "name": drawn.name(each)}
            for each in drawn.process.nodes
            if each not in known
        ),
    )


def trials(reader: Reader, drawn: Sequence[Drawn], kept: Kept) -> Trials:
    """Return what was kept of a version's trials."""
    report = kept.report
    met = {each.process.id: walked(kept, each.process.id) for each in drawn}
    return Trials(
        ran_at=kept.ran_at,
        derived=report["derived"],
        run=report["run"],
        broken=len(report["broken"]),
        covered=tuple(
            Covered(
                each.process.id,
                each.name(None),
                len(seen),
                len(each.process.nodes) + len(each.process.flows),
            )
            for each in drawn
            if (seen := met[each.process.id]) is not None
        ),
        unreached=tuple(
            Unreached(each.process.id, node.id, each.name(node.id), reader.say(why))
            for each in drawn
            if (seen := met[each.process.id]) is not None
            for node, why in unreached(each, seen)
        ),
    )


def unreached(drawn: Drawn, seen: frozenset[str]) -> Iterator[tuple[Node, Text]]:
    """Yield the nodes that were not walked, each with what stands before it."""
    for node in drawn.process.nodes.values():
        if node.id not in seen:
            yield node, why_not(drawn, node, seen)


def why_not(drawn: Drawn, node: Node, seen: frozenset[str]) -> Text:
    """Say why a node was not walked: what did not happen at the last place that was."""
    if node.attached_to:
        host = drawn.name(node.attached_to)
        if node.attached_to in seen:
            return _("“{before}”走到了，附着在它上面的这个事件没有发生。", before=host)
        return _("它附着的“{before}”没有走到。", before=host)
    before = sources(drawn.process, node)
    came = [each for each in before if each in seen]
    if came:
        return _("“{before}”走到了，没有试验从那里走向它。", before=drawn.name(came[0]))
    if before:
        return _("前面的“{before}”没有走到。", before=drawn.name(before[0]))
    if node.events:
        return _("没有试验送来它等的消息或信号，也没有跳到它。")
    return _("没有试验从这里开始。")


def sources(process: Process, node: Node) -> list[str]:
    """Return the nodes from which flows lead to a node."""
    return [flow.source for flow in process.flows.values() if flow.target == node.id]
