"""Idempotency: an accepted answer is kept for a day per actor and key, and given again.

Refusals are not kept: the same question may be asked again when the world has changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from engine.actor import Actor
from engine.db.failures import Busy
from engine.db.tables import command_receipt
from engine.errors import Conflict, Invalid
from engine.i18n import _
from engine.run.commands import Command

KEPT = timedelta(hours=24)
LONGEST_KEY = 200

FIND = select(command_receipt).where(
    command_receipt.c.actor == bindparam("who"), command_receipt.c.key == bindparam("word")
)
FORGET = delete(command_receipt).where(
    command_receipt.c.actor == bindparam("b_who"), command_receipt.c.key == bindparam("b_word")
)
FORGET_OLD = delete(command_receipt).where(command_receipt.c.at < bindparam("b_before"))


def who(actor: Actor) -> str:
    """Return the name an actor's receipts are kept under."""
    return f"{actor.kind}:{actor.id or ''}"


def request_hash(command: Command) -> bytes:
    """Return a digest of all a command says, so that a key cannot be used for something else."""
    said = {"type": type(command).__qualname__, **asdict(command)}
    return hashlib.sha256(orjson.dumps(said, default=spell, option=orjson.OPT_SORT_KEYS)).digest()


def spell(value: Any) -> Any:
    """Return what JSON can say of bytes and sets; ids and instants it knows."""
    if isinstance(value, bytes | bytearray):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def check_key(key: str) -> None:
    """Refuse a key that is empty or too long."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid(
            "idempotency.bad_key",
            _("幂等键须为 1 到 {most} 个字符，请换一个再提交。", most=LONGEST_KEY),
        )


def find(
    connection: Connection, actor: Actor, key: str, command: Command, now: datetime
) -> dict[str, Any] | None:
    """Return the answer given before, or None. The same key with another question is refused."""
    row = connection.execute(FIND, {"who": who(actor), "word": key}).one_or_none()
    if row is None:
        return None
    if row.at <= now - KEPT:
        connection.execute(FORGET, {"b_who": who(actor), "b_word": key})
        return None
    if bytes(row.request_hash) != request_hash(command):
        raise Conflict(
            "idempotency.other_request",
            _("这个幂等键已用于另一项请求，请换一个键再提交。"),
        )
    answer: dict[str, Any] = row.answer
    return answer


def keep(
    connection: Connection,
    actor: Actor,
    key: str,
    command: Command,
    *,
    answer: dict[str, Any],
    now: datetime,
) -> None:
    """Keep an accepted answer. Raises Busy where the same key has just been kept by a twin."""
    row = {
        "actor": who(actor),
        "key": key,
        "request_hash": request_hash(command),
        "answer": answer,
        "at": now,
    }
    try:
        connection.execute(insert(command_receipt), row)
    except IntegrityError as error:
        raise Busy from error
