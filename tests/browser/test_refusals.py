"""What goes wrong is said in one sentence where it went wrong, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from processes.bootstrap import Product
from tests.browser.chromium import PHONE
from tests.browser.conftest import Visit
from tests.browser.scene import no_photo, reported
from tests.browser.seen import Inbox
from tests.web.office import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LITTER = "楼道口堆了三天的旧家具"
FORGET = "document.querySelectorAll('[name=csrf_token]').forEach((each) => each.remove())"


def test_a_wrong_password_and_the_right_one(visit: Visit) -> None:
    visitor = visit().open("/login")
    visitor.fill(login="community", password="wrong")
    visitor.send("登录")
    visitor.refused(403)
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    expect(visitor.page.get_by_label("登录名")).to_have_value("community")
    visitor.look("refused")
    visitor.fill(password=PASSWORD)
    visitor.send("登录")
    visitor.see("我的待办")
    visitor.page.get_by_text("我的账号").locator("..").click()
    visitor.send("退出登录")
    visitor.open("/inbox")
    expect(visitor.page).to_have_url(f"{visitor.address}/login?next=/inbox")


def test_a_missing_field_is_said_beside_it(visit: Visit, product: Product) -> None:
    reported(product, LITTER)
    community = visit("community", size=PHONE)
    case = Inbox(community).take(LITTER)
    case.choose("申请吹哨")
    community.pick("群众诉求哨")
    community.fill(tried="已经劝说三次")
    community.send("申请吹哨")
    community.refused(422)
    wrong = community.page.get_by_label("请部门做什么")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description(re.compile("请填写“请部门做什么”"))
    expect(community.page.get_by_label("社区已做了什么")).to_have_value("已经劝说三次")
    community.look("missing")
    case.do("申请吹哨", request="请清运旧家具")


def test_a_colleague_was_first(visit: Visit, product: Product) -> None:
    reported(product, LITTER)
    first, second = visit("community"), visit("community")
    cases = [Inbox(each).take(LITTER) for each in (first, second)]
    cases[0].choose("申请吹哨")
    first.pick("群众诉求哨")
    cases[0].do("申请吹哨", request="请清运旧家具")
    cases[1].choose("社区自行办理")
    second.send("社区自行办理")
    second.refused(409)
    second.see("刚刚已由同事办理")
    assert (cases[1].status, cases[1].buttons) == ("街道研判", [])


def test_a_photo_that_is_none(visit: Visit) -> None:
    grid = visit("grid", size=PHONE)
    grid.choose("上报")
    grid.page.get_by_label("拍照或选取照片").set_input_files([no_photo()])
    grid.pick("暴露垃圾")
    grid.fill(description=LITTER)
    grid.send("上报")
    grid.refused(422)
    grid.see("不是可用的照片")
    expect(grid.page.locator('[name="description"]')).to_have_value(LITTER)
    grid.look("no-photo")
    grid.send("上报")
    grid.see("已上报，编号")


def test_a_form_that_is_not_ours_is_refused(visit: Visit, product: Product) -> None:
    reported(product, LITTER)
    community = visit("community")
    case = Inbox(community).take(LITTER)
    community.page.evaluate(FORGET)
    case.choose("社区自行办理")
    community.send("社区自行办理")
    community.refused(400)
    Inbox(community).take(LITTER)
    assert case.status == "社区研判"
