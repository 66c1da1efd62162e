"""A person at a browser of their own, and the eye that rests on the pages they open."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, expect

from tests.browser.axe import violations
from tests.browser.chromium import PEOPLE, Size

PICTURES = Path(__file__).parents[2] / "test-results"
PATIENCE = 15_000  # milliseconds: the machine may be busy
TELL_POLICY = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
WIDTH = "() => document.documentElement.scrollWidth"


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
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asks another host: {request.url}")

    def open(self, path: str) -> Visitor:
        """Type an address."""
        self.page.goto(path, wait_until="domcontentloaded")
        return self

    def enter(self, login: str) -> Visitor:
        """Come in by a click on a demo login."""
        self.open("/login")
        self.follow(self.page.locator(f'button[name="demo"][value="{login}"]'))
        return self

    def follow(self, target: Locator) -> None:
        """Click what leads to another page, and wait for that page."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            target.click()

    def choose(self, entry: str) -> None:
        """Go to an entry of the menu that this size of screen shows, if need be behind 更多."""
        link = self.page.get_by_role("link", name=entry, exact=True)
        if not link.count():
            self.page.locator(".more:visible summary").click()
        self.follow(link)

    def send(self, name: str) -> None:
        """Press a button that sends a form."""
        self.follow(self.page.get_by_role("button", name=name, exact=True))

    def press(self, name: str) -> None:
        """Press a button that changes this page."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def fill(self, **fields: str) -> None:
        """Type into fields, by the names that forms give them."""
        for name, text in fields.items():
            self.page.locator(f'[name="{name}"]').fill(text)

    def pick(self, *chips: str) -> None:
        """Tap chips, by what stands on them."""
        for chip in chips:
            self.page.locator(".chip").get_by_text(chip, exact=True).click()

    def see(self, text: str) -> None:
        """Expect a sentence on the page."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def refused(self, status: int) -> None:
        """Accept that the browser remarked on a page that was answered with a refusal."""
        remark = f"status of {status}"
        assert any(remark in each for each in self.complaints), self.complaints
        self.complaints = [each for each in self.complaints if remark not in each]

    def look(self, name: str) -> None:
        """Look at a page as a whole: usable by all, nothing blocked, nothing out of sight."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{next(self.numbers)}-{name}.png"
        self.page.screenshot(path=path, full_page=True)
        found = violations(self.page)
        assert found == [], found
        assert self.page.evaluate(WIDTH) <= self.size.width
        assert self.complaints == []

    def leave(self) -> None:
        """Close the browser's window."""
        self.context.close()
