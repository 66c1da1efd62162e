"""Nodes that ask the host to evaluate, execute, perform or decide: what fails stops its token only.

A stopped token stays where it is (SpiffWorkflow's STARTED) until it is retried or cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.script_task import ScriptEngineTask, ScriptTask
from SpiffWorkflow.bpmn.specs.mixins.service_task import ServiceTask

from engine.bpmn.model import Copy, EventKind, Node
from engine.errors import BpmnError
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.contract import Data, HostFailed
from engine.spiff.rising import rise
from engine.spiff.step import Step


class Hosted(Drawn):
    """A node whose work may fail."""

    def perform(self, step: Step) -> bool | None:
        """Do the work, or note why not and stay. A drawn error goes to whoever catches it."""
        try:
            return self.work(step)
        except HostFailed:
            raise
        except BpmnError as error:
            thrown = error.error_code
        except Exception as error:
            instance_of(step).stop(step, error)
            return None
        rise(step, EventKind.ERROR, thrown)
        return None

    def work(self, step: Step) -> bool | None:
        """Do the node's own work; True when it is done."""
        raise NotImplementedError

    def evaluate(self, step: Step, text: str, names: Data | None = None) -> Any:
        """Return the value of an expression where the token stands, `names` seen before all."""
        instance = instance_of(step)
        data = instance.scopes.visible(step.scope)
        return instance.host.evaluate(text, {**data, **names} if names else data)

    def copied(self, step: Step, copies: Iterable[Copy], names: Data | None = None) -> Data:
        """Return what data associations copy, each expression read where the token stands."""
        return {
            copy.target: self.evaluate(step, copy.source, names)
            for copy in copies
            if copy.fault is None
        }

    def write(self, step: Step, values: Data) -> None:
        """Assign names where the token stands."""
        instance_of(step).scopes.write(step.scope, values)


class Script(Hosted, ScriptTask):  # type: ignore[misc]
    """A script task: its lines assign names."""

    def work(self, step: Step) -> bool:
        """Run the lines and write what they assign."""
        instance = instance_of(step)
        data = instance.scopes.visible(step.scope)
        self.write(step, instance.host.execute(self.script, data))
        return True


class Service(Hosted, ServiceTask):  # type: ignore[misc]
    """A service task: an operation; what it gives is written under the task's id."""

    def work(self, step: Step) -> bool:
        """Perform the operation."""
        instance = instance_of(step)
        given = instance.host.perform(step.element, instance.scopes.visible(step.scope))
        if given:
            self.write(step, {step.element: given})
        return True


class Rule(Hosted, ScriptEngineTask):  # type: ignore[misc]
    """A business rule task: the table's answer is written under the task's id."""

    def work(self, step: Step) -> bool:
        """Ask the decision table."""
        instance = instance_of(step)
        data = instance.scopes.visible(step.scope)
        answer = instance.host.decide(step.element, self.node.decision, data)
        self.write(step, {step.element: answer})
        return True


def build_script(part: Any, node: Node) -> Drawn:
    """Build a script task."""
    return Script(part, node, script=node.script)


def build_service(part: Any, node: Node) -> Drawn:
    """Build a service task."""
    return Service(part, node)


def build_rule(part: Any, node: Node) -> Drawn:
    """Build a business rule task."""
    return Rule(part, node)
