"""From events to rows: what a command appends to the chain of its instance. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from engine.actor import Actor
from engine.events import Event
from engine.trail.canonical import VERSION, canonical, instant
from engine.trail.chain import Head, seal
from engine.trail.words import digest, new_salt


class Happening(Protocol):
    """An event, when it was true, and who did it."""

    @property
    def event(self) -> Event:
        """What happened."""

    @property
    def at(self) -> datetime:
        """The instant at which it was true."""

    @property
    def actor(self) -> Actor:
        """Who did it."""


@dataclass(frozen=True)
class Appended:
    """Rows for `event` and `event_value`, and where the chain ends after them."""

    events: list[dict[str, Any]]
    values: list[dict[str, Any]]
    head: Head


def append(
    happenings: Iterable[Happening],
    *,
    instance: UUID,
    root: UUID,
    head: Head,
    recorded_at: datetime,
    salt: Callable[[], bytes] = new_salt,
) -> Appended:
    """Return what `happenings` add to the chain that ends at `head`, in their order.

    The caller inserts the rows and stores the new head in the same transaction.
    """
    events: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for happening in happenings:
        words = {name: (text, salt()) for name, text in happening.event.words().items()}
        body = entry(happening, words, instance=instance, seq=head.seq + 1, recorded=recorded_at)
        head = Head(head.seq + 1, seal(head.hash, body))
        events.append(
            {
                "instance_id": instance,
                "seq": head.seq,
                "root_id": root,
                "kind": happening.event.kind,
                "at": happening.at,
                "recorded_at": recorded_at,
                "element": happening.event.element,
                "actor": happening.actor.id,
                "body": body,
                "hash": head.hash,
            }
        )
        values += [
            {"instance_id": instance, "seq": head.seq, "field": name, "value": text, "salt": key}
            for name, (text, key) in words.items()
        ]
    return Appended(events, values, head)


def entry(
    happening: Happening,
    words: dict[str, tuple[str, bytes]],
    *,
    instance: UUID,
    seq: int,
    recorded: datetime,
) -> bytes:
    """Return the bytes of one entry.

    Free text stands in `data.words` under its name, as its digest: apart from the event's fields,
    because a form may call its text whatever it likes.
    """
    data = happening.event.data()
    if words:
        data["words"] = {name: {"digest": digest(*pair)} for name, pair in words.items()}
    return canonical(
        {
            "v": VERSION,
            "instance": str(instance),
            "seq": seq,
            "at": instant(happening.at),
            "recorded_at": instant(recorded),
            "kind": happening.event.kind,
            "actor": happening.actor.for_trail(),
            "element": happening.event.element,
            "data": data,
        }
    )
