"""Personal data of reporters: sealed when stored, masked when shown, every reading on record.

Masking follows the custom of the trade: 张*, 138****5678, an address up to its road.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.ids import Ids
from engine.sealing import Place, blind_index, decrypt, encrypt
from engine.secrets import Keys
from processes.privacy_tables import access_pending

MASK = "*"
COUNTRY = "86"
MOBILE_DIGITS = 11
HIDDEN = MASK * 4
KEPT_OF_ADDRESS = re.compile(r"^\D*[路街巷道村镇乡区县市]")  # the last of these before any digit


@dataclass(frozen=True)
class Sealed:
    """Seals and opens the personal columns of one table: `Sealed(keys, "case_file")`."""

    keys: Keys
    table: str

    def seal(self, text: str | None, *, column: str, row: UUID) -> bytes | None:
        """Return what to store; nothing stays nothing."""
        return encrypt(self.keys, text, Place(self.table, column, row)) if text else None

    def open(self, sealed: bytes | None, *, column: str, row: UUID) -> str:
        """Return what was sealed, "" for nothing. Raises `Broken("privacy.unreadable")`."""
        return decrypt(self.keys, sealed, Place(self.table, column, row)) if sealed else ""

    def phone_index(self, phone: str | None) -> bytes | None:
        """Return the blind index of a phone, however it is written; nothing for no digits."""
        number = normal_phone(phone or "")
        return blind_index(self.keys, number, "phone") if number else None


def normal_phone(phone: str) -> str:
    """Return a phone's digits without country code: `+86 138-1234-5678` is `13812345678`.

    Full-width digits count as digits. A land line keeps its area code.
    """
    digits = "".join(str(int(sign)) for sign in phone if sign.isdecimal())
    digits = digits.removeprefix("00")
    with_country = digits.startswith(COUNTRY) and len(digits) >= len(COUNTRY) + MOBILE_DIGITS
    return digits[len(COUNTRY) :] if with_country else digits


def mask_name(name: str) -> str:
    """Return the family name and one star for each further sign: 张三 is 张*."""
    name = name.strip()
    return name[:1] + MASK * (len(name) - 1) if len(name) > 1 else MASK * len(name)


def mask_phone(phone: str) -> str:
    """Return the first three and last four digits of a phone: 138****5678.

    A shorter number keeps its last two digits only.
    """
    number = normal_phone(phone)
    if len(number) >= 10:
        return number[:3] + MASK * (len(number) - 7) + number[-4:]
    return MASK * max(len(number) - 2, 0) + number[-2:] if len(number) > 4 else MASK * len(number)


def mask_address(address: str) -> str:
    """Return an address up to its road, village or estate: 康庄路12号 is 康庄路****."""
    address = address.strip()
    kept = KEPT_OF_ADDRESS.match(address)
    shown = kept.group() if kept else ""
    return shown if shown == address else shown + HIDDEN


def record_reading(
    connection: sa.Connection,
    actor: Actor,
    *,
    case: UUID,
    fields: Iterable[str],
    now: datetime,
    ids: Ids,
) -> None:
    """Note that `actor` was shown `fields` of a case unmasked; one insert, no lock."""
    record_readings(connection, actor, cases=(case,), fields=fields, now=now, ids=ids)


def record_readings(
    connection: sa.Connection,
    actor: Actor,
    *,
    cases: Iterable[UUID],
    fields: Iterable[str],
    now: datetime,
    ids: Ids,
) -> None:
    """Note that `actor` learned `fields` of some cases; one insert, no lock."""
    named = " ".join(sorted(fields))
    notes = [
        {"id": ids.new(), "at": now, "actor": actor.id, "case_id": case, "fields": named}
        for case in cases
    ]
    connection.execute(sa.insert(access_pending), notes)
