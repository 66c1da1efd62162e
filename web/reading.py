"""The reads of `processes` as this request sees them: its actor, its instant, its language.

Pages and API call these and nothing below them, so that both show the same thing.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import work_item
from engine.errors import Conflict, NotFound
from engine.i18n import _
from processes import reads
from processes.access import reach
from processes.reads.rows import CasePage, Inbox, OpenItem
from processes.tables import case_file
from web.here import actor, folders, locale, now, product

PAGE = 30


def inbox(*, tab: str | None = None, cursor: str | None = None, limit: int = PAGE) -> Inbox:
    """Return a page of what waits for the actor."""
    with product().engine.database.read() as connection:
        return reads.inbox(
            connection, actor(), tab=tab or "all", cursor=cursor, limit=limit, **view()
        )
