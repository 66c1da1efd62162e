"""A case carried from report to closing by clicking, through all roles, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.now import ManualClock
from processes.bootstrap import Product
from tests.browser.chromium import DESKTOP, PHONE, Size
from tests.browser.conftest import Visit
from tests.browser.scene import photo, reported
from tests.browser.seen import CasePage, Inbox
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PART = "部门报到（每个单位一份）"
LAMPS = "春晖路口三盏路灯不亮，夜里行人看不清路"
LITTER = "楼道口堆了三天的旧家具"
MANHOLE = "校门口井盖缺失，有孩子经过"
HISTORY = [
    "上报：网格巡查 第二网格 网格员 王芳",
    "社区研判：申请吹哨 春晖社区 社区书记 李建国",
    "判定单位 系统",
    "分哨 清河街道 派遣员 赵敏",
    "发起：部门报到 市政工程处 系统",
    "发起：部门报到 城市管理局 系统",
    "应哨 市政工程处 部门联络员 周强",
    "应哨 城市管理局 部门联络员 褚健",
    "办理并反馈 市政工程处 部门联络员 周强",
    "完成：部门报到 市政工程处 系统",
    "办理并反馈 城市管理局 部门联络员 褚健",
    "完成：部门报到 城市管理局 系统",
    "现场核查：核查通过 第二网格 网格员 王芳",
    "已结案 第二网格 网格员 王芳",
]

Later = Callable[[int], None]


@pytest.fixture
def later(product: Product, clock: ManualClock) -> Later:
    """Let the worker finish what is due, then let minutes pass."""
    worker = product.worker("walk")

    def pass_(minutes: int) -> None:
        worker.drain()
        clock.forward(minutes=minutes)

    return pass_


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=lambda size: size.name)
def test_walk(visit: Visit, product: Product, later: Later, size: Size) -> None:
    others_wait(product, later)
    grid = visit("grid", size=size)
    report(grid)
    later(7)
    whistle(visit("community", size=size))
    later(5)
    route(visit("dispatcher", size=size))
    lead, assist = (visit(login, size=size) for login in ("dept", "dept-out"))
    later(30)
    Inbox(lead).take(LAMPS).drawn()
    lead.look("case-to-answer")
    answer(lead, together=("answer", "handle"))
    later(20)
    answer(assist, together=("handle",))
    later(60)
    hand_in(lead, status="办理中")
    later(60)
    hand_in(assist, status="待核查")
    later(15)
    check(grid)


def others_wait(product: Product, later: Later) -> None:
    """Let two other cases wait at the community before ours is reported."""
    reported(product, LITTER)
    later(10)
    reported(product, MANHOLE, category="manhole", urgency="danger")
    later(10)


def report(grid: Visitor) -> None:
    """The grid worker reports with a photo, and can do nothing more for now."""
    grid.choose("上报")
    grid.page.get_by_label("拍照或选取照片").set_input_files([photo()])
    grid.pick("路灯故障", "紧急")
    grid.fill(description=LAMPS, address="春晖路 12 号门前")
    grid.look("report")
    grid.send("上报")
    case = CasePage(grid)
    grid.see(f"已上报，编号 {case.number}。")
    assert (case.status, case.buttons) == ("社区研判", [])
    assert grid.page.locator(".photos img").evaluate("(photo) => photo.decode().then(() => true)")
    case.token_at("community_review")
    case.been_at("reported")


def whistle(community: Visitor) -> None:
    """The community finds danger first, then what has least time left, and blows the whistle."""
    inbox = Inbox(community)
    assert inbox.titles == [MANHOLE, LAMPS, LITTER]
    assert inbox.due[1] < inbox.due[2]
    community.look("inbox")
    case = inbox.take(LAMPS)
    assert case.buttons == ["社区自行办理", "申请吹哨"]
    case.drawn()
    community.look("case-to-review")
    case.do("申请吹哨", request="请市政修复路灯，请城管清理遮挡灯杆的广告牌。")
    assert case.status == "待分哨"
    case.token_at("routing")
    case.been_at("community_review", "dispatch")


def route(dispatcher: Visitor) -> None:
    """The dispatcher finds the lead filled in by the table and adds a unit that assists."""
    inbox = Inbox(dispatcher)
    assert inbox.titles == [LAMPS]
    case = inbox.take(LAMPS)
    dispatcher.press("添加单位")
    dispatcher.page.get_by_label("单位", exact=True).last.select_option(label="城市管理局")
    case.drawn()
    dispatcher.look("case-to-route")
    case.do("分哨")
    assert case.status == "待应哨"
    case.token_at("departments")
    assert dispatcher.page.locator(".parts__unit").all_inner_texts() == ["市政工程处", "城市管理局"]


def answer(liaison: Visitor, *, together: tuple[str, ...]) -> None:
    """A department answers; then `together` are the steps at which the departments are."""
    case = Inbox(liaison).take(LAMPS)
    assert case.buttons == ["应哨"]
    case.do("应哨", leader="刘队", phone="0511-8541 2345")
    case.show(PART)
    case.token_at(*together)
    case.been_at("whistled")


def hand_in(liaison: Visitor, *, status: str) -> None:
    """A department hands in its result; with the last one the case goes to be checked."""
    case = Inbox(liaison).take(LAMPS)
    liaison.pick("已解决")
    case.do("办理完毕", result="已更换三盏灯的灯泡，恢复照明。")
    assert case.status == status
    case.token_at("check" if status == "待核查" else "departments")


def check(grid: Visitor) -> None:
    """Whoever found the problem looks whether it is gone; the whole way can be read."""
    case = Inbox(grid).take(LAMPS)
    assert case.buttons == ["返工", "核查通过"]
    case.do("核查通过")
    assert (case.status, case.buttons) == ("已结案", [])
    case.token_at()
    case.been_at("check", "closed")
    assert case.history == HISTORY
    grid.look("case-closed")
