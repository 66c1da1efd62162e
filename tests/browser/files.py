"""Files that people choose in a browser."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import FilePayload


def photo() -> FilePayload:
    """Return a photo as a phone would send it."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((800, 600)).convert("RGB").save(file, "JPEG")
    return {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def no_photo() -> FilePayload:
    """Return a program that is called a photo."""
    return {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": b"MZ this is no photo"}
