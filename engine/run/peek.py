"""Look into an instance at rest without a transaction on it: what a step's form starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from engine.run.folder import Folder
from engine.spiff.contract import WaitingEvent, WaitingItem
from engine.spiff.execution import Execution


class NoHost:
    """A host for instances that are only looked at: they take no step, so they ask nothing."""

    def evaluate(self, text: str, data: Mapping[str, Any]) -> NoReturn:
        """Refuse: nothing runs here."""
        raise AssertionError(f"a look must not evaluate {text!r} over {len(data)} names")

    def names(self, text: str) -> Sequence[str]:
        """Refuse: nothing runs here."""
        raise AssertionError(f"a look must not read {text!r}")

    def execute(self, script: str, data: Mapping[str, Any]) -> NoReturn:
        """Refuse: nothing runs here."""
        raise AssertionError(f"a look must not execute {script!r} over {len(data)} names")

    def perform(self, element: str, data: Mapping[str, Any]) -> NoReturn:
        """Refuse: nothing runs here."""
        raise AssertionError(f"a look must not perform {element!r} over {len(data)} names")

    def decide(self, element: str, decision: str, data: Mapping[str, Any]) -> NoReturn:
        """Refuse: nothing runs here."""
        raise AssertionError(f"a look must not decide {decision!r} at {element!r} over {len(data)}")


def data_at(folder: Folder, process: str, *, state: bytes, token: int) -> Mapping[str, Any]:
    """Return the data an open step or a waiting event sees, inner names first; empty if gone.

    `state` is the instance's stored state. Raises Broken for bytes that do not fit.
    """
    execution = Execution.load(folder.program(process), NoHost(), state)
    standing = execution.snapshot()
    places: tuple[WaitingItem | WaitingEvent, ...] = (*standing.items, *standing.events)
    for place in places:
        if place.token == token:
            return execution.data(place.scope)
    return {}
