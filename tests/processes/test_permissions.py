"""The table of permissions: what a post covers, and that the page in docs says the same."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest

from engine.actor import SYSTEM, Actor, Post
from engine.errors import Forbidden
from processes.permissions import AGENTS, ROLES, TABLE, allowed, covers, require, roles_for

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
GRID = "/QX/QY/QY-03/QY-03-02/"
OTHER = "/QX/QY/QY-04/"


def person(*posts: tuple[str, str]) -> Actor:
    return Actor(id=UUID(int=7), posts=tuple(Post(role, unit) for role, unit in posts))


def test_a_post_covers_its_unit_and_everything_below_and_nothing_beside() -> None:
    assert covers(Post("supervisor", "QX"), GRID)
    assert covers(Post("dispatcher", "QY"), GRID)
    assert covers(Post("grid_worker", "QY-03-02"), GRID)
    assert not covers(Post("grid_worker", "QY-03-01"), GRID)
    assert not covers(Post("grid_worker", "QY-0"), GRID)


def test_a_secretary_reads_the_cases_of_her_community_only() -> None:
    secretary = person(("community_secretary", "QY-03"))
    assert allowed(secretary, "case.read", paths=[GRID])
    assert not allowed(secretary, "case.read", paths=[OTHER])


def test_a_department_reads_a_case_through_its_part() -> None:
    liaison = person(("dept", "SZ"))
    assert not allowed(liaison, "case.read", paths=[GRID])
    assert allowed(liaison, "case.read", paths=[GRID, "/QX/SZ/"])
    assert not allowed(liaison, "case.read_person", paths=[GRID, "/QX/SZ/"])


def test_who_reported_reads_the_case_wherever_it_lies() -> None:
    worker = person(("grid_worker", "QY-03-01"))
    assert allowed(worker, "case.read", paths=[OTHER], own_report=True)
    assert not allowed(worker, "case.read", paths=[OTHER])
    assert allowed(worker, "case.read_person", paths=[OTHER], own_report=True)


def test_a_step_is_done_from_a_post_in_its_lane() -> None:
    both = person(("grid_worker", "QY-03"), ("dept", "SZ"))
    assert allowed(both, "item.do", paths=["/QX/SZ/"], role="dept")
    assert not allowed(both, "item.do", paths=[GRID], role="dept")
    assert not allowed(both, "item.do", paths=[GRID], role="dispatcher")


def test_nobody_may_do_what_the_table_does_not_know() -> None:
    assert not allowed(person(("admin", "QX")), "case.destroy")
    assert not allowed(SYSTEM, "case.destroy")


def test_without_a_post_nothing_is_allowed() -> None:
    assert not any(allowed(person(), action, own_report=True) for action in TABLE)


def test_agents_stand_in_the_table_like_roles() -> None:
    importer = Actor(id=None, kind="import")
    assert allowed(importer, "case.report", paths=[GRID])
    assert not allowed(importer, "definition.deploy")
    assert not allowed(Actor(id=None, kind="somebody"), "case.report")


def test_a_refusal_is_one_sentence_with_a_code() -> None:
    with pytest.raises(Forbidden) as refusal:
        require(person(("dept", "SZ")), "definition.deploy")
    assert refusal.value.code == "action.not_allowed"


def test_menus_ask_for_the_roles_of_an_action() -> None:
    assert roles_for("incident.retry") == {"admin"}


@pytest.mark.parametrize("role", ROLES)
def test_the_page_says_what_the_table_says(role: str) -> None:
    assert {action: row[role] for action, row in page().items()} == {
        action: words(action, role) for action in TABLE
    }


@pytest.mark.parametrize("agent", AGENTS)
def test_the_page_says_it_of_agents_too(agent: str) -> None:
    assert {action: row[agent] for action, row in page().items()} == {
        action: words(action, agent) for action in TABLE
    }


def words(action: str, role: str) -> str:
    relation = TABLE[action].get(role)
    if relation is None:
        return "–"
    return " or ".join(str(each.name).lower().replace("_", " ") for each in relation)


def page() -> dict[str, dict[str, str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| action | `grid_worker`"))
    columns = re.findall(r"`(\w+)`", lines[start])
    table: dict[str, dict[str, str]] = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        name, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        table[name.strip("`")] = dict(zip(columns, cells, strict=True))
    return table
