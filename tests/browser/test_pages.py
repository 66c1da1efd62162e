"""The pages beside the walk, at both sizes; and what moves on a page by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from engine.now import ManualClock
from processes.bootstrap import Product
from tests.browser.chromium import DESKTOP, PHONE, Size
from tests.browser.conftest import Visit
from tests.browser.scene import reported
from tests.browser.seen import Inbox

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=lambda size: size.name)
LITTER = "楼道口堆了三天的旧家具"
CHINESE = re.compile(r"[\u3400-\u9fff]+")
OWN_WORDS = (
    "清河街道",
    "清泽街道",
    "春晖社区",
    "秋实社区",
    "第一网格",
    "第二网格",
    "市政工程处",
    "城市管理局",
    "李建国",
    "王芳",
    LITTER,
)  # said by people, not by us
SAID = """
() => [...document.querySelectorAll('body *')].flatMap((each) => {
  if (each.closest('[lang^=zh], .diagram, script, template')) return [];
  const texts = [...each.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data);
  const labels = ['aria-label', 'title', 'placeholder', 'alt'].map((name) => each.getAttribute(name));
  return [...texts, ...labels].filter(Boolean);
}).concat(document.title)
"""


@SIZES
def test_before_anybody_is_logged_in(visit: Visit, size: Size) -> None:
    visitor = visit(size=size)
    visitor.open("/login").look("login")
    visitor.open("/api/").look("api")
    visitor.open("/no/such/page").refused(404)
    visitor.look("lost")


@SIZES
def test_the_organisation(visit: Visit, size: Size) -> None:
    admin = visit("admin", size=size)
    admin.choose("组织")
    admin.see("启明区")
    admin.look("organisation")
    admin.open("/organisation/units/SZ").look("unit")
    admin.open("/organisation?q=周强").see("周强")
    admin.follow(admin.page.locator(".unitline").first)
    admin.look("person")
    admin.open("/roster?unit=QX").look("roster")


@SIZES
def test_lists(visit: Visit, product: Product, clock: ManualClock, size: Size) -> None:
    reported(product, LITTER)
    clock.forward(days=2)
    product.worker("lists").drain()
    supervisor = visit("supervisor", size=size)
    supervisor.choose("事项")
    supervisor.look("cases")
    supervisor.choose("超期")
    supervisor.see("超期 1 天")
    supervisor.look("overdue")


def test_a_new_case_appears_by_itself(visit: Visit, product: Product) -> None:
    community = visit("community")
    with community.page.expect_response("**/pulse"):
        community.choose("待办")
    community.see("这里没有待办")
    reported(product, LITTER)
    community.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(community.page.locator(".list__title")).to_have_text([LITTER])
    assert community.complaints == []


def test_in_english_nothing_of_ours_is_left_in_chinese(visit: Visit, product: Product) -> None:
    number = reported(product, LITTER)
    community = visit("community")
    community.page.locator('button[value="en"]').click()
    expect(community.page.locator("html")).to_have_attribute("lang", "en")
    said: list[str] = []
    for path in ("/inbox", f"/cases/{number}", "/report", "/cases", "/overdue", "/no/such/page"):
        said += community.open(path).page.evaluate(SAID)
    community.refused(404)
    assert chinese_of(said) == set()


def chinese_of(said: list[str]) -> set[str]:
    """Return the Chinese words that nobody of the office has said."""
    for own in OWN_WORDS:
        said = [text.replace(own, "") for text in said]
    return {text.strip() for text in said if CHINESE.search(text)}


def test_the_diagram_can_be_moved_through_by_its_buttons(visit: Visit, product: Product) -> None:
    reported(product, LITTER)
    community = visit("community")
    Inbox(community).take(LITTER).token_at("community_review")
    drawing = community.page.locator(".diagram .viewport")
    seen = [drawing.get_attribute("transform")]
    for button in ("放大", "缩小", "当前环节", "看全图"):
        community.press(button)
        seen.append(drawing.get_attribute("transform"))
    assert scale(seen[1]) > scale(seen[0])  # it opens at the step, large enough to be read
    assert scale(seen[-1]) < scale(seen[0])  # the whole of it
    assert len(set(seen[:4])) >= 2


def scale(transform: str | None) -> float:
    """Return how large a drawing is shown: `matrix(0.8 0 0 0.8 -45 -133)` is 0.8."""
    found = re.match(r"matrix\(([\d.]+)", transform or "")
    assert found is not None, transform
    return float(found[1])
