"""The cases of zeebe-io/bpmn-tck among the samples, read as scripts of a rehearsal.

Everything is held: in a tck case nothing is done that it does not say. A job's type is the small
letter of its task's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml

from engine.bpmn.model import Node, Process
from engine.bpmn.read import read_diagram
from engine.rehearsal.cues import read_cues
from engine.rehearsal.rehearse import rehearse
from engine.rehearsal.told import Told

Step = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One case: what is done and what must hold then."""

    file: Path
    name: str
    actions: tuple[tuple[str, Step], ...]
    verifications: tuple[tuple[str, Step], ...]

    def __str__(self) -> str:
        return f"{self.file.name[:2]} {self.name}"


def cases(samples: Path) -> list[Case]:
    """Return the cases of all YAML files among the samples."""
    return [
        Case(path, each["name"], _pairs(each["actions"], "action"), _pairs(each["verifications"], "verification"))
        for path in sorted(samples.glob("*_tck_*.yaml"))
        for each in yaml.safe_load(path.read_text("utf-8"))["testCases"]
    ]  # fmt: skip


def _pairs(said: list[Step], key: str) -> tuple[tuple[str, Step], ...]:
    return tuple((each[key], each.get("args") or {}) for each in said)


def drawn(case: Case) -> Path:
    """Return the diagram that a case starts."""
    wanted = dict(case.actions)["create-instance"]["bpmn_process_id"]
    return next(case.file.parent.glob(f"*_tck_{wanted}.bpmn"))


def play(case: Case) -> tuple[Told, Process]:
    """Rehearse a case."""
    path = drawn(case)
    told = rehearse(
        path.read_bytes(),
        path.name,
        data=_values(dict(case.actions)["create-instance"]),
        cues=read_cues({"hold": "*", "steps": [step for pair in case.actions for step in _step(*pair)]}),
    )  # fmt: skip
    process = next(iter(read_diagram(path.read_bytes()).processes.values()))
    return told, process


def _values(args: Step) -> Step:
    values: Step = orjson.loads(args.get("variables") or "{}")
    return values


def _step(action: str, args: Step) -> list[Step]:
    match action:
        case "complete-task":
            return [{"complete": args["job_type"].upper(), "data": _values(args)}]
        case "throw-error":
            return [{"fail": args["job_type"].upper(), "code": args["error_code"]}]
        case "publish-message":
            return [
                {
                    "message": args["message_name"],
                    "data": _values(args),
                    "key": args["correlation_key"],
                }
            ]
        case "cancel-instance":
            return [{"cancel": True}]
    return []  # to be created is how it begins; to wait for something is what a rehearsal does


def seen(told: Told, node: Node) -> list[str]:
    """Return what happened to a node, in order."""
    return [line["event"] for line in told.trace if line["element"] == node.id]


def state(told: Told, process: Process, args: Step) -> str:
    """Return the state of an element in the words of the tck."""
    flow = process.flows.get(args.get("element_id", ""))
    if flow is not None:
        return "taken" if "entered" in seen(told, process.nodes[flow.target]) else "not taken"
    name = args.get("element_name") or args["element_id"]
    node = next(each for each in process.nodes.values() if name in (each.name, each.id))
    words = {
        "entered": "activated",
        "left": "completed",
        "cancelled": "terminated",
        "error": "incident",
    }
    return words[seen(told, node)[-1]] if seen(told, node) else "never"
