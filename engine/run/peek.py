"""Look into an instance at rest without a transaction on it: what a step's form starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from sqlalchemy import Connection

from engine.run.folder import Folder
from engine.run.ground import surfaced
from engine.run.shelf import fetch
from engine.spiff.contract import WaitingEvent, WaitingItem
from engine.spiff.execution import Execution
from engine.spiff.shelf import MemoryShelf


class Looking(MemoryShelf):
    """A shelf that only large values are read from."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def fetch(self, ref: str) -> Any:
        """Return a value that stands elsewhere."""
        with surfaced():
            return fetch(self._connection, ref)


class NoHost:
    """A host for instances that are only looked at: they take no step, so they ask nothing."""

    def __init__(self, connection: Connection) -> None:
        self.shelf = Looking(connection)

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


def data_at(
    connection: Connection, folder: Folder, process: str, *, state: bytes, token: int
) -> Mapping[str, Any]:
    """Return the data an open step or a waiting event sees, inner names first; empty if gone.

    `state` is the instance's stored state. Large values are read on `connection` when asked for.
    Raises Broken for bytes that do not fit.
    """
    execution = Execution.load(folder.program(process), NoHost(connection), state)
    stands = execution.at(token)
    places: tuple[WaitingItem | WaitingEvent, ...] = (*stands.items, *stands.events)
    for place in places:
        return execution.data(place.scope)
    return {}
