"""Photos as they come in over the web: kept, counted, and tied to the step they were taken at."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from flask import request

from engine.errors import Invalid
from engine.i18n import _
from processes.photos import KeptPhoto
from processes.reads.rows import FormField
from processes.step_photos import AddOfferPhotos, AddPhotos
from web.here import execute, product

MOST_PHOTOS = 6


def kept(photos: Iterable[bytes]) -> tuple[KeptPhoto, ...]:
    """Keep photos that came together. Raises Invalid("photo.…")."""
    taken = tuple(photos)
    if len(taken) > MOST_PHOTOS:
        sentence = _("照片最多 {most} 张，请删减。", most=MOST_PHOTOS)
        raise Invalid("photo.too_many", sentence, fields={"photos": sentence})
    return tuple(product().photos.keep(photo) for photo in taken)


def add_to_step(item_id: UUID, photos: Iterable[bytes]) -> list[str]:
    """Add photos to an open step and return their ids."""
    return list(execute(AddPhotos(item_id=item_id, photos=kept(photos)))["ids"])


def add_to_offer(instance_id: UUID, token: int, photos: Iterable[bytes]) -> list[str]:
    """Add photos to what a case's diagram offers and return their ids."""
    command = AddOfferPhotos(instance_id=instance_id, token=token, photos=kept(photos))
    return list(execute(command)["ids"])


def read_photos(
    fields: Iterable[FormField], add: Callable[[Iterable[bytes]], list[str]]
) -> dict[str, Any]:
    """Return the ids of each photo field of the form that was sent: kept before, and new ones.

    `add` keeps new ones where the form belongs and returns their ids.
    """
    return {
        field.name: [
            *request.form.getlist(f"{field.name}.kept"),
            *(add(files) if (files := uploaded(field.name)) else ()),
        ]
        for field in fields
        if field.type == "photo"
    }


def uploaded(name: str) -> list[bytes]:
    """Return the files that were chosen for a field."""
    return [file.read() for file in request.files.getlist(name) if file.filename]


def decoded(text: str) -> bytes:
    """Return a photo's bytes from base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        sentence = _("照片须用 base64 编码。")
        raise Invalid("photo.not_base64", sentence, fields={"photos": sentence}) from error
