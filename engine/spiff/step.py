"""A step: SpiffWorkflow's task with a token for its id, no clock, no copies of data, no logging."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Flow
from engine.spiff.resting import Packed


class Step(Task):  # type: ignore[misc]
    """One visit of one node.

    `token` is the number that names the visit. The parent is the root of its part, or the activity
    that a boundary event sits on or that this is a round of. `via` is the flow it came by,
    `leaving` the flows it will leave by (None: all that are drawn).
    """

    def __init__(
        self,
        workflow: Any,
        spec: Any,
        *,
        token: int,
        parent: Step | None,
        via: str = "",
        state: int = TaskState.FUTURE,
    ) -> None:
        # The base class is not called: it would make a UUID and read the wall clock.
        self.id = self.token = token
        self.workflow = workflow
        self.task_spec = spec
        self.via = via
        self.leaving: tuple[Flow, ...] | None = None
        self.triggered = False
        self.thread_id = 0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.last_state_change = 0.0
        self._state = state
        self._children: list[int] = []
        self._parent: int | None = None if parent is None else parent.id
        workflow.tasks[token] = self
        if parent is not None:
            parent.adopt(self)

    @property
    def parent(self) -> Step:
        """The step this one hangs under; the root of its part for most."""
        found: Step = self.workflow.step_at(self._parent)
        return found

    @property
    def children(self) -> list[Step]:
        """The steps that hang under this one; only those that are touched are unpacked for it."""
        if self.token <= 0:
            steps: list[Step] = self.workflow.roots()
            return steps
        return [self.workflow.step_at(token) for token in self._children]

    @property
    def element(self) -> str:
        """The drawn id of the node."""
        return str(self.task_spec.bpmn_id)

    @property
    def scope(self) -> int:
        """The scope whose data this step reads and writes."""
        return self.token if "own" in self.internal_data else int(self.workflow.scope)

    @property
    def live(self) -> bool:
        """Whether it is neither completed nor cancelled."""
        return bool(self._state < TaskState.COMPLETED)

    def hang(self, packed: Packed) -> None:
        """Take the place in the tree that it had when it was stored, and what was kept."""
        self._parent = packed.parent or -self.workflow.scope
        self._children = list(packed.children)
        self.internal_data = packed.kept

    def packed(self) -> Packed:
        """Return what is stored of it."""
        return Packed(
            self.token,
            self.workflow.scope,
            self.task_spec.name,
            self._state,
            max(self._parent or 0, 0),
            self.via if self.task_spec.keeps_flow else "",
            self.internal_data,
            self._children,
        )

    def become(self, state: int) -> None:
        """Set the state; SpiffWorkflow's own transitions come through here too."""
        self._state = state

    _set_state = become

    def arrive(self) -> None:
        """Let the spec decide what happens to a token that stands here now."""
        self.task_spec.visit(self)

    def make_ready(self) -> None:
        """Mark it as able to run; the engine's own steps are queued."""
        self._ready()

    def cancel(self) -> None:
        """Cancel this step after all that hangs under it, each by its own spec."""
        for child in self.children:
            child.cancel()
        super().cancel()

    def adopt(self, child: Step) -> None:
        """Take a step among the children; a root knows its own by asking its part."""
        if self.token > 0:
            self._children.append(child.id)

    def move_to(self, parent: Step) -> None:
        """Hang this step under another one of the same part."""
        self.parent.forget(self)
        self._parent = parent.id
        parent.adopt(self)

    def forget(self, child: Step) -> None:
        """Take a step from among the children."""
        if self.token > 0:
            self._children.remove(child.id)
