"""Why a deadline is what it is, whom a case waits for, and calendars: at both sizes."""

from __future__ import annotations

import pytest

from engine.now import ManualClock
from processes.bootstrap import Product
from tests.browser.chromium import DESKTOP, PHONE, Size
from tests.browser.conftest import Visit
from tests.browser.scene import reported

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=lambda size: size.name)


@SIZES
def test_why_a_deadline_and_where_the_time_went(
    visit: Visit, product: Product, clock: ManualClock, size: Size
) -> None:
    number = reported(product, "楼道口堆了三天的旧家具")
    clock.forward(minutes=20)
    supervisor = visit("supervisor", size=size)
    supervisor.open(f"/cases/{number}").see("时间花在哪里")
    supervisor.page.locator(".accounts__own summary").click()
    supervisor.look("accounts")
    supervisor.follow(supervisor.page.get_by_role("link", name="为什么是这个时限").first)
    supervisor.see("到期时间：")
    supervisor.look("why")


@SIZES
def test_calendars(visit: Visit, size: Size) -> None:
    admin = visit("admin", size=size)
    admin.choose("日历")
    for name in ("新建工作日历", "录入国务院办公厅的放假通知"):
        admin.page.locator("summary").get_by_text(name).click()
    admin.look("calendars")
    admin.open("/calendars/standard?year=2026").look("year")
    admin.open("/deadlines/recount").look("recount")
