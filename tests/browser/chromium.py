"""Debian's Chromium, cut off from every network, and the two sizes that pages are made for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATH = Path("/usr/bin/chromium")
LAUNCH: dict[str, Any] = {
    "executable_path": str(PATH),
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        # Fewer processes to start: every person in a story has a browser of their own.
        "--disable-site-isolation-trials",
        "--in-process-gpu",
        "--renderer-process-limit=2",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
}
PEOPLE: dict[str, Any] = {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "reduced_motion": "reduce",
}


@dataclass(frozen=True)
class Size:
    """A screen, in CSS pixels."""

    name: str
    width: int
    height: int
    touch: bool = False

    @property
    def context(self) -> dict[str, Any]:
        """Return what Playwright has to know about it."""
        return {
            "viewport": {"width": self.width, "height": self.height},
            "is_mobile": self.touch,
            "has_touch": self.touch,
        }


DESKTOP = Size("desktop", 1440, 900)
PHONE = Size("phone", 390, 844, touch=True)
