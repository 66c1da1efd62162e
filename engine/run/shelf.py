"""Where an instance's many items stand: rows of their own, read and written only where touched.

What a command lays down or answers is held here until it is stored with everything else, one
statement a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from engine.db.prepared import Prepared
from engine.db.tables import child_item, passed_value
from engine.run.ground import grounded
from engine.spiff.shelf import Laid

ITEM = select(child_item.c.item, child_item.c.answer).where(
    child_item.c.instance_id == bindparam("instance"),
    child_item.c.token == bindparam("token"),
    child_item.c.place == bindparam("place"),
)
ITEMS = (
    select(child_item.c.item, child_item.c.answer)
    .where(
        child_item.c.instance_id == bindparam("instance"), child_item.c.token == bindparam("token")
    )
    .order_by(child_item.c.place)
)
LAY = Prepared(insert(child_item))
ANSWER = Prepared(
    update(child_item)
    .where(
        child_item.c.instance_id == bindparam("b_instance"),
        child_item.c.token == bindparam("b_token"),
        child_item.c.place == bindparam("b_place"),
    )
    .values(answer=bindparam("b_answer"))
)
CLEAR = Prepared(
    delete(child_item).where(
        child_item.c.instance_id == bindparam("b_instance"),
        child_item.c.token == bindparam("b_token"),
    )
)
PASS = Prepared(insert(passed_value))
PASSED = select(passed_value.c.value).where(passed_value.c.id == bindparam("id"))


def fetch(connection: Connection, ref: str) -> Any:
    """Return a value that was too much to carry in every state."""
    with grounded():
        return connection.execute(PASSED, {"id": UUID(ref)}).scalar_one()


class StoredShelf:
    """The shelf of one instance in one transaction."""

    def __init__(self, connection: Connection, instance_id: UUID) -> None:
        self._connection = connection
        self._instance = instance_id
        self._laid: dict[int, list[Laid]] = {}
        self._answers: dict[tuple[int, int], Any] = {}
        self._cleared: set[int] = set()
        self._passed: dict[str, Any] = {}

    def lay(self, token: int, laid: Sequence[Laid]) -> None:
        """Lay down the items of an activity that has just begun."""
        self._laid[token] = list(laid)

    def answer(self, token: int, index: int, answer: Any) -> None:
        """Put an answer beside its item."""
        if token in self._laid:
            self._laid[token][index] = Laid(self._laid[token][index].item, answer)
        else:
            self._answers[token, index] = answer

    def at(self, token: int, index: int) -> Laid:
        """Return one item with its answer."""
        if token in self._laid:
            return self._laid[token][index]
        asked = {"instance": self._instance, "token": token, "place": index}
        with grounded():
            laid = Laid(*self._connection.execute(ITEM, asked).one())
        return Laid(laid.item, self._answers.get((token, index), laid.answer))

    def all(self, token: int) -> Sequence[Laid]:
        """Return all of an activity, in the order of their index."""
        if token in self._laid or token in self._cleared:
            return self._laid.get(token, ())
        with grounded():
            rows = self._connection.execute(ITEMS, {"instance": self._instance, "token": token})
            found = [Laid(*row) for row in rows]
        for (at, index), answer in self._answers.items():
            if at == token:
                found[index] = Laid(found[index].item, answer)
        return found

    def clear(self, token: int) -> None:
        """Take away what an activity has left."""
        if self._laid.pop(token, None) is None:
            self._cleared.add(token)
            self._answers = {key: each for key, each in self._answers.items() if key[0] != token}

    def hold(self, ref: UUID, value: Any) -> str:
        """Keep a value that parts are to see without carrying it; return where it stands."""
        self._passed[str(ref)] = value
        return str(ref)

    def fetch(self, ref: str) -> Any:
        """Return such a value."""
        return self._passed[ref] if ref in self._passed else fetch(self._connection, ref)

    def write(self) -> None:
        """Store what was collected."""
        instance = self._instance
        to = self._connection
        CLEAR.send(to, [{"b_instance": instance, "b_token": t} for t in sorted(self._cleared)])
        LAY.send(to, [row for token in self._laid for row in self._rows(token)])
        ANSWER.send(
            to,
            [
                {"b_instance": instance, "b_token": token, "b_place": index, "b_answer": answer}
                for (token, index), answer in self._answers.items()
            ],
        )
        passed = self._passed.items()
        PASS.send(to, [{"id": UUID(r), "instance_id": instance, "value": v} for r, v in passed])
        self._laid, self._answers, self._cleared, self._passed = {}, {}, set(), {}

    def _rows(self, token: int) -> list[dict[str, Any]]:
        key = {"instance_id": self._instance, "token": token}
        laid = enumerate(self._laid[token])
        return [{**key, "place": n, "item": each.item, "answer": each.answer} for n, each in laid]
