"""Take the pictures of docs/pictures/ from a demo district: `make screenshots`.

The district is played up to a fixed instant and served with a clock that stands still there, so
that a picture changes only where a page does.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from engine.now import ManualClock
from processes.bootstrap import open_product
from tests.browser.chromium import DESKTOP, LAUNCH, PHONE, Size
from tests.browser.seen import CasePage, Inbox
from tests.browser.serving import serving
from tests.browser.visitor import Visitor
from tests.web.homes import settings_in
from web.accounts import HANDLERS
from web.demo.make import make

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
NOW = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)  # a Thursday, half past ten in Shanghai
LARGEST = 200_000  # bytes of a picture; a larger one is cut down to 256 colours
README = "inbox.png"  # the one that README.md shows, without the room below the list
README_HEIGHT = 620  # CSS pixels
WHOLE = "() => document.documentElement.scrollHeight"


@contextmanager
def demo() -> Iterator[str]:
    """Serve a new demo district and yield its address."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        make(settings, NOW)
        product = open_product(settings, clock=ManualClock(NOW), handlers=HANDLERS)
        with closing(product), serving(product) as address:
            yield address


def take_all(browser: Browser, address: str, size: Size) -> None:
    """Take every picture at one size."""

    def visitor(login: str = "") -> Visitor:
        found = Visitor(browser, address, size, story="screenshots")
        return found.enter(login) if login else found.open("/login")

    def keep(page: Page, name: str, *, height: int | None = None) -> None:
        save(page, f"{name}-{size.name}.png", height=height)

    keep(visitor().page, "login")
    liaison = visitor("sz")
    inbox = Inbox(liaison)
    keep(liaison.page, "inbox")
    if size is DESKTOP:
        save(liaison.page, README, height=README_HEIGHT)
    inbox.take(inbox.titles[0])
    CasePage(liaison).drawn()
    keep(liaison.page, "case", height=liaison.page.evaluate(WHOLE))
    grid = visitor("grid")
    grid.choose("上报")
    keep(grid.page, "report")
    supervisor = visitor("supervisor")
    supervisor.choose("超期")
    keep(supervisor.page, "overdue")


def save(page: Page, name: str, *, height: int | None = None) -> None:
    """Keep what is seen, on a screen of another height where one is given."""
    if height:
        page.set_viewport_size({"width": page.evaluate("() => innerWidth"), "height": height})
    expect(page.locator("main")).to_be_visible()
    path = PICTURES / name
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    taken.save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        taken.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{name} {path.stat().st_size // 1024} kB\n")


def main() -> None:
    """Take all pictures at both sizes."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        for size in (DESKTOP, PHONE):
            take_all(browser, address, size)
        browser.close()


if __name__ == "__main__":
    main()
