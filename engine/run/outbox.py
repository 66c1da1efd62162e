"""Letters: what leaves the machine, sent after and only if its transaction was committed.

A letter is sent at least once: it is marked when the courier has taken it, so a crash between the
two sends it again. Of several hosts one leases a batch, so that only a crash doubles letters.
Letters carry codes, never the facts of a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import structlog
from sqlalchemy import bindparam, or_, select, update

from engine.db.tables import outbox
from engine.run.leases import worker_name

if TYPE_CHECKING:
    from engine.run.engine import Engine

BATCH = 50
ATTEMPTS = 10
LEASE = timedelta(minutes=1)  # for a batch, also of a courier that is slow to answer

log = structlog.get_logger(__name__)

UNSENT = (
    select(outbox.c.id)
    .where(
        outbox.c.sent_at.is_(None),
        outbox.c.attempts < ATTEMPTS,
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("b_now")),
    )
    .order_by(outbox.c.id)
)
WAITING = select(UNSENT.exists())
CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(UNSENT.limit(BATCH).with_for_update(skip_locked=True).scalar_subquery()))
    .values(lease_until=bindparam("b_until"), lease_owner=bindparam("b_owner"))
    .returning(outbox.c.id, outbox.c.topic, outbox.c.data)
)
SENT = update(outbox).where(outbox.c.id == bindparam("b_id")).values(sent_at=bindparam("b_at"))
FAILED = (
    update(outbox)
    .where(outbox.c.id == bindparam("b_id"))
    .values(attempts=outbox.c.attempts + 1, lease_until=None, lease_owner=None)
)


class Courier(Protocol):
    """Takes a letter out of the house. An exception means it was not taken."""

    def deliver(self, letter: UUID, topic: str, data: Mapping[str, Any]) -> None:
        """Send a letter; `letter` is the same on every attempt, so that doubles can be told."""
        ...


class LogCourier:
    """Writes letters into the log: what a house without any channel does."""

    def deliver(self, letter: UUID, topic: str, data: Mapping[str, Any]) -> None:
        """Write one line."""
        log.info("letter", letter=str(letter), topic=topic, **data)


@dataclass
class MemoryCourier:
    """Keeps letters in memory: for tests. `down` makes it fail."""

    taken: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    down: bool = False

    def deliver(self, letter: UUID, topic: str, data: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Keep the letter, or fail."""
        if self.down:
            raise ConnectionError("the courier is down")
        self.taken.append((topic, data))


def send_letters(engine: Engine, courier: Courier) -> int:
    """Hand one batch of unsent letters to the courier; return how many it took.

    The courier is called outside any transaction. A letter that fails is tried again with the next
    batch, at most `ATTEMPTS` times; then it stays for an operator to see.
    """
    letters = engine.database.retry(lambda: claim(engine))
    sent, failed = [], []
    for letter in letters:
        try:
            courier.deliver(letter.id, letter.topic, letter.data)
        except Exception:
            log.exception("letter.failed", letter=str(letter.id), topic=letter.topic)
            failed.append({"b_id": letter.id})
        else:
            sent.append({"b_id": letter.id, "b_at": engine.clock.now()})
    if letters:
        engine.database.retry(lambda: note(engine, sent, failed))
    return len(sent)


def claim(engine: Engine) -> list[Any]:
    """Lease a batch of unsent letters, oldest first; looking alone writes nothing."""
    now: datetime = engine.clock.now()
    with engine.database.read() as connection:
        if not connection.scalar(WAITING, {"b_now": now}):
            return []
    with engine.database.write(bulk=True) as connection:
        lease = {"b_now": now, "b_until": now + LEASE, "b_owner": worker_name()}
        claimed = connection.execute(CLAIM, lease)
        return sorted(claimed, key=lambda row: row.id)


def note(engine: Engine, sent: list[dict[str, Any]], failed: list[dict[str, Any]]) -> None:
    """Store what became of a batch."""
    with engine.database.write(bulk=True) as connection:
        if sent:
            connection.execute(SENT, sent)
        if failed:
            connection.execute(FAILED, failed)
