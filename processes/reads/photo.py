"""Photos of a case, for those who may read it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.errors import NotFound
from engine.i18n import _
from processes.photos import Photos
from processes.reads.found import Found, find_case
from processes.reads.reader import Reader
from processes.reads.rows import Photo
from processes.tables import attachment

PHOTOS: Final = (
    sa.select(attachment.c.id, attachment.c.width, attachment.c.height, attachment.c.work_item_id)
    .where(attachment.c.case_id == sa.bindparam("case"))
    .order_by(attachment.c.at, attachment.c.id)
)
COPY: Final = sa.select(attachment.c.clean_sha256).where(
    attachment.c.case_id == sa.bindparam("case"), attachment.c.id == sa.bindparam("id")
)


def photos_of(reader: Reader, case: Found) -> tuple[Photo, ...]:
    """Return what a page needs to show a case's photos; one statement."""
    rows = reader.connection.execute(PHOTOS, {"case": case.row.id})
    return tuple(
        Photo(
            id=row.id,
            width=row.width,
            height=row.height,
            label=reader.say(_("照片 {n}", n=place)),
            of_step=row.work_item_id is not None,
        )
        for place, row in enumerate(rows, 1)
    )


def photo(reader: Reader, actor: Actor, number: str, *, photo_id: UUID, photos: Photos) -> bytes:
    """Return the clean copy of a photo, a JPEG. Raises NotFound("case.…" or "photo.missing")."""
    case = find_case(reader, actor, number)
    key = {"case": case.row.id, "id": photo_id}
    digest = reader.connection.scalar(COPY, key)
    if digest is None:
        raise NotFound("photo.missing", _("没有这张照片。"))
    return photos.clean(digest)
