"""The stored form of an instance: a version byte, then compact JSON of what cannot be rebuilt.

Only live tokens are stored, each by its number, its node's spec name and what its spec keeps. The
tree, the queue and the scopes' nesting follow from them.

    [last token, ended, parts, stopped]
    part:    [token of its activity (0 for the process), data, steps]
    step:    [token, spec name, state, activity token of a boundary event, flow it came by, kept]
    stopped: [token, code, cause]

Empty values at the end of a step are left out.
"""

from __future__ import annotations

from typing import Any

import orjson

from engine.errors import Broken
from engine.i18n import _
from engine.spiff.contract import Host
from engine.spiff.instance import Inner, Instance, Part
from engine.spiff.program import Program
from engine.spiff.scopes import Scopes
from engine.spiff.step import Step

SCHEMA = 1
READY = 16


def dump(instance: Instance) -> bytes:
    """Return the stored form of an instance."""
    body = [
        instance.last_token,
        instance.completed,
        [[part.scope, instance.scopes.own(part.scope), _steps(part)] for part in instance.parts()],
        [[token, code, cause] for token, (code, cause) in sorted(instance.stopped.items())],
    ]
    return bytes([SCHEMA]) + orjson.dumps(body)


def load(program: Program, host: Host, state: bytes) -> Instance:
    """Rebuild an instance; its next steps are those it would have taken without being stored.

    Raises Broken `instance.state_unknown` for a schema version we do not know, and
    `instance.state_damaged` where state and program do not fit together.
    """
    if not state or state[0] != SCHEMA:
        raise Broken("instance.state_unknown", _("流程状态的存储版本无法识别，请联系运维"))
    try:
        return _rebuild(program, host, orjson.loads(state[1:]))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Broken(
            "instance.state_damaged", _("流程状态已损坏或与流程图不符，请联系运维")
        ) from error


def _steps(part: Part) -> list[list[Any]]:
    return [_pack(step) for step in part.steps()]


def _pack(step: Step) -> list[Any]:
    parent = max(step.parent.token, 0)
    packed = [
        step.token,
        step.task_spec.name,
        step.state,
        parent,
        step.via if step.task_spec.keeps_flow else "",
        step.internal_data,
    ]
    while not packed[-1]:
        packed.pop()
    return packed


def _rebuild(program: Program, host: Host, body: list[Any]) -> Instance:
    last_token, ended, parts, stopped = body
    instance = Instance(program, host, Scopes())
    instance.last_token = last_token
    instance.completed = ended
    for scope, data, steps in parts:
        part = instance if scope == 0 else _open(instance, scope)
        instance.scopes.own(scope).update(data)
        for packed in steps:
            _unpack(part, packed)
    instance.stopped = {token: (code, cause) for token, code, cause in stopped}
    for step in instance.all_steps():
        if step.state == READY and not step.task_spec.manual:
            instance.queue(step)
        elif step.task_spec.patient:
            instance.patient.add(step.token)
    return instance


def _open(instance: Instance, scope: int) -> Inner:
    activity = instance.find(scope)
    if activity is None:
        raise KeyError(scope)
    return instance.open_inner(activity)


def _unpack(part: Part, packed: list[Any]) -> None:
    empty: list[Any] = [0, "", 0, 0, "", {}]
    token, name, state, parent, via, kept = packed + empty[len(packed) :]
    under = part.tasks[parent] if parent else part.task_tree
    step = Step(part, part.spec.task_specs[name], token=token, parent=under, via=via, state=state)
    step.internal_data = kept
    if "own" in kept:
        part.share_scope(step)
