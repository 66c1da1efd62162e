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
    "对照履职清单 系统",
    "街道研判签发：签发 清河街道 街道吹哨审核人 何立",
    "判定单位 系统",
    "发起：部门报到 系统",
    "发起：主办单位 市政工程处 系统",
    "应哨 市政工程处 部门联络员 周强",
    "办理：办理完毕 市政工程处 部门联络员 周强",
    "完成：主办单位 市政工程处 系统",
    "销哨 春晖社区 社区书记 李建国",
    "发起：核查与回访 系统",
    "完成：部门报到 系统",
    "现场核查：核查通过 第二网格 网格员 孟夏",
    "完成：核查与回访 系统",
    "发起：双向评哨 市政工程处 系统",
    "评部门（市政工程处） 春晖社区 社区书记 李建国",
    "结案 系统",
    "评哨 市政工程处 部门联络员 周强",
    "登记评价 市政工程处 系统",
    "完成：双向评哨 市政工程处 系统",
    "发起：申诉期 市政工程处 系统",
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
    report(visit("grid", size=size))
    later(7)
    community = visit("community", size=size)
    whistle(community)
    later(5)
    issue(visit("approver", size=size))
    later(30)
    liaison = visit("dept", size=size)
    Inbox(liaison).take(LAMPS).drawn()
    liaison.look("case-to-answer")
    answer(liaison)
    later(60)
    hand_in(liaison)
    later(15)
    release(community)
    later(15)
    check(visit("grid-2", size=size))
    later(15)
    rate(community, response=5, arrival=5, handling=4, cooperation=5)
    later(5)
    rate(liaison, should=5, accurate=5, material=4)
    closed(visit("supervisor", size=size))


def others_wait(product: Product, later: Later) -> None:
    """Let two other cases wait at the community before ours is reported."""
    reported(product, LITTER)
    later(10)
    reported(product, MANHOLE, category="manhole", urgency="urgent")
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
    """The community finds what is urgent first, then what has least time left, and blows the whistle."""
    inbox = Inbox(community)
    assert inbox.titles == [MANHOLE, LAMPS, LITTER]
    assert inbox.due[1] < inbox.due[2]
    community.look("inbox")
    case = inbox.take(LAMPS)
    assert case.buttons == ["申请吹哨", "社区自行办理", "答复"]
    case.drawn()
    community.look("case-to-review")
    case.choose("申请吹哨")
    community.look("case-whistling")
    community.pick("群众诉求哨")
    case.do("申请吹哨", request="请市政修复路灯。")
    assert case.status == "街道研判"
    case.token_at("street_review")
    case.been_at("community_review", "duty")


def issue(approver: Visitor) -> None:
    """The street issues the whistle; the table knows one unit, so nobody has to route it."""
    case = Inbox(approver).take(LAMPS)
    approver.look("case-to-issue")
    case.do("签发")
    assert case.status == "待应哨"
    case.been_at("street_review", "dispatch")
    parts = approver.page.locator("[aria-labelledby=parts-title] .parts__unit")
    assert parts.all_inner_texts() == ["市政工程处"]


def answer(liaison: Visitor) -> None:
    """The department answers; its own drawing shows where it stands."""
    case = Inbox(liaison).take(LAMPS)
    case.do("应哨", leader="刘队", phone="0511-8541 2345")
    case.show(PART)
    case.been_at("whistled", "answer")
    assert case.status == "办理中"


def hand_in(liaison: Visitor) -> None:
    """The department hands in its result."""
    case = Inbox(liaison).take(LAMPS)
    liaison.pick("已解决")
    case.do("办理完毕", result="已更换三盏灯的灯泡，恢复照明。")
    assert case.status == "待销哨"


def release(community: Visitor) -> None:
    """The blower looks at the result and releases the department."""
    case = Inbox(community).take(LAMPS)
    community.look("case-to-release")
    case.do("销哨")
    assert case.status == "待核查"


def check(worker: Visitor) -> None:
    """Somebody other than who reported looks whether it is mended."""
    case = Inbox(worker).take(LAMPS)
    assert case.buttons == ["核查通过", "返工"]
    case.do("核查通过")
    assert case.status == "待评哨"


def rate(person: Visitor, **marks: int) -> None:
    """One side rates the other; neither sees what the other gave before both have."""
    case = Inbox(person).take(LAMPS)
    case.do("提交评价", **{name: str(mark) for name, mark in marks.items()})


def closed(supervisor: Visitor) -> None:
    """The whole way can be read in plain words."""
    supervisor.choose("事项")
    supervisor.follow(supervisor.page.get_by_text(LAMPS, exact=True).first)
    case = CasePage(supervisor)
    assert (case.status, case.buttons) == ("已结案", [])
    assert case.history == HISTORY
    supervisor.look("case-closed")
