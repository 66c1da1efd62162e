"""The whole record proved: cases' trails, the chains beside them, and the log over all of them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.i18n import _
from engine.secrets import Keys
from engine.trail.beside import Beside
from engine.trail.heads import SignedHead
from engine.trail.verify import Report
from engine.trail.verify import verify as verify_trail
from processes.organisation_tables import organisation_entry
from processes.privacy_tables import access_entry

CHAINS: Final = (
    Beside(UUID(bytes=b"organisation\0\0\0\0"), organisation_entry, _("组织变更记录")),
    Beside(UUID(bytes=b"readings\0\0\0\0\0\0\0\0"), access_entry, _("查阅记录")),
)
"""The chains whose ends stand in the log of heads beside those of cases."""


def verify(connection: Connection, keys: Keys, head: SignedHead | None = None) -> Report:
    """Check everything recorded that the log of heads covers. Raises Invalid("head.forged")."""
    return verify_trail(connection, keys, head, beside=CHAINS)
