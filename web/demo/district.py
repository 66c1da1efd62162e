"""The demo district: units, the people in their posts, and who of them may log in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ADMIN: Final = "admin"


@dataclass(frozen=True)
class Unit:
    """A unit as `AddUnit` is asked for it."""

    code: str
    name: str
    kind: str
    parent: str | None


@dataclass(frozen=True)
class Colleague:
    """A person, the post or posts they hold at one unit, and their demo login if they have one."""

    name: str
    unit: str
    roles: tuple[str, ...]
    login: str | None = None


# District and street are those that mappings/ hangs imported areas under.
UNITS: Final = (
    Unit("QX", "清河区", "district", None),
    Unit("QY", "清河街道", "street", "QX"),
    Unit("QY-01", "春晖社区", "community", "QY"),
    Unit("QY-01-01", "春晖第一网格", "grid", "QY-01"),
    Unit("QY-01-02", "春晖第二网格", "grid", "QY-01"),
    Unit("QY-01-03", "春晖第三网格", "grid", "QY-01"),
    Unit("QY-02", "柳岸社区", "community", "QY"),
    Unit("QY-02-01", "柳岸第一网格", "grid", "QY-02"),
    Unit("QY-02-02", "柳岸第二网格", "grid", "QY-02"),
    Unit("QY-03", "文昌社区", "community", "QY"),
    Unit("QY-03-01", "文昌第一网格", "grid", "QY-03"),
    Unit("QY-03-02", "文昌第二网格", "grid", "QY-03"),
    Unit("SZ", "市政工程服务中心", "department", "QX"),
    Unit("CG", "综合行政执法大队", "department", "QX"),
    Unit("HB", "生态环境分局", "department", "QX"),
    Unit("JJ", "交警大队", "department", "QX"),
    Unit("GA", "公安派出所", "department", "QX"),
    Unit("YL", "园林绿化服务中心", "department", "QX"),
    Unit("SW", "水务局", "department", "QX"),
    Unit("ZJ", "住房和城乡建设局", "department", "QX"),
    Unit("XF", "消防救援站", "department", "QX"),
)

# First those who log in, in the order of the login page.
COLLEAGUES: Final = (
    Colleague("何春燕", "QY-01-01", ("grid_worker",), "grid"),
    Colleague("田秀兰", "QY-01", ("community_secretary", "convener"), "community"),
    Colleague("潘敏", "QY", ("dispatcher",), "dispatcher"),
    Colleague("蒋勇", "SZ", ("dept",), "sz"),
    Colleague("蔡伟", "CG", ("dept",), "cg"),
    Colleague("钟国强", "SZ", ("dept_leader",), "leader"),
    Colleague("沈岚", "QY", ("acceptor", "callback_agent"), "desk"),
    Colleague("卢建国", "QY", ("whistle_approver",), "approver"),
    Colleague("廖正", "QX", ("supervisor",), "supervisor"),
    Colleague("文哲", "QX", ("designer",), "designer"),
    Colleague("邹凯", "QX", ("admin",), ADMIN),
    # On duty for all of the street and for all departments: with these two, any case, imported
    # ones included, can be carried to its end.
    Colleague("于海洋", "QY", ("community_secretary", "grid_worker", "convener"), "street"),
    Colleague("余静", "QX", ("dept", "dept_leader", "dept_head"), "duty"),
    Colleague("金世明", "QY", ("duty_leader", "street_dispatcher")),
    Colleague("贺文", "QX", ("district_gov",)),
    Colleague("温雅", "QY-01", ("grid_worker",)),
    Colleague("柏松", "QY-02", ("grid_worker",)),
    Colleague("康宁", "QY-03", ("grid_worker",)),
    Colleague("罗建军", "QY-01-02", ("grid_worker",)),
    Colleague("邓小梅", "QY-01-03", ("grid_worker",)),
    Colleague("曹志远", "QY-02-01", ("grid_worker",)),
    Colleague("彭丽华", "QY-02-02", ("grid_worker",)),
    Colleague("曾国庆", "QY-03-01", ("grid_worker",)),
    Colleague("肖雪", "QY-03-02", ("grid_worker",)),
    Colleague("董立新", "QY-02", ("community_secretary", "convener")),
    Colleague("袁晓东", "QY-03", ("community_secretary", "convener")),
    Colleague("魏婷", "HB", ("dept",)),
    Colleague("薛峰", "JJ", ("dept",)),
    Colleague("叶斌", "GA", ("dept",)),
    Colleague("阎芳", "YL", ("dept",)),
    Colleague("杜鹏", "SW", ("dept",)),
    Colleague("戴军", "ZJ", ("dept",)),
    Colleague("夏磊", "XF", ("dept",)),
    Colleague("汪洪", "CG", ("dept_leader",)),
    Colleague("任洁", "HB", ("dept_leader",)),
    Colleague("姜涛", "JJ", ("dept_leader",)),
    Colleague("范志刚", "GA", ("dept_leader",)),
    Colleague("方玲", "YL", ("dept_leader",)),
    Colleague("石明", "SW", ("dept_leader",)),
    Colleague("姚远", "ZJ", ("dept_leader",)),
    Colleague("谭勇", "XF", ("dept_leader",)),
)


def neighbour(grid: str) -> str:
    """Return the next grid of the same community.

    Its worker reports on `grid`, whose own worker checks: nobody checks what they reported.
    """
    community = grid.rpartition("-")[0]
    grids = [unit.code for unit in UNITS if unit.parent == community]
    return grids[(grids.index(grid) + 1) % len(grids)]
