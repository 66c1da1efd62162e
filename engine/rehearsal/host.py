"""What the fence calls back on in a rehearsal: expressions, scripts, `log(…)`, `fail("CODE")`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.errors import BpmnError, Broken
from engine.expr import compile_expression, compile_script, plain
from engine.i18n import _
from engine.run.host import PARAMETER
from engine.spiff.shelf import MemoryShelf

Decide = Callable[[str, Mapping[str, Any]], Any]


def no_tables(decision: str, _data: Mapping[str, Any]) -> Any:
    """Refuse: there is no decision table beside the file."""
    raise Broken("table.missing", _("没有名为“{name}”的决策表。", name=decision))


class StageHost:
    """The host of one process; all hosts of a rehearsal write one log."""

    def __init__(
        self,
        properties: Callable[[str], Mapping[str, str]],
        *,
        log: list[Any],
        strict: frozenset[str],
        idle: frozenset[str],
        decide: Decide,
    ) -> None:
        self.shelf = MemoryShelf()
        self._properties = properties
        self._log = log
        self._strict = strict
        self._decide = decide
        self._operations: dict[str, Callable[..., None]] = {
            **dict.fromkeys(idle, lambda *_args, **_named: None),
            "log": self._note,
            "fail": self._fail,
        }

    def _note(self, *said: Any, **named: Any) -> None:
        self._log.extend(plain(each) for each in (*said, *named.values()))

    def _fail(self, code: str = "") -> None:
        raise BpmnError(str(code))

    def evaluate(self, text: str, data: Mapping[str, Any]) -> Any:
        """Return the value of an expression."""
        expression = compile_expression(text)
        if text in self._strict:
            self._require(expression.names, data)
        return plain(expression.value(data))

    def _require(self, names: Sequence[str], data: Mapping[str, Any]) -> None:
        for name in names:
            if name.partition(".")[0] not in data:
                raise Broken("expression.no_such_name", _("没有名为“{name}”的数据。", name=name))

    def names(self, text: str) -> Sequence[str]:
        """Return the dotted names an expression reads."""
        return compile_expression(text).names

    def execute(self, script: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Run a script's lines."""
        return compile_script(script).run(data, operations=self._operations)

    def perform(self, element: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Do a service task's `log` or `fail`."""
        drawn = self._properties(element)
        named = {
            name.removeprefix(PARAMETER): self.evaluate(text, data)
            for name, text in drawn.items()
            if name.startswith(PARAMETER)
        }
        self._operations[drawn["operation"]](*named.values())
        return {}

    def decide(self, element: str, decision: str, data: Mapping[str, Any]) -> Any:  # noqa: ARG002
        """Ask a decision table beside the file."""
        return self._decide(decision, data)
