"""The embedded sub-process: a part of the instance with a scope of its own."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.mapping import read_mapping
from engine.bpmn.model import Node
from engine.spiff.build.calls import MultiCall
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.build.hosted import Hosted
from engine.spiff.build.repeated import build_repeated
from engine.spiff.step import Step


class SubProcess(Hosted, SubWorkflowTask):  # type: ignore[misc]
    """Opens its part on entry; when that has ended, hands out what `out` names and goes on."""

    def __init__(self, part: Any, node: Node, **more: Any) -> None:
        super().__init__(part, node, subworkflow_spec=node.id, **more)
        self.exports = [
            *read_mapping(node.properties.get("out", "")),
            *((copy.target, copy.source) for copy in node.gives if copy.fault is None),
        ]

    def may_run(self, step: Step) -> bool:
        """Open the part; its last token makes this step ready."""
        step.become(TaskState.STARTED)
        self.open_content(step)
        return False

    def open_content(self, step: Step) -> None:
        """Put tokens where the content begins, beside the data that it takes."""
        instance = instance_of(step)
        inner = instance.open_inner(step)
        if "taken" in step.internal_data:
            instance.scopes.own(inner.scope).update(step.internal_data["taken"])
        inner.begin()

    def work(self, step: Step) -> bool:
        """Evaluate the exports inside, close the scope, write them outside."""
        instance = instance_of(step)
        inside = instance.scopes.visible(step.token)
        exported = {name: instance.host.evaluate(text, inside) for name, text in self.exports}
        self.write(step, exported)
        instance.close_inner(step)
        return True

    def _on_cancel(self, step: Step) -> None:
        instance = instance_of(step)
        if step.id in instance.subprocesses:
            instance.subprocesses[step.id].cancel()
            instance.close_inner(step)
        super()._on_cancel(step)


def build_sub_process(part: Any, node: Node) -> Drawn:
    """Build an embedded sub-process; its content is built beside it.

    Of a multi-instance one each child is an instance of the content, outside.
    """
    if node.multi:
        return MultiCall(part, node, multi=node.multi)
    return build_repeated(part, node, SubProcess)
