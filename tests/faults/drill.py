"""What is rehearsed while things break: a small chain with every kind of work, and its people.

A review, a called part for each of two departments with an SLA clock and a repeated timer that
sends letters, a timer everybody has to pass, a check. Seconds, where a real chain has days.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.actor import SYSTEM
from engine.run.commands import DeployFolder
from processes.bootstrap import Product
from processes.organisation import AddMembership, AddPerson, AddUnit
from tests.engine.run.draw import (
    boundary,
    call,
    catch,
    end,
    flows,
    outcome_words,
    process,
    service,
    start,
    user,
)
from web.accounts import CreateAccount, CreateToken, token_hash

UNITS = (
    ("QX", "清河区", "district", None),
    ("QY", "清河街道", "street", "QX"),
    ("QY-03", "春晖社区", "community", "QY"),
    ("QY-03-02", "第二网格", "grid", "QY-03"),
    ("SZ", "市政工程处", "department", "QX"),
    ("CG", "城市管理局", "department", "QX"),
)
POSTS = (
    ("grid", "grid_worker", "QY-03-02"),
    ("community", "community_secretary", "QY-03"),
    ("dept-sz", "dept", "SZ"),
    ("dept-cg", "dept", "CG"),
)
OUTCOMES = {"community_review": "whistle", "answer": "answer", "handle": "done", "check": "pass"}
STEPS = 6  # a case: review, two answers, two results, check
PARTS = 2
PAUSE = "pause"  # the timer that each case passes once
URGES = 2  # firings of the repeated timer on each answer, at most

CASE = process(
    "whistle",
    start("reported"),
    user("community_review", "whistle", unit="case.community", status="community_review"),
    call(
        "departments",
        "department",
        many=True,
        collection='[{"unit": "SZ", "kind": "lead"}, {"unit": "CG", "kind": "assist"}]',
        **{"in": "unit = item.unit; kind = item.kind"},
    ),
    catch(PAUSE, "PT1S"),
    user("check", "pass", unit="case.grid", status="checking", sla="check"),
    end("closed"),
    flows(
        "reported > community_review",
        "community_review > departments",
        "departments > pause",
        "pause > check",
        "check > closed",
    ),
    lanes={
        "community_secretary": "reported community_review departments",
        "grid_worker": "pause check closed",
    },
    sla="case",
)
PART = process(
    "department",
    start(),
    user("answer", "answer", unit="unit", sla="answer", status="awaiting_answer"),
    boundary("urge", "answer", f"R{URGES}/PT1S", interrupting=False, kind="timeCycle"),
    service(
        "tell",
        "notify",
        param__role='"dept"',
        param__unit="unit",
        param__message='"second_whistle"',
    ),
    user("handle", "done", unit="unit", sla="handle", status="handling"),
    end(),
    end("told"),
    flows("begin > answer", "answer > handle", "handle > finish", "urge > tell", "tell > told"),
    lanes={"dept": "begin answer urge tell handle finish told"},
)
LABELS = outcome_words(OUTCOMES.values())
REPORT = {"description": "路灯不亮。", "category": "streetlight", "area": "QY-03-02"}


@dataclass(frozen=True)
class Person:
    """Somebody who works through the API, by the login's name."""

    login: str
    token: str


def furnish(product: Product) -> tuple[Person, ...]:
    """Put chain, units and people into a prepared home; return the people."""
    execute = product.engine.execute
    files = {"whistle.bpmn": CASE, "department.bpmn": PART, "labels.toml": LABELS}
    named = {name: text.encode() for name, text in files.items()}
    execute(DeployFolder(folder="whistle", files=named), SYSTEM)
    for code, name, kind, parent in UNITS:
        execute(AddUnit(code=code, name=name, kind=kind, parent=parent), SYSTEM)
    return tuple(hire(product, *post) for post in POSTS)


def hire(product: Product, login: str, role: str, unit: str) -> Person:
    """Register a person with a post, a login that no password opens, and a token."""
    execute = product.engine.execute
    person = UUID(execute(AddPerson(name=login), SYSTEM)["id"])
    execute(AddMembership(person_id=person, role=role, unit=unit), SYSTEM)
    execute(CreateAccount(person_id=person, login=login, password_hash="-"), SYSTEM)
    secret = f"drill-{login}"
    kept = token_hash(secret)
    token = CreateToken(login=login, name="drill", secret_hash=kept, scopes=("read", "write"))
    execute(token, SYSTEM)
    return Person(login, secret)
