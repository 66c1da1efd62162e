"""Photos: told from what only pretends to be one, kept twice: sealed as taken, clean as shown.

The original with its time, place and camera is evidence and is kept encrypted, named by its
content. What people see is a copy drawn anew from the pixels alone: no EXIF, no thumbnails, no
trailing bytes. Files are written before the command that names them: an orphan does no harm, a
missing file would.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from engine.errors import Invalid, NotFound
from engine.i18n import Text, _
from engine.secrets import Keys
from processes.sealed_files import seal_file, unseal_file

MAX_BYTES: Final = 12 * 1024 * 1024
MAX_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 2048  # pixels of the copy; enough to read a number plate, light on a phone
READABLE: Final = ("JPEG", "PNG", "WEBP")
MEDIA_TYPES: Final = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with more pictures behind the first, as many phones write it
    "PNG": "image/png",
    "WEBP": "image/webp",
}
CLEAN_TYPE: Final = "image/jpeg"


@dataclass(frozen=True)
class KeptPhoto:
    """A photo that is stored: SHA-256 of original and copy, and what lists need to know."""

    sha256: str
    clean_sha256: str
    kind: str
    width: int
    height: int
    size: int


class Photos:
    """The store of photos under a folder."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder = folder
        self._keys = keys

    def keep(self, data: bytes) -> KeptPhoto:
        """Check a photo and keep it. Raises Invalid("photo.…")."""
        image = opened(data)
        kind = MEDIA_TYPES[image.format or ""]
        clean, width, height = redrawn(image)
        kept = KeptPhoto(
            sha256=digest(data),
            clean_sha256=digest(clean),
            kind=kind,
            width=width,
            height=height,
            size=len(data),
        )
        write_once(self._original(kept.sha256), seal_file(self._keys, data, name=kept.sha256))
        write_once(self._clean(kept.clean_sha256), clean)
        return kept

    def clean(self, clean_sha256: str) -> bytes:
        """Return the copy for showing, a JPEG. Raises NotFound("photo.missing")."""
        return read(self._clean(clean_sha256))

    def original(self, sha256: str) -> bytes:
        """Return the original as it was taken. Raises NotFound("photo.missing")."""
        return unseal_file(self._keys, read(self._original(sha256)), name=sha256)

    def has(self, photo: KeptPhoto) -> bool:
        """Tell whether both files of a photo are there."""
        return self._original(photo.sha256).exists() and self._clean(photo.clean_sha256).exists()

    def _original(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.sealed"

    def _clean(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.jpg"


def opened(data: bytes) -> Image.Image:
    """Open a photo and read all of its pixels; refuse what is too large or no photo."""
    if len(data) > MAX_BYTES:
        raise refusal("photo.too_large", _("照片超过 12 MB，请压缩后再传。"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=READABLE)
            if image.width * image.height > MAX_PIXELS:
                raise refusal("photo.too_large", _("照片超过 5000 万像素，请缩小后再传。"))
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refusal("photo.too_large", _("照片超过 5000 万像素，请缩小后再传。")) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        text = _("这个文件不是可用的照片，请换一张 JPEG、PNG 或 WebP 图片。")
        raise refusal("photo.not_a_photo", text) from error
    return image


def refusal(code: str, text: Text) -> Invalid:
    """Say what is wrong with the upload, at the form's field."""
    return Invalid(code, text, fields={"photos": text})


def redrawn(image: Image.Image) -> tuple[bytes, int, int]:
    """Draw the pixels anew, upright and at most `LONGEST_SIDE` long; return JPEG, width, height."""
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    pixels = upright.convert("RGBA")
    page = Image.new("RGB", pixels.size, "white")
    page.paste(pixels, mask=pixels.getchannel("A"))
    out = BytesIO()
    page.save(out, "JPEG", quality=85)
    return out.getvalue(), page.width, page.height


def digest(data: bytes) -> str:
    """Name content by its SHA-256."""
    return hashlib.sha256(data).hexdigest()


def read(path: Path) -> bytes:
    """Read a stored file."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound("photo.missing", _("照片文件不见了，请联系管理员查看备份。")) from error


def write_once(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and on the disk before it has its name."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
