"""The reads of `processes` as this request sees them: its actor, its instant, its language.

Pages and API call these and nothing below them, so that both show the same thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import work_item
from engine.errors import NotFound
from engine.i18n import _
from processes import reads
from processes.privacy import Sealed, record_reading, record_readings
from processes.reads.alike import Alike, Likeness
from processes.reads.charged import ChargedMonth
from processes.reads.deadline import Why
from processes.reads.diligence import Sheet
from processes.reads.filings import before_report, filings_of
from processes.reads.filters import Filters
from processes.reads.reader import Reader
from processes.reads.rows import CasePage, Cases, Filing, Inbox, OpenItem, Overdue, Search
from processes.reads.scope import own_items
from processes.reads.tables import TablePage, table_page
from processes.reads.trends import Trends
from processes.tables import case_file
from web.here import actor, folders, locale, now, product

PAGE = 30
REPORTER = ("address", "reporter_name", "reporter_phone")
PHONE = ("reporter_phone",)


@contextmanager
def reader() -> Iterator[Reader]:
    """Open a snapshot of the database for this request."""
    with product().engine.database.read() as connection:
        yield Reader(connection, now(), locale(), folders(), product().calendars)


def inbox(*, tab: str | None = None, cursor: str | None = None, limit: int = PAGE) -> Inbox:
    """Return a page of what waits for the actor."""
    with reader() as reading:
        return reads.inbox(reading, actor(), tab=tab or "all", cursor=cursor, limit=limit)


def explained(number: str, clock: UUID) -> Why:
    """Return why a clock of a case is due when it is."""
    with reader() as reading:
        return reads.explained(reading, actor(), number, clock=clock)


def diligence(number: str, unit: str) -> Sheet:
    """Return the diligence record of a unit in a case."""
    with reader() as reading:
        return reads.diligence(reading, actor(), number, unit)


def inbox_state() -> tuple[Any, ...]:
    """Return a few numbers that change when the actor's inbox does."""
    with reader() as reading:
        mine = own_items(actor(), "item.read")
        row = reading.connection.execute(
            sa.select(sa.func.count(), sa.func.max(work_item.c.opened_at)).where(mine)
        ).one()
    return tuple(row)


def cases(*, filters: Filters | None = None, cursor: str | None = None, limit: int = PAGE) -> Cases:
    """Return a page of the cases that the actor may see."""
    with reader() as reading:
        chosen = filters or Filters()
        return reads.cases(reading, actor(), filters=chosen, cursor=cursor, limit=limit)


def search(question: str, *, cursor: str | None = None, limit: int = PAGE) -> Search:
    """Return a page of what a question finds; whose telephone number it told is recorded."""
    with reader() as reading:
        hits = reads.search(
            reading, actor(), question, keys=product().keys, cursor=cursor, limit=limit
        )
    record_phone(hits.by_phone)
    return hits.page


def alike(*, category: str, area: str, reporter_phone: str = "") -> Alike:
    """Return what is like a report that is being written; whose it is, where told, is recorded."""
    index = Sealed(product().keys, "case_file").phone_index(reporter_phone)
    with reader() as reading:
        found = reads.alike(reading, actor(), Likeness(category, area, index))
    record_phone(found.by_phone)
    return found


def filings(*, category: str, urgency: str) -> tuple[Filing, ...]:
    """Return the filing conditions that a report of a category may name."""
    with reader() as reading:
        return filings_of(reading, before_report(category=category, urgency=urgency))


def table(key: str, version: UUID, *, only: Collection[int]) -> TablePage:
    """Return some rows of a version of a decision table, all where none are named."""
    with reader() as reading:
        return table_page(reading, key, version, only=only)


def record_phone(cases: tuple[UUID, ...]) -> None:
    """Record that the actor learned whose telephone number some cases have."""
    if cases:
        database, ids = product().engine.database, product().engine.ids
        with database.write() as connection:
            record_readings(connection, actor(), cases=cases, fields=PHONE, now=now(), ids=ids)


def charged_month(month: date) -> ChargedMonth:
    """Return what was charged in the cases that closed in a month."""
    with reader() as reading:
        return reads.charged_month(reading, actor(), month)


def trends(unit: str, length: int) -> Trends:
    """Return the trend of a unit, "" for the actor's own, over so many days."""
    with reader() as reading:
        return reads.trends(reading, actor(), unit=unit, length=length)


def overdue(*, cursor: str | None = None, limit: int = PAGE) -> Overdue:
    """Return a page of the clocks that ran out or nearly did."""
    with reader() as reading:
        return reads.overdue(reading, actor(), cursor=cursor, limit=limit)


def case(number: str) -> CasePage:
    """Return a case's page with the reporter masked."""
    with reader() as reading:
        return reads.case_page(reading, actor(), number, keys=product().keys)


def revealed(number: str) -> CasePage:
    """Return a case's page with the reporter in clear, and record who read it."""
    with reader() as reading:
        page = reads.case_page(reading, actor(), number, keys=product().keys, reveal=True)
        case_id = reading.connection.execute(
            sa.select(case_file.c.id).where(case_file.c.number == number)
        ).scalar_one()
    database, ids = product().engine.database, product().engine.ids
    with database.write() as connection:
        record_reading(connection, actor(), case=case_id, fields=REPORTER, now=now(), ids=ids)
    return page


def case_of(item_id: UUID) -> CasePage:
    """Return the case that a step belongs to. Raises NotFound("work_item.unknown").

    For whoever may not see the case the step does not exist: its number is not told.
    """
    query = (
        sa.select(case_file.c.number)
        .join(work_item, work_item.c.root_id == case_file.c.id)
        .where(work_item.c.id == item_id)
    )
    with product().engine.database.read() as connection:
        number: str | None = connection.scalar(query)
    try:
        return case(number or "")
    except NotFound:
        raise unknown_item() from None


def open_item(item_id: UUID) -> OpenItem:
    """Return an open step that the actor may do. Raises NotFound("work_item.unknown")."""
    found = [item for item in case_of(item_id).items if item.item_id == item_id]
    if not found:
        raise unknown_item()
    return found[0]


def unknown_item() -> NotFound:
    """Return the refusal of a step that is not there, not open or not the actor's."""
    return NotFound("work_item.unknown", _("没有这项待办，请刷新待办列表。"))


def photo(number: str, photo_id: UUID) -> bytes:
    """Return the clean copy of a photo of a case that the actor may see."""
    with reader() as reading:
        photos = product().photos
        return reads.photo(reading, actor(), number, photo_id=photo_id, photos=photos)
