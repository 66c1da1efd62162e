"""Photos taken at a step or an offer: kept first, then named by the form that finishes it.

A phone in a cellar loses its network between the two; what was uploaded is not lost with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.tables import instance, work_item
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.i18n import _
from engine.ids import offer_id
from engine.run.commands import Command
from engine.run.handlers import offers
from processes.photos import KeptPhoto, Photos
from processes.tables import attachment

if TYPE_CHECKING:
    from engine.run.context import Context

MOST: Final = 24  # photos uploaded for one step, those taken back included

ITEM: Final = sa.select(
    work_item.c.root_id, work_item.c.role, work_item.c.unit, work_item.c.status
).where(work_item.c.id == sa.bindparam("item"))
ROOT: Final = sa.select(instance.c.root_id).where(instance.c.id == sa.bindparam("instance"))
COUNT: Final = sa.select(sa.func.count()).where(
    attachment.c.case_id == sa.bindparam("case"), attachment.c.work_item_id == sa.bindparam("item")
)
OWN: Final = sa.select(attachment.c.id).where(
    attachment.c.case_id == sa.bindparam("case"),
    attachment.c.work_item_id == sa.bindparam("item"),
    attachment.c.id.in_(sa.bindparam("ids", expanding=True)),
)


@dataclass(frozen=True, kw_only=True)
class AddPhotos(Command):
    """Add photos, kept beforehand, to an open step of a case. Answers their ids in order."""

    item_id: UUID
    photos: tuple[KeptPhoto, ...]


@dataclass(frozen=True, kw_only=True)
class AddOfferPhotos(Command):
    """Add photos, kept beforehand, to what a case's diagram offers. Answers their ids in order."""

    instance_id: UUID
    token: int
    photos: tuple[KeptPhoto, ...]


class StepPhotos:
    """Adds photos to steps and offers."""

    def __init__(self, photos: Photos) -> None:
        self._photos = photos

    def add(self, context: Context, command: AddPhotos) -> dict[str, Any]:
        """Store the photos. Raises NotFound, Forbidden, Conflict, or Invalid("photo.too_many")."""
        item = open_item(context, command.item_id)
        return self._store(context, command.photos, case=item.root_id, item=command.item_id)

    def add_to_offer(self, context: Context, command: AddOfferPhotos) -> dict[str, Any]:
        """Store the photos of an offer. Raises what `add` does."""
        offers.locate(context, command)
        case = context.connection.execute(ROOT, {"instance": command.instance_id}).scalar_one()
        place = offer_id(command.instance_id, command.token)
        return self._store(context, command.photos, case=case, item=place)

    def _store(
        self, context: Context, photos: Sequence[KeptPhoto], *, case: UUID, item: UUID
    ) -> dict[str, Any]:
        """Store photos at a step or an offer of a case."""
        if not all(map(self._photos.has, photos)):
            raise NotFound("photo.missing", _("照片没有上传成功，请重新上传。"))
        key = {"case": case, "item": item}
        stored = context.connection.execute(COUNT, key).scalar_one()
        if stored + len(photos) > MOST:
            raise Invalid("photo.too_many", _("这一步的照片最多 {most} 张，请删减。", most=MOST))
        rows = [photo_row(context, each, **key) for each in photos]
        if rows:
            context.connection.execute(attachment.insert(), rows)
        return {"ids": [str(row["id"]) for row in rows]}


def open_item(context: Context, item_id: UUID) -> Any:
    """Return an open step that the actor may do."""
    row = context.connection.execute(ITEM, {"item": item_id}).one_or_none()
    if row is None:
        raise NotFound("work_item.unknown", _("没有这项待办，请刷新待办列表。"))
    may_act = context.plugins.access.may_act
    if not may_act(
        context.connection, context.actor, action="item.do", role=row.role, unit=row.unit
    ):
        raise Forbidden("work_item.not_yours", _("这项待办不归您的岗位办理。"))
    if row.status != "open":
        raise Conflict(
            "work_item.already_completed",
            _("这项待办刚刚已由同事办理，请刷新后查看结果。"),
        )
    return row


def photo_row(
    context: Context, photo: KeptPhoto, *, case: UUID, item: UUID | None = None
) -> dict[str, Any]:
    """Return the row of a photo of a case, taken at a step or come with the report."""
    return {
        "id": context.ids.new(),
        "case_id": case,
        "sha256": photo.sha256,
        "clean_sha256": photo.clean_sha256,
        "kind": photo.kind,
        "width": photo.width,
        "height": photo.height,
        "size": photo.size,
        "uploaded_by": context.actor.id,
        "work_item_id": item,
        "at": context.now,
    }


def lost_photos(
    connection: Connection, case: UUID, item: UUID, ids: Sequence[str]
) -> frozenset[str]:
    """Return which of some ids are no photos of a step or an offer of a case; one statement."""
    key: Mapping[str, Any] = {"case": case, "item": item, "ids": [UUID(each) for each in ids]}
    return frozenset(ids) - {str(each) for each in connection.scalars(OWN, key)}
