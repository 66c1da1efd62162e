"""An admin at a screen sees why things stand still, and sets them going with one button."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE, Size
from tests.browser.conftest import Visit
from tests.web.pages.test_incidents import STOPPED, Channel, channel

__all__ = ["channel"]  # the fixture: seven cases stopped for one cause

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=lambda size: size.name)
def test_what_stands_still_goes_on(visit: Visit, channel: Channel, size: Size) -> None:
    admin = visit("admin", size=size)
    admin.open("/incidents").look("incidents")
    channel.down = False
    admin.follow(admin.page.get_by_role("button", name="全部重试"))
    expect(admin.page.get_by_text(f"恢复 {STOPPED} 条")).to_be_visible()
    admin.look("no-incidents")
