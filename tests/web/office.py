"""A small district for tests of the web: one login for each role, inside and outside.

Inside is what the case of the tests is about: grid QY-03-02 of community QY-03, street QY, and the
department SZ. Outside are their neighbours, who must not see it.
"""

from __future__ import annotations

from uuid import UUID

from engine.actor import SYSTEM
from processes.bootstrap import Product
from processes.organisation import AddMembership, AddPerson, AddUnit
from web.accounts import CreateAccount
from web.passwords import hash_password

PASSWORD = "correct horse battery"

UNITS = (
    ("QX", "启明区", "district", None),
    ("QY", "清河街道", "street", "QX"),
    ("QY-03", "春晖社区", "community", "QY"),
    ("QY-03-02", "第二网格", "grid", "QY-03"),
    ("QY-04", "秋实社区", "community", "QY"),
    ("QY-04-01", "第一网格", "grid", "QY-04"),
    ("QZ", "清泽街道", "street", "QX"),
    ("SZ", "市政工程处", "department", "QX"),
    ("CG", "城市管理局", "department", "QX"),
)

INSIDE = {
    "grid_worker": ("grid", "王芳", "QY-03-02"),
    "acceptor": ("acceptor", "许静", "QY"),
    "community_secretary": ("community", "李建国", "QY-03"),
    "whistle_approver": ("approver", "何立", "QY"),
    "street_dispatcher": ("street", "沈悦", "QY"),
    "duty_leader": ("duty", "魏平", "QY"),
    "dispatcher": ("dispatcher", "赵敏", "QY"),
    "convener": ("convener", "钟诚", "QY"),
    "dept": ("dept", "周强", "SZ"),
    "dept_leader": ("leader", "吴刚", "SZ"),
    "dept_head": ("head", "罗毅", "SZ"),
    "callback_agent": ("callback", "白兰", "QY"),
    "district_gov": ("district", "段林", "QX"),
    "supervisor": ("supervisor", "郑洁", "QX"),
    "designer": ("designer", "顾宁", "QX"),
    "admin": ("admin", "孙浩", "QX"),
}
OUTSIDE = {
    "grid_worker": ("grid-out", "钱进", "QY-04-01"),
    "acceptor": ("acceptor-out", "施云", "QZ"),
    "community_secretary": ("community-out", "冯丽", "QY-04"),
    "whistle_approver": ("approver-out", "孔亮", "QZ"),
    "street_dispatcher": ("street-out", "曹军", "QZ"),
    "duty_leader": ("duty-out", "严谨", "QZ"),
    "dispatcher": ("dispatcher-out", "陈晨", "QZ"),
    "convener": ("convener-out", "华秀", "QZ"),
    "dept": ("dept-out", "褚健", "CG"),
    "dept_leader": ("leader-out", "卫东", "CG"),
    "dept_head": ("head-out", "金城", "CG"),
    "callback_agent": ("callback-out", "戚雯", "QZ"),
    "district_gov": ("district-out", "谢安", "QZ"),
    "supervisor": ("supervisor-out", "蒋涛", "QZ"),
    "designer": ("designer-out", "邱实", "QZ"),
    "admin": ("admin-out", "沈阳", "QZ"),
}
# Who reported a matter does not check it: the community has a second grid worker.
SECOND = ("grid_worker", ("grid-2", "孟夏", "QY-03"))


def furnish(product: Product) -> None:
    """Create units, people, posts and demo accounts by public commands."""
    execute = product.engine.execute
    for code, name, kind, parent in UNITS:
        execute(AddUnit(code=code, name=name, kind=kind, parent=parent), SYSTEM)
    kept = hash_password(PASSWORD)
    for role, (login, name, unit) in (*INSIDE.items(), *OUTSIDE.items(), SECOND):
        person = UUID(execute(AddPerson(name=name), SYSTEM)["id"])
        execute(AddMembership(person_id=person, role=role, unit=unit), SYSTEM)
        account = CreateAccount(person_id=person, login=login, password_hash=kept, demo=True)
        execute(account, SYSTEM)
