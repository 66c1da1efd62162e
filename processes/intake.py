"""Intake: a report becomes a case file with a number, and the chain's process starts on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.db.prepared import Prepared
from engine.db.savepoint import savepoint
from engine.errors import Conflict, NotFound
from engine.i18n import _
from engine.run.commands import Command
from processes.areas import Area, find_area
from processes.events import CaseReported
from processes.index import store_words, word_rows
from processes.permissions import require
from processes.photos import KeptPhoto, Photos
from processes.practice import chosen
from processes.privacy import Sealed
from processes.reports import (
    PRIORITY,
    check_category,
    check_joint,
    check_reference,
    check_urgency,
    checked_code,
    checked_description,
    checked_instant,
    checked_word,
    title_of,
)
from processes.statuses import FIRST
from processes.step_photos import photo_row
from processes.tables import attachment, case_file
from processes.words import searched

if TYPE_CHECKING:
    from engine.run.context import Context

HERE: Final = ZoneInfo("Asia/Shanghai")  # a case number's year is the one on the wall
PROCESS: Final = "whistle"  # the folder whose process a report starts

NEXT_NUMBER = sa.text(
    "INSERT INTO case_number (area, year, next) VALUES (:area, :year, 2) "
    "ON CONFLICT (area, year) DO UPDATE SET next = case_number.next + 1 RETURNING next - 1"
)
INSERT_CASE = Prepared(case_file.insert())
KNOWN = Prepared(
    sa.select(case_file.c.number).where(
        case_file.c.source == sa.bindparam("source"),
        case_file.c.external_ref == sa.bindparam("external_ref"),
    )
)


@dataclass(frozen=True, kw_only=True)
class ReportCase(Command):
    """Report a problem at an area.

    `urgency` is normal, urgent or danger. `source` is the channel; with `external_ref`, the number
    it has there, it names a case once and for all. `reported_at` is when the source was told.
    `photos` are kept beforehand (`Photos.keep`). `joint_area` is the neighbour of `area` where the
    place lies on the boundary of both. `standard` and `filing_condition` are codes of the
    standards catalogue.
    """

    description: str
    category: str
    area: str
    joint_area: str = ""
    standard: str = ""
    filing_condition: str = ""
    title: str = ""
    urgency: str = "normal"
    address: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    source: str = "patrol"
    external_ref: str | None = None
    reported_at: datetime | None = None
    photos: tuple[KeptPhoto, ...] = ()


class Intake:
    """Takes reports in. `categories` are the codes that may be reported."""

    def __init__(self, *, sealed: Sealed, photos: Photos, categories: Collection[str]) -> None:
        self._sealed = sealed
        self._photos = photos
        self._categories = frozenset(categories)

    def report(self, context: Context, command: ReportCase) -> dict[str, Any]:
        """Open the case. Answers its id, number and title.

        Raises Invalid("case.…") with the field that is wrong, Conflict("case.repeated").
        """
        check_reference(command.external_ref)
        area = find_area(context.connection, command.area)
        require(context.actor, "case.report", paths=(area.path,))
        self._refuse_repeat(context, command)
        self._refuse_lost_photos(command)
        case_id = context.ids.new()
        row = self._row(context, command, case_id=case_id, area=area)
        insert_once(context, command, row)
        store_words(context.connection, word_rows(case_id, row["words"], row["reported_at"]))
        self._attach(context, command, case_id)
        context.start(PROCESS, unit=area.code, priority=row["priority"], instance_id=case_id)
        context.emit(case_id, reported(command, row))
        return {"case_id": str(case_id), "number": row["number"], "title": row["title"]}

    def _refuse_repeat(self, context: Context, command: ReportCase) -> None:
        """Refuse what the same source has reported under the same number before."""
        if command.external_ref is None:
            return
        key = {"source": command.source, "external_ref": command.external_ref}
        number = KNOWN.scalar(context.connection, key)
        if number is not None:
            raise repeated(command, number)

    def _refuse_lost_photos(self, command: ReportCase) -> None:
        """Refuse photos that were named but never kept."""
        if not all(map(self._photos.has, command.photos)):
            raise NotFound("photo.missing", _("照片没有上传成功，请重新上传。"))

    def _row(
        self, context: Context, command: ReportCase, *, case_id: UUID, area: Area
    ) -> dict[str, Any]:
        """Check the whole report and return its row."""
        check_category(command.category, self._categories)
        check_urgency(command.urgency)
        description = checked_description(command.description)
        title = checked_word("title", command.title) or title_of(description)
        if command.joint_area:
            check_joint(command.area, find_area(context.connection, command.joint_area).code)
        place = place_of(command)
        number = next_number(context, area)
        return {
            "id": case_id,
            "source": checked_word("source", command.source),
            "external_ref": command.external_ref,
            "title": title,
            "description": description,
            "words": searched(title, description, place or ""),
            "category": command.category,
            "standard": checked_code("standard", command.standard),
            "filing_condition": checked_code("filing_condition", command.filing_condition),
            "urgency": command.urgency,
            "mode": chosen(context.connection, "mode"),
            "area": area.code,
            "grid": area.grid,
            "community": area.community,
            "street": area.street,
            "joint_area": command.joint_area or None,
            "place": place,
            "path": area.path,
            "status": FIRST,
            "own_status": FIRST,
            "priority": PRIORITY[command.urgency],
            "reported_by": context.actor.id,
            **self._personal(command, case_id),
            "reported_at": checked_instant(command.reported_at, context.now),
            "received_at": context.now,
            "number": number,
            "number_reversed": number[::-1],
        }

    def _personal(self, command: ReportCase, case_id: UUID) -> dict[str, bytes | None]:
        """Return what identifies a person, sealed."""
        clear = {
            "address": command.address,
            "reporter_name": command.reporter_name,
            "reporter_phone": command.reporter_phone,
        }
        sealed = {
            column: self._sealed.seal(checked_word(column, text), column=column, row=case_id)
            for column, text in clear.items()
        }
        return {**sealed, "phone_index": self._sealed.phone_index(command.reporter_phone)}

    def _attach(self, context: Context, command: ReportCase, case_id: UUID) -> None:
        """Store which photos belong to the case."""
        if command.photos:
            rows = [photo_row(context, photo, case=case_id) for photo in command.photos]
            context.connection.execute(attachment.insert(), rows)


def place_of(command: ReportCase) -> str | None:
    """Return the public place that a report is about, which may be searched.

    Beside a reporter's name an address may be their home: it is kept sealed only.
    """
    named = command.reporter_name.strip() or command.reporter_phone.strip()
    return None if named else checked_word("address", command.address) or None


def insert_once(context: Context, command: ReportCase, row: dict[str, Any]) -> None:
    """Store the case; where another has just stored the same report, refuse this one."""
    try:
        with savepoint(context.connection):
            INSERT_CASE.send(context.connection, [row])
    except sa.exc.IntegrityError as error:
        key = {"source": command.source, "external_ref": command.external_ref}
        number = KNOWN.scalar(context.connection, key)
        if number is None:
            raise
        raise repeated(command, number) from error


def repeated(command: ReportCase, number: str) -> Conflict:
    """Say under which number a report is registered already."""
    return Conflict(
        "case.repeated",
        _(
            "来源编号 {ref} 已登记为 {number}，不再重复登记。",
            ref=command.external_ref,
            number=number,
        ),
        number=number,
    )


def next_number(context: Context, area: Area) -> str:
    """Give out the next case number of an area's street and year."""
    year = context.now.astimezone(HERE).year
    key = {"area": area.number_code, "year": year}
    number = context.connection.scalar(NEXT_NUMBER, key)
    return f"{area.number_code}-{year}-{number:06d}"


def reported(command: ReportCase, row: dict[str, Any]) -> CaseReported:
    """Say what was reported, for the trail: codes in plain, words as free text."""
    return CaseReported(
        number=row["number"],
        source=row["source"],
        category=row["category"],
        area=row["area"],
        urgency=row["urgency"],
        reported_at=row["reported_at"].isoformat(),
        external_ref=row["external_ref"],
        photos=tuple(photo.sha256 for photo in command.photos),
        texts={"title": row["title"], "description": row["description"]},
    )
