"""Specs from the model: one row a kind of node, one small function each.

Spec names derive from drawn ids only (`spec_name`), so that building the same process twice gives
the same program. Raise `BUILDER_VERSION` when stored states of the version before would be read
differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.bpmn.links import with_links
from engine.bpmn.model import Kind, Node, Process
from engine.bpmn.starts import event_starts, plain_starts, starts_in
from engine.errors import Invalid
from engine.i18n import _
from engine.spiff.build.calls import build_call
from engine.spiff.build.drawn import Drawn
from engine.spiff.build.event_gateway import build_event_gateway
from engine.spiff.build.event_sub_process import Handler, Trigger, build_handler
from engine.spiff.build.events import build_task
from engine.spiff.build.exclusive import build_exclusive
from engine.spiff.build.gathering import with_gathering
from engine.spiff.build.giving import build_boundary, build_catch, build_receive, build_start
from engine.spiff.build.hosted import build_rule, build_script, build_service
from engine.spiff.build.inclusive import Inclusive, build_inclusive
from engine.spiff.build.parallel import Parallel, build_parallel
from engine.spiff.build.people import build_manual, build_user
from engine.spiff.build.repeated import build_repeated
from engine.spiff.build.several import one_by_one
from engine.spiff.build.sub_process import build_sub_process
from engine.spiff.build.throwing import build_end, build_send, build_throw
from engine.spiff.program import Program, armed_name

BUILDER_VERSION = 2

BUILDERS: Mapping[Kind, Callable[[Any, Node], Drawn]] = MappingProxyType(
    {
        Kind.START_EVENT: build_start,
        Kind.END_EVENT: build_end,
        Kind.CATCH_EVENT: build_catch,
        Kind.THROW_EVENT: build_throw,
        Kind.BOUNDARY_EVENT: build_boundary,
        Kind.TASK: build_task,
        Kind.SEND_TASK: build_send,
        Kind.RECEIVE_TASK: build_receive,
        Kind.USER_TASK: build_user,
        Kind.MANUAL_TASK: build_manual,
        Kind.SCRIPT_TASK: build_script,
        Kind.SERVICE_TASK: build_service,
        Kind.RULE_TASK: build_rule,
        Kind.EXCLUSIVE: build_exclusive,
        Kind.PARALLEL: build_parallel,
        Kind.INCLUSIVE: build_inclusive,
        Kind.EVENT_BASED: build_event_gateway,
        Kind.SUB_PROCESS: build_sub_process,
        Kind.TRANSACTION: build_sub_process,
        Kind.CALL_ACTIVITY: build_call,
    }
)


CONTAINERS = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION})
OUTSIDE = CONTAINERS | {Kind.CALL_ACTIVITY}
"""Activities whose builders see to repetition themselves: children may be instances outside."""


def build(process: Process, part: str = "") -> Program:
    """Build the program of a drawn process that the rules (`engine.bpmn.rules`) have passed.

    `part` builds the content of one sub-process as a program of its own: what the children of a
    multi-instance sub-process run.
    Raises Invalid `element.unsupported` for a kind of node that has no builder.
    """
    process = with_links(process)
    nodes = list(_nodes_in(process, part))
    specs = {part: BpmnProcessSpec(f"p:{process.id}/{part}" if part else f"p:{process.id}")}
    for node in nodes:
        if node.kind in CONTAINERS and node.multi is None:
            specs[node.id] = BpmnProcessSpec(f"p:{process.id}/{node.id}")
    drawn = {node.id: _build_node(specs[node.scope], node) for node in nodes}
    _connect(process, drawn)
    _begin(process, specs, drawn)
    top = specs.pop(part)
    return Program(process, top, MappingProxyType(specs), part)


def _nodes_in(process: Process, part: str) -> Iterator[Node]:
    """Yield the nodes of a part, all levels; the children of a multi-instance are outside."""
    inside: dict[str, list[Node]] = {}
    for node in process.nodes.values():
        inside.setdefault(node.scope, []).append(node)
    todo = [part]
    while todo:
        for node in inside.get(todo.pop(0), ()):
            yield node
            if node.multi is None:
                todo.append(node.id)


def _build_node(part: Any, node: Node) -> Drawn:
    builder = BUILDERS.get(node.kind)
    if builder is None:
        text = _("元素“{id}”是 {kind}，目前不能运行", id=node.id, kind=node.kind.value)
        raise Invalid("element.unsupported", text, element=node.id)
    if node.triggered_by_event:
        return build_handler(part, node)
    outside = node.kind in OUTSIDE
    built = builder(part, node) if outside else build_repeated(part, node, builder)
    return with_gathering(part, node, built)


def _connect(process: Process, drawn: Mapping[str, Drawn]) -> None:
    for flow in process.flows.values():
        if flow.source not in drawn:
            continue
        source, target = drawn[flow.source], drawn[flow.target]
        source.leave_by(flow, target)
        if isinstance(target, Parallel):
            target.expect(flow)
        elif isinstance(target, Inclusive):
            target.expect(flow, process)
    for node in process.nodes.values():
        if node.kind is Kind.BOUNDARY_EVENT and node.id in drawn:
            drawn[node.attached_to].guard_with(drawn[node.id])


def _begin(process: Process, specs: Mapping[str, Any], drawn: Mapping[str, Drawn]) -> None:
    """Say where each part begins, and arm its event sub-processes."""
    for scope, part in specs.items():
        handler = drawn.get(scope)
        by_event = starts_in(process, scope) if isinstance(handler, Handler) else []
        if not scope:
            by_event = event_starts(process)
        for node in (*plain_starts(process, scope), *by_event):
            drawn[node.id].starts_by_event = node in by_event
            part.start.connect(drawn[node.id])
        if isinstance(handler, Handler):
            for node in by_event:
                outer = specs[handler.node.scope]
                for name, alone in one_by_one(node, armed_name):
                    outer.start.connect(Trigger(outer, alone, opens=handler, name=name))
