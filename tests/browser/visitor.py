"""A person at a browser of their own, and the eye that rests on every page they open."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.browser.axe import violations
from tests.browser.chromium import PEOPLE, Size

PICTURES = Path("test-results")
PATIENCE = 15_000  # milliseconds: the machine may be busy
TELL_POLICY = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
TOO_WIDE = """
() => [...document.querySelectorAll('body *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => each.outerHTML.slice(0, 120))
"""


class Visitor:
    """Somebody with a screen of a size. What their browser complains about is kept."""

    def __init__(self, browser: Browser, address: str, size: Size, story: str) -> None:
        self.address = address
        self.size = size
        self.pictures = PICTURES / f"{story}-{size.name}"
        self.numbers = count(1)
        self.complaints: list[str] = []
        self.context = browser.new_context(base_url=address, **PEOPLE, **size.context)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(TELL_POLICY)
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page: {error}"))
        self.page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asks another host: {request.url}")

    def open(self, path: str) -> Visitor:
        """Type an address."""
        self.page.goto(path)
        return self

    def enter(self, login: str) -> Visitor:
        """Come in by a click on a demo login."""
        self.open("/login")
        self.page.locator(f'button[name="demo"][value="{login}"]').click()
        expect(self.page).not_to_have_url(f"{self.address}/login")
        return self

    def choose(self, entry: str) -> None:
        """Click an entry of the menu that this size of screen shows."""
        self.page.get_by_role("link", name=entry, exact=True).click()

    def press(self, name: str) -> None:
        """Click a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def fill(self, **fields: str) -> None:
        """Type into fields, by the names that forms give them."""
        for name, text in fields.items():
            self.page.locator(f'[name="{name}"]').fill(text)

    def see(self, text: str) -> None:
        """Expect a sentence on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def titles(self) -> list[str]:
        """Return the titles of a list from top to bottom."""
        return self.page.locator(".list__title").all_inner_texts()

    def history(self) -> list[str]:
        """Return the time line of a case, newest first, each line as "what who"."""
        return [" ".join(text.split()) for text in self.history_lines.all_inner_texts()]

    @property
    def history_lines(self) -> Locator:
        """The first row of each line of the time line."""
        return self.page.locator(".timeline__body > p:first-child")

    def draw(self, title: str = "") -> None:
        """Wait for the live diagram, and choose another one by its title."""
        expect(self.page.locator("body")).to_have_attribute("data-diagram", "ready")
        if title:
            self.press(title)

    def marked(self, marker: str) -> set[str]:
        """Return the ids of the elements that bear a marker of the live diagram."""
        return set(
            self.page.locator(f".djs-element.{marker}").evaluate_all(
                "(found) => found.map((each) => each.dataset.elementId)"
            )
        )

    def refused(self, status: int) -> None:
        """Accept that the browser remarks on one page that was answered with a refusal."""
        remark = f"status of {status}"
        assert any(remark in each for each in self.complaints), self.complaints
        self.complaints = [each for each in self.complaints if remark not in each]

    def look(self, name: str) -> None:
        """Look at the page as a whole: usable by all, nothing blocked, nothing out of sight."""
        self.page.wait_for_load_state("networkidle")
        self.picture(name)
        assert violations(self.page) == []
        assert self.page.evaluate(TOO_WIDE) == [] or not self._scrolls_sideways()
        assert self.complaints == []

    def _scrolls_sideways(self) -> bool:
        return bool(
            self.page.evaluate(
                "(width) => document.documentElement.scrollWidth > width", self.size.width
            )
        )

    def picture(self, name: str) -> None:
        """Keep what is seen in test-results/."""
        path = self.pictures / f"{next(self.numbers):02}-{name}.png"
        self.page.screenshot(path=path, full_page=True)

    def leave(self) -> None:
        """Close the browser's window."""
        self.context.close()
