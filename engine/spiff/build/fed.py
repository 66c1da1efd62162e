"""Activities with data of their own: inputs, outputs, properties, and what is copied in and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.bpmn.model import Kind, Node, Variable
from engine.spiff.build.around import Builder, Repeated
from engine.spiff.build.drawn import Drawn
from engine.spiff.build.hosted import Hosted
from engine.spiff.contract import Data
from engine.spiff.program import fed_name
from engine.spiff.scopes import initial, plain
from engine.spiff.step import Step

TASKS = frozenset(
    {
        *(Kind.TASK, Kind.USER_TASK, Kind.MANUAL_TASK, Kind.SERVICE_TASK, Kind.SCRIPT_TASK),
        *(Kind.RULE_TASK, Kind.SEND_TASK, Kind.CALL_ACTIVITY),
    }
)
CONTAINERS = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION})


class Fed(Repeated):
    """What stands around an activity with data of its own, and copies them in and out.

    The activity is done in a scope that holds its variables; of what it answers, each output takes
    the field that bears its name. A sub-process has its variables inside.
    """

    recorded = False

    def __init__(self, part: Any, node: Node, inner: Drawn) -> None:
        super().__init__(part, node, inner, name=fed_name(node.id))
        self.holds = node.kind not in CONTAINERS
        if self.holds:
            inner.variables, inner.closed = node.variables, True

    def work(self, step: Step) -> bool | None:
        """Copy in and do the activity; when it is done, copy out."""
        done = step.internal_data.get("own_done")
        if done is None:
            self.open(step)
            return None
        if self.holds:
            give(self, step, done)
        return True

    def open(self, step: Step) -> None:
        """Begin the activity with what it takes."""
        taken = plain(self.copied(step, self.node.takes))
        if not self.holds:
            step.workflow.put(self.inner, under=step, kept={"taken": taken})
            return
        outer = step.internal_data
        own = {each.name: initial(each) for each in self.node.variables} | taken
        own |= {name: outer["own"][name] for name in ("item",) if name in outer.get("own", {})}
        if self.node.kind is Kind.SERVICE_TASK:
            own[step.element] = None
        kept = {"index": outer["index"]} if "index" in outer else {}
        step.workflow.put(self.inner, under=step, own=own, kept=kept)

    def round_done(self, step: Step, inner: Step) -> None:
        """Keep what the activity's own variables hold in the end."""
        own = dict(inner.internal_data.get("own", {}))
        if self.holds:
            answer = inner.workflow.top_workflow.scopes.visible(inner.scope).get(step.element)
            own = held(self.node.variables, own, answer)
            own.pop("item", None)
        step.internal_data["own_done"] = own
        super().round_done(step, inner)


def give(spec: Hosted, step: Step, kept: Data) -> None:
    """Copy out what an element's variables hold in the end.

    An output that nothing filled is not available (BPMN 2.0.2, 10.4): nothing is copied from it.
    """
    variables = spec.node.variables
    silent = {each.name for each in variables if each.output} - kept.keys()
    names = under_all_names(variables, {each.name: initial(each) for each in variables} | kept)
    copies = (copy for copy in spec.node.gives if copy.source not in silent)
    spec.write(step, spec.copied(step, copies, names))


def held(variables: Iterable[Variable], own: Data, answer: Any) -> Data:
    """Return what variables hold in the end; an output that nothing filled is not among them."""
    filled = answers(variables, own, answer)
    silent = {each.name for each in unwritten(variables, own)} - filled.keys()
    return {name: value for name, value in (own | filled).items() if name not in silent}


def unwritten(variables: Iterable[Variable], own: Data) -> list[Variable]:
    """Return the outputs that are as they began."""
    outputs = (each for each in variables if each.output)
    return [each for each in outputs if own.get(each.name, initial(each)) == initial(each)]


def answers(variables: Iterable[Variable], own: Data, answer: Any) -> Data:
    """Return what an activity's answer says for the outputs that nothing was written to.

    An output takes the field that bears its name; an only one takes an answer without fields.
    """
    silent = unwritten(variables, own)
    if not isinstance(answer, Mapping):
        alone = len(silent) == 1 and answer is not None
        return {silent[0].name: answer} if alone else {}
    return {
        each.name: answer[name]
        for each in silent
        for name in (each.name, *each.called)
        if name in answer
    }


def under_all_names(variables: Iterable[Variable], values: Data) -> Data:
    """Return values of variables under every name that these are called by."""
    other = {
        name: values[each.name] for each in variables for name in each.called if each.name in values
    }
    return values | other


def build_fed(part: Any, node: Node, build: Builder) -> Drawn:
    """Build an activity with `build`, and around it what copies its data, if it has any."""
    inner = build(part, node)
    copies = any(copy.fault is None for copy in (*node.takes, *node.gives))
    is_fed = copies or (node.variables and node.kind in TASKS)
    if not is_fed or node.kind not in TASKS | CONTAINERS or node.triggered_by_event:
        return inner
    return Fed(part, node, inner)
