"""What the fence calls back on: expressions, scripts, operations and tables of one instance."""

from __future__ import annotations

import functools
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.bpmn.model import EventKind
from engine.db.savepoint import savepoint
from engine.errors import BpmnError, Broken, ShaodaoError
from engine.events import OperationPerformed, OperationRefused
from engine.expr import compile_expression, compile_script, plain
from engine.i18n import _
from engine.run.clock_operations import CLOCK_OPERATIONS
from engine.run.ground import grounded
from engine.run.plugins import Operating, Operation
from engine.run.shelf import StoredShelf

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work

PARAMETER = "param."


class LateView(Mapping[str, Any]):
    """The view of a case, read from the database at the first look and once a command."""

    def __init__(self, context: Context, work: Work) -> None:
        self._context, self._work = context, work

    @functools.cached_property
    def _values(self) -> Mapping[str, Any]:
        with grounded():
            return self._context.view(self._work.root_id)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class RunHost:
    """The engine around the fence, for one instance in one command."""

    def __init__(self, context: Context, work: Work) -> None:
        self._context = context
        self._work = work
        self.shelf = StoredShelf(context.connection, work.id)
        self._views = {context.plugins.view_name: LateView(context, work)}

    def sees(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what an expression may read: the data, and the view under its name."""
        return ChainMap(self._views, data)  # type: ignore[arg-type]  # only read

    def evaluate(self, text: str, data: Mapping[str, Any]) -> Any:
        """Return the value of an expression."""
        return plain(compile_expression(text).value(self.sees(data)))

    def names(self, text: str) -> Sequence[str]:
        """Return the dotted names an expression reads."""
        return compile_expression(text).names

    def execute(self, script: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Run a script's lines; its operations are the service tasks' own."""
        operations = {
            name: functools.partial(self._call, None, name, data)
            for name in (*self._context.plugins.operations, *CLOCK_OPERATIONS)
        }
        return compile_script(script).run(self.sees(data), operations=operations)

    def perform(self, element: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Do the operation of a service task with its drawn parameters."""
        node = self._work.info.folder.node(self._work.process, element)
        params = {
            name.removeprefix(PARAMETER): self.evaluate(text, data)
            for name, text in node.properties.items()
            if name.startswith(PARAMETER)
        }
        operation = node.properties.get("operation", "")
        try:
            return self._call(element, operation, data, **params)
        except ShaodaoError as refusal:
            if not self._is_drawn(element, refusal):
                raise
            self._note_refusal(element, operation, refusal)
            raise BpmnError(refusal.code, refusal.text) from refusal

    def _is_drawn(self, element: str, refusal: ShaodaoError) -> bool:
        """Tell whether an error boundary event of an activity is drawn for a refusal.

        It names the refusal's code, or none: then it is for every refusal, though not for what is
        broken on our side, which somebody has to mend.
        """
        process = self._work.info.folder.process(self._work.process)
        drawn = {refusal.code} if isinstance(refusal, Broken) else {refusal.code, ""}
        return any(
            event.kind is EventKind.ERROR and event.ref in drawn
            for node in process.boundary(element)
            for event in node.events
        )

    def _note_refusal(self, element: str, operation: str, refusal: ShaodaoError) -> None:
        """Put a refusal that the drawing catches into the trail, so that its sentence is read."""
        event = OperationRefused(
            element=element,
            operation=operation,
            code=refusal.code,
            cause={"cause": str(refusal.text)},
        )
        self._work.record(event, self._context.actor)

    def _operation(self, name: str) -> Operation | None:
        """Return an operation by name: the engine's own on clocks, else what was plugged in."""
        own = CLOCK_OPERATIONS.get(name)
        if own is None:
            return self._context.plugins.operations.get(name)
        return lambda _operating, **params: own(self._context, self._work, **params)

    def _call(
        self, element: str | None, operation: str, data: Mapping[str, Any], /, **params: Any
    ) -> dict[str, Any]:
        """Call an operation in its own savepoint, so that a failure leaves nothing of it."""
        context, work = self._context, self._work
        known = self._operation(operation)
        if known is None:
            raise Broken("operation.unknown", _("没有名为“{name}”的操作。", name=operation))
        operating = Operating(
            connection=context.connection,
            now=work.at,
            actor=context.actor,
            ids=context.ids,
            info=work.info,
            element=element or "",
            data=data,
            send=functools.partial(context.send, work),
        )
        sent = len(context.letters)
        try:
            with grounded(), savepoint(context.connection):
                given = known(operating, **params) or {}
                answer = {name: plain(value) for name, value in given.items()}
        except BaseException:
            del context.letters[sent:]
            raise
        work.record(OperationPerformed(element=element, operation=operation), context.actor)
        return answer

    def decide(self, element: str, decision: str, data: Mapping[str, Any]) -> Any:
        """Ask a decision table, in the version in force now, and note which rows answered."""
        with grounded():
            answer, table = self._context.decide(self._work, decision, data)
        self._context.note_decision(self._work, element, decision, answer, table)
        return answer.value
