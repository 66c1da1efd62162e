"""What has happened before a story begins, by public commands, and files that people choose."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import FilePayload

from engine.actor import SYSTEM
from processes.bootstrap import Product
from processes.intake import ReportCase


def reported(
    product: Product, description: str, *, category: str = "litter", urgency: str = "normal"
) -> str:
    """Let a case be reported in the office's grid, and return its number."""
    command = ReportCase(
        description=description, category=category, urgency=urgency, area="QY-03-02"
    )
    return str(product.engine.execute(command, SYSTEM)["number"])


def photo() -> FilePayload:
    """Return a photo as a phone would send it."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((800, 600)).convert("RGB").save(file, "JPEG")
    return {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def no_photo() -> FilePayload:
    """Return a program that is called a photo."""
    return {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": b"MZ this is no photo"}
