"""The drawn diagrams of a case with where it stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from engine.i18n import _
from engine.run.folder import whole_name
from engine.run.work import ACTIVE, COMPLETED
from processes.reads.entries import Entry
from processes.reads.row import Row
from processes.reads.rows import DiagramView
from processes.reads.running import Running

MOVED: Final = "token.moved"
NAMED: Final = 2  # holders named on a step; more are counted

Key = tuple[UUID, str]


def diagrams(run: Running, found: Iterable[Entry]) -> tuple[DiagramView, ...]:
    """Return each drawn process of a case once, its own first; all its parts on one drawing."""
    walked: dict[Key, dict[str, None]] = {key_of(row): {} for row in run.instances}
    for entry in found:
        if entry.kind == MOVED:
            steps = walked[key_of(run.by_id[entry.instance_id])]
            steps.update(dict.fromkeys(entry.data["path"]))
    return tuple(view(run, key, list(steps)) for key, steps in walked.items())


def key_of(row: Row) -> Key:
    """Return the drawing that an instance walks on: one round of a sub-process on its case's."""
    return (row.definition_id, whole_name(row.process))


def view(run: Running, key: Key, walked: Sequence[str]) -> DiagramView:
    """Return one drawing with its marks."""
    drawn = run.drawn(next(row.id for row in run.instances if key_of(row) == key))
    now = [*active_steps(run, key), *active_calls(run, key)]
    active = {mark["id"] for mark in now}
    return DiagramView(
        process=drawn.process.id,
        title=drawn.name(None),
        xml=drawn.folder.xml(drawn.process.id),
        done=tuple(each for each in walked if drawn.node(each) and each not in active),
        flows=tuple(each for each in walked if each in drawn.process.flows),
        active=tuple(now),
    )


def active_steps(run: Running, key: Key) -> list[dict[str, Any]]:
    """Return a mark for each step that is open in one of the instances, with who has it."""
    items: dict[str, list[Row]] = {}
    for item in run.items:
        if key_of(run.by_id[item.instance_id]) == key:
            items.setdefault(item.element, []).append(item)
    return [
        {
            "id": element,
            "late": any(map(run.is_late, opened)),
            "label": who_has(run, opened),
            "name": run.drawn(opened[0].instance_id).name(element),
        }
        for element, opened in items.items()
    ]


def active_calls(run: Running, key: Key) -> list[dict[str, Any]]:
    """Return a mark for each call whose parts still work, with how many of them are done."""
    calls: dict[Key, list[Row]] = {}
    for child in run.instances:
        parent = run.by_id.get(child.parent_id)
        if parent is not None and key_of(parent) == key and parent.status == ACTIVE:
            calls.setdefault((parent.id, child.parent_element), []).append(child)
    return [
        call_mark(run, caller, element, this_round(children))
        for (caller, element), children in calls.items()
        if any(child.status == ACTIVE for child in children)
    ]


def this_round(children: Sequence[Row]) -> list[Row]:
    """Leave out the parts of earlier rounds: those that ended before a working one began."""
    began = min(child.started_at for child in children if child.status == ACTIVE)
    return [each for each in children if each.ended_at is None or each.ended_at > began]


def call_mark(run: Running, caller: UUID, element: str, parts: Sequence[Row]) -> dict[str, Any]:
    """Return the mark of one call with its parts."""
    ids = {part.id for part in parts}
    done = sum(part.status == COMPLETED for part in parts)
    return {
        "id": element,
        "late": any(item.instance_id in ids and run.is_late(item) for item in run.items),
        "label": run.reader.say(_("{done}/{all} 已完成", done=done, all=len(parts))),
        "name": run.drawn(caller).name(element),
    }


def who_has(run: Running, opened: Sequence[Row]) -> str:
    """Return who has an open step: one or two by name, more by number."""
    names = list(
        dict.fromkeys(item.unit_name or run.reader.word("roles", item.role) for item in opened)
    )
    if len(names) <= NAMED:
        return run.reader.say(_("、")).join(names)
    return run.reader.say(_("{count} 个单位", count=len(names)))
