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
    "community_secretary": ("community", "李建国", "QY-03"),
    "dispatcher": ("dispatcher", "赵敏", "QY"),
    "dept": ("dept", "周强", "SZ"),
    "dept_leader": ("leader", "吴刚", "SZ"),
    "supervisor": ("supervisor", "郑洁", "QX"),
    "admin": ("admin", "孙浩", "QX"),
}
OUTSIDE = {
    "grid_worker": ("grid-out", "钱进", "QY-04-01"),
    "community_secretary": ("community-out", "冯丽", "QY-04"),
    "dispatcher": ("dispatcher-out", "陈晨", "QZ"),
    "dept": ("dept-out", "褚健", "CG"),
    "dept_leader": ("leader-out", "卫东", "CG"),
    "supervisor": ("supervisor-out", "蒋涛", "QZ"),
    "admin": ("admin-out", "沈阳", "QZ"),
}

COLLEAGUES = (
    ("approver", "卢建国", "whistle_approver", "QY"),
    ("callback", "沈岚", "callback_agent", "QY"),
    ("grid-2", "温雅", "grid_worker", "QY-03"),  # checks what the other one reported
)


def furnish(product: Product) -> None:
    """Create units, people, posts and demo accounts by public commands."""
    execute = product.engine.execute
    for code, name, kind, parent in UNITS:
        execute(AddUnit(code=code, name=name, kind=kind, parent=parent), SYSTEM)
    kept = hash_password(PASSWORD)
    posts = [
        (login, name, role, unit)
        for office in (INSIDE, OUTSIDE)
        for role, (login, name, unit) in office.items()
    ]
    for login, name, role, unit in (*posts, *COLLEAGUES):
        person = UUID(execute(AddPerson(name=name), SYSTEM)["id"])
        execute(AddMembership(person_id=person, role=role, unit=unit), SYSTEM)
        account = CreateAccount(person_id=person, login=login, password_hash=kept, demo=True)
        execute(account, SYSTEM)
