"""What people see on the two pages they work on: the inbox and a case."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor


class Inbox:
    """The list of what waits for somebody."""

    def __init__(self, visitor: Visitor) -> None:
        visitor.choose("待办")
        self.visitor = visitor
        self.page = visitor.page

    @property
    def titles(self) -> list[str]:
        """Return the titles from top to bottom."""
        return self.page.locator("#inbox .list__title").all_inner_texts()

    @property
    def due(self) -> list[str]:
        """Return the instants that the rows are due at, from top to bottom."""
        clocks = self.page.locator("#inbox [data-due]")
        found: list[str] = clocks.evaluate_all("(all) => all.map((each) => each.dataset.due)")
        return found

    def take(self, title: str) -> CasePage:
        """Open a case."""
        self.visitor.follow(self.page.locator(".list__title").get_by_text(title, exact=True))
        return CasePage(self.visitor)


class CasePage:
    """A case as one person sees it."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    @property
    def number(self) -> str:
        """The case's number."""
        return self.page.url.rpartition("/")[2]

    @property
    def status(self) -> str:
        """The word on the status pill."""
        return self.page.locator("#case-head .pill").first.inner_text()

    @property
    def buttons(self) -> list[str]:
        """What this person may do: choices, or one button each where nothing is asked."""
        return self.page.locator(".act__face, .todo__acts button[name]").all_inner_texts()

    @property
    def history(self) -> list[str]:
        """The time line, oldest first: what, where, who."""
        lines = self.page.locator(".timeline__body > p:first-child").all_inner_texts()
        return [" ".join(line.split()) for line in reversed(lines)]

    def do(self, outcome: str, **fields: str) -> None:
        """Choose what is to be done, fill in what that asks for, and send it."""
        self.choose(outcome)
        self.visitor.fill(**fields)
        self.visitor.send(outcome)
        expect(self.page.locator("#toasts")).to_contain_text("已提交。")

    def choose(self, outcome: str) -> None:
        """Tap an outcome, where there are several."""
        faces = self.page.locator(".act__face").get_by_text(outcome, exact=True)
        if faces.count():
            faces.click()

    def show(self, diagram: str) -> None:
        """Change to another drawing."""
        self.drawn()
        self.visitor.press(diagram)

    def token_at(self, *elements: str) -> None:
        """Expect the live diagram to mark these elements, and no other, as being done now."""
        self.drawn()
        for element in elements:
            expect(self._marked("way-now", f'[data-element-id="{element}"]')).to_have_count(1)
        expect(self._marked("way-now")).to_have_count(len(elements))

    def been_at(self, *elements: str) -> None:
        """Expect the live diagram to mark these elements as done."""
        for element in elements:
            expect(self._marked("way-done", f'[data-element-id="{element}"]')).to_have_count(1)

    def drawn(self) -> None:
        """Wait until the live diagram stands."""
        expect(self.page.locator("body")).to_have_attribute("data-diagram", "ready")

    def _marked(self, marker: str, which: str = "") -> Locator:
        return self.page.locator(f".djs-element.{marker}{which}")
