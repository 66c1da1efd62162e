"""Photos: real ones are kept twice, pretended ones are refused."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import Broken, Invalid, NotFound
from engine.secrets import Keys
from processes.photos import LONGEST_SIDE, Photos

GPS, ORIENTATION = 0x8825, 0x0112


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "files", Keys.random())


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, exif: bool = False) -> bytes:
    image, out = Image.new("RGB", size, "teal"), BytesIO()
    tags = Image.Exif()
    if exif:
        tags[ORIENTATION] = 6
        tags.get_ifd(GPS)[2] = (36.0, 30.0, 0.0)
    image.save(out, kind, **({"exif": tags} if exif else {}))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_real_photo_is_kept_as_taken_and_as_shown(photos: Photos, kind: str) -> None:
    data = picture(kind)
    kept = photos.keep(data)
    assert photos.has(kept)
    assert photos.original(kept.sha256) == data
    assert Image.open(BytesIO(photos.clean(kept.clean_sha256))).format == "JPEG"
    assert (kept.width, kept.height, kept.size) == (64, 48, len(data))


def test_the_copy_tells_neither_place_nor_camera_and_stands_upright(photos: Photos) -> None:
    kept = photos.keep(picture(exif=True) + b"hidden behind the end")
    clean = photos.clean(kept.clean_sha256)
    assert not dict(Image.open(BytesIO(clean)).getexif())
    assert b"hidden" not in clean
    assert (kept.width, kept.height) == (48, 64)


def test_the_original_lies_sealed_on_the_disk(photos: Photos, tmp_path: Path) -> None:
    data = picture()
    kept = photos.keep(data)
    (sealed,) = (tmp_path / "files").rglob("*.sealed")
    assert data not in sealed.read_bytes()
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"x")
    with pytest.raises(Broken):
        photos.original(kept.sha256)


def test_the_same_photo_twice_is_one_file(photos: Photos, tmp_path: Path) -> None:
    assert photos.keep(picture()) == photos.keep(picture())
    assert len(list((tmp_path / "files").rglob("*.sealed"))) == 1


def test_a_large_photo_is_shown_smaller(photos: Photos) -> None:
    assert photos.keep(picture(size=(3000, 1500))).width == LONGEST_SIDE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.4",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0 not really",
        picture()[:-200],
        picture("GIF"),
    ],
)
def test_what_is_no_photo_is_refused(photos: Photos, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        photos.keep(data)
    assert refused.value.code == "photo.not_a_photo"
    assert not (tmp_path / "files").exists()


def test_a_photo_that_unpacks_to_an_ocean_of_pixels_is_refused(photos: Photos) -> None:
    with pytest.raises(Invalid) as refused:
        photos.keep(bomb(30_000, 30_000))
    assert refused.value.code == "photo.too_large"


def test_too_many_bytes_are_refused_unread(photos: Photos) -> None:
    with pytest.raises(Invalid) as refused:
        photos.keep(bytes(12 * 1024 * 1024 + 1))
    assert refused.value.code == "photo.too_large"


def test_a_photo_that_is_gone_is_said_to_be_gone(photos: Photos) -> None:
    with pytest.raises(NotFound):
        photos.clean("00" * 32)


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that claims to be enormous."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
