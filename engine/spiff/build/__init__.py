"""Specs from the model: one row a kind of node, one small function each.

Spec names derive from drawn ids only (`spec_name`), so that building the same process twice gives
the same program. Raise `BUILDER_VERSION` when stored states of the version before would be read
differently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.bpmn.model import Kind, Node, Process
from engine.errors import Invalid
from engine.i18n import _
from engine.spiff.build.calls import build_call
from engine.spiff.build.drawn import Drawn
from engine.spiff.build.events import build_end, build_start
from engine.spiff.build.exclusive import build_exclusive
from engine.spiff.build.hosted import build_rule, build_script, build_service
from engine.spiff.build.parallel import Parallel, build_parallel
from engine.spiff.build.people import build_manual, build_user
from engine.spiff.build.sub_process import build_sub_process
from engine.spiff.build.timers import build_boundary, build_catch
from engine.spiff.program import Program

BUILDER_VERSION = 1

BUILDERS: Mapping[Kind, Callable[[Any, Node], Drawn]] = MappingProxyType(
    {
        Kind.START_EVENT: build_start,
        Kind.END_EVENT: build_end,
        Kind.CATCH_EVENT: build_catch,
        Kind.BOUNDARY_EVENT: build_boundary,
        Kind.USER_TASK: build_user,
        Kind.MANUAL_TASK: build_manual,
        Kind.SCRIPT_TASK: build_script,
        Kind.SERVICE_TASK: build_service,
        Kind.RULE_TASK: build_rule,
        Kind.EXCLUSIVE: build_exclusive,
        Kind.PARALLEL: build_parallel,
        Kind.SUB_PROCESS: build_sub_process,
        Kind.CALL_ACTIVITY: build_call,
    }
)


def build(process: Process) -> Program:
    """Build the program of a drawn process that the rules (`engine.bpmn.rules`) have passed.

    Raises Invalid `element.unsupported` for a kind of node that has no builder.
    """
    specs = {"": BpmnProcessSpec(f"p:{process.id}")}
    for node in process.nodes.values():
        if node.kind is Kind.SUB_PROCESS:
            specs[node.id] = BpmnProcessSpec(f"p:{process.id}/{node.id}")
    drawn = {node.id: _build_node(specs[node.scope], node) for node in process.nodes.values()}
    _connect(process, drawn)
    top = specs.pop("")
    return Program(process, top, MappingProxyType(specs))


def _build_node(part: Any, node: Node) -> Drawn:
    builder = BUILDERS.get(node.kind)
    if builder is None:
        text = _("元素“{id}”是 {kind}，目前不能运行", id=node.id, kind=node.kind.value)
        raise Invalid("element.unsupported", text, element=node.id)
    return builder(part, node)


def _connect(process: Process, drawn: Mapping[str, Drawn]) -> None:
    for flow in process.flows.values():
        source, target = drawn[flow.source], drawn[flow.target]
        source.leave_by(flow, target)
        if isinstance(target, Parallel):
            target.expect(flow)
    for node in process.nodes.values():
        if node.kind is Kind.BOUNDARY_EVENT:
            drawn[node.attached_to].guard_with(drawn[node.id])
