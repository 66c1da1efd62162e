"""What an instance owns but does not carry in its state: items and answers of its many children.

An activity with ten thousand children would read and write them all at the end of each. It keeps
counts instead, and asks its host for an item or the answers when an expression names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol


class Laid(NamedTuple):
    """One item and, once it is done, its answer."""

    item: Any
    answer: Any = None


class Shelf(Protocol):
    """Where the items of an activity stand, by its token and the index of each."""

    def lay(self, token: int, laid: Sequence[Laid]) -> None:
        """Lay down the items of an activity that has just begun."""
        ...

    def answer(self, token: int, index: int, answer: Any) -> None:
        """Put an answer beside its item."""
        ...

    def at(self, token: int, index: int) -> Laid:
        """Return one item with its answer."""
        ...

    def all(self, token: int) -> Sequence[Laid]:
        """Return all of an activity, in the order of their index."""
        ...

    def clear(self, token: int) -> None:
        """Take away what an activity has left: it is over."""
        ...

    def fetch(self, ref: str) -> Any:
        """Return a value that stands elsewhere because it is too much to carry (`names`)."""
        ...


class MemoryShelf:
    """A shelf for instances that never leave memory."""

    def __init__(self) -> None:
        self._laid: dict[int, list[Laid]] = {}

    def lay(self, token: int, laid: Sequence[Laid]) -> None:
        """Lay down the items of an activity."""
        self._laid[token] = list(laid)

    def answer(self, token: int, index: int, answer: Any) -> None:
        """Put an answer beside its item."""
        row = self._laid[token]
        row[index] = row[index]._replace(answer=answer)

    def at(self, token: int, index: int) -> Laid:
        """Return one item with its answer."""
        return self._laid[token][index]

    def all(self, token: int) -> Sequence[Laid]:
        """Return all of an activity."""
        return self._laid.get(token, ())

    def clear(self, token: int) -> None:
        """Take away what an activity has left."""
        self._laid.pop(token, None)

    def fetch(self, ref: str) -> Any:
        """Refuse: in memory nothing stands elsewhere."""
        raise KeyError(ref)
