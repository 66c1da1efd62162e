"""The base of all our specs: what happens to a token from its arrival at a node to its leaving.

SpiffWorkflow predicts the whole road ahead, copies data from task to task and looks back through
the tree. None of that is needed here: a token arrives, runs, and leaves by drawn flows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import EventDefinition, Flow, Node, Variable, quantity
from engine.spiff.build.leaving import choose_or_stop
from engine.spiff.instance import Instance, Part
from engine.spiff.program import spec_name
from engine.spiff.step import Step

if TYPE_CHECKING:
    from engine.spiff.build.around import Repeated


class Drawn(BpmnSpecMixin):  # type: ignore[misc]
    """A drawn node. `recorded`: activities and events are told in the record, gateways are not.

    `keeps_flow`: the flow a token came by is part of the state. `decides`: the node's own work says
    which flows are taken; for others their conditions do. `repeated` is the multi-instance or loop
    whose single round this is, `on_path` whether each round is told in the path. `patient`: a token
    that waits here is asked `at_rest`, when nothing else can move, whether it can go on.

    `holds_many`: the children that a token here waits for have tokens of their own.
    `event` is what a token here waits for. `idle`: a token here keeps nothing open. An instance
    begins here only when it is started here, if it `starts_by_event`. A step that keeps data of its
    own has the `variables`; `closed`: what else is written there goes outside. A boundary event
    that waits for several things has a spec for each: the first, and its `twins`. On leaving, each
    flow gets so many `tokens`; those that come wait at `gathering`, if more than one is needed.
    """

    recorded = True
    keeps_flow = False
    decides = False
    on_path = True
    patient = False
    holds_many = False
    repeated: Repeated | None = None
    event: EventDefinition | None = None
    idle = False
    starts_by_event = False
    variables: tuple[Variable, ...] = ()
    closed = False
    twins: tuple[Drawn, ...] = ()
    gathering: Drawn | None = None

    def __init__(self, part: Any, node: Node, *, name: str = "", **more: Any) -> None:
        name = name or spec_name(node.id)
        super().__init__(part, name, lane=node.lane, bpmn_name=node.name, **more)
        self.bpmn_id = node.id
        self.node = node
        self.leaves: tuple[tuple[Flow, Drawn], ...] = ()
        self.boundary: tuple[Drawn, ...] = ()
        self.conditional = False
        self.tokens = quantity(node, "completionQuantity")

    @property
    def entrance(self) -> Drawn:
        """Where a token that comes along a flow arrives: here, or where it waits for others."""
        return self.gathering or self

    def leave_by(self, flow: Flow, target: Drawn) -> None:
        """Connect this node to the one at the end of a flow."""
        self.connect(target.entrance)
        self.leaves += ((flow, target.entrance),)
        self.conditional |= bool(flow.condition or self.node.default_flow)

    def guard_with(self, event: Drawn) -> None:
        """Put a boundary event on this activity."""
        for each in (event, *event.twins):
            self.connect(each)
            self.boundary += (each,)

    def visit(self, step: Step) -> None:
        """Handle a token that has just arrived, or that may be able to go on now."""
        if step.state == TaskState.FUTURE:
            self.enter(step)
        if step.live and self.may_run(step):
            step.make_ready()

    def enter(self, step: Step) -> None:
        """Record the arrival and arm the boundary events."""
        step.become(TaskState.WAITING)
        if self.recorded:
            note = instance_of(step).passage
            if self.on_path:
                note.path.append(step.element)
            note.entered.append((step.token, step.element))
        else:
            self.note_move(step, "entered")
        for event in self.boundary:
            step.workflow.put(event, under=step)

    def note_move(self, step: Step, move: str) -> None:
        """Put a gateway's move into the common order; nothing else needs it."""
        if self.node.kind.value.endswith("Gateway"):
            instance_of(step).passage.moves.append((move, step.token, step.element))

    def begin_part(self, part: Part) -> None:
        """Put the token here that a part begins with."""
        part.put(self)

    def may_run(self, step: Step) -> bool:  # noqa: ARG002 - what others decide by
        """Say whether the token can run now."""
        return True

    def _update(self, step: Step) -> None:
        self.visit(step)

    def _predict(self, my_task: Step, **_more: Any) -> None:
        """Predict nothing."""

    def _on_ready(self, step: Step) -> None:
        if not self.manual:
            instance_of(step).queue(step)

    def _run(self, step: Step) -> bool | None:
        done = step.internal_data.get("done") or self.perform(step)
        if done and self.conditional and not self.decides:
            return choose_or_stop(self, step)
        return done

    def perform(self, step: Step) -> bool | None:  # noqa: ARG002 - what others work on
        """Do the node's work. True: done, leave. None: not yet, stay."""
        return True

    def _on_complete(self, step: Step) -> None:
        if self.recorded:
            instance_of(step).passage.completed.append((step.token, step.element))
        else:
            self.note_move(step, "completed")
        self.send_on(step)
        step.workflow._task_completed_notify(step)  # noqa: SLF001 - SpiffWorkflow's own call

    def send_on(self, step: Step) -> None:
        """Put a token at the end of each flow that is taken; a round tells what repeats it."""
        if self.repeated is not None:
            self.repeated.round_done(step.parent, step)
        for flow, target in self.leaves:
            if step.leaving is None or flow in step.leaving:
                for _token in range(self.tokens):
                    step.workflow.follow(flow, target)

    def _on_cancel(self, step: Step) -> None:
        instance = instance_of(step)
        instance.stopped.pop(step.token, None)
        if self.recorded:
            instance.passage.cancelled.append((step.token, step.element))
        step.workflow.remove(step)


def instance_of(step: Step) -> Instance:
    """Return the instance a step belongs to, from whatever depth."""
    instance: Instance = step.workflow.top_workflow
    return instance
