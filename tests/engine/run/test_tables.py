"""Tables hold from a day on: what is deployed for later takes effect by itself, and not before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actor import SYSTEM
from engine.bpmn.finding import Severity
from engine.db.tables import table_version
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.i18n import _
from engine.run.commands import DeployTables, WithdrawTable
from engine.run.examine_tables import warning
from tests.engine.run import draw
from tests.engine.run.test_time import ANSWER, LABELS
from tests.engine.run.world import ANNA, LIMITS, ROOT, World

LONGER = LIMITS.replace("<text>4</text>", "<text>8</text>")
WHO = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="who">
<decisionTable hitPolicy="COLLECT"><input><inputExpression><text>n</text></inputExpression></input>
<output name="unit" /><rule><inputEntry><text>-</text></inputEntry>
<outputEntry><text>"SZ"</text></outputEntry></rule></decisionTable></decision></definitions>"""
ASKS = draw.process(
    "asks",
    draw.start(),
    draw.rule("first", "who"),
    draw.user("wait"),
    draw.rule("then", "who"),
    draw.user("rest"),
    draw.end(),
    draw.flows("begin > first", "first > wait", "wait > then", "then > rest", "rest > finish"),
    lanes={"dept": "begin first wait then rest finish"},
)


def tables(world: World, text: str = LONGER, **more: Any) -> dict[str, Any]:
    return world.engine.execute(DeployTables(files={"t.dmn": text.encode()}, **more), ROOT)


def in_days(world: World, days: float) -> datetime:
    return world.clock.now() + timedelta(days=days)


def hours_to_answer(world: World) -> float:
    world.deploy("part", part__bpmn=ANSWER, labels__toml=LABELS)
    world.start("part", unit="SZ")
    clock = max(world.clocks(), key=lambda row: (row.started_at, row.token))
    return float((clock.due_at - clock.started_at).total_seconds() / 3600)


def test_limits_bind_when_the_clock_starts(world: World) -> None:
    answer = tables(world, effective_from=in_days(world, 1), basis="区编办〔2026〕9号")
    assert answer["tables"] == ["limits"]
    assert hours_to_answer(world) == 4
    (before,) = [row for row in world.clocks() if row.code == "answer"]
    world.clock.forward(days=1)
    world.worker.drain()
    assert hours_to_answer(world) == 8
    kept = next(row for row in world.clocks() if row.id == before.id)
    assert kept.due_at == before.due_at


def test_a_rule_task_asks_the_table_in_force_at_that_moment(world: World) -> None:
    tables(world, WHO)
    tables(world, WHO.replace("SZ", "CG"), effective_from=in_days(world, 1))
    world.deploy("asks", asks__bpmn=ASKS, labels__toml=LABELS)
    case = world.start("asks", {"n": 1})
    assert world.data(case)["first"] == [{"unit": "SZ"}]
    world.clock.forward(days=2)
    world.complete("wait")
    data = world.data(case)
    assert (data["first"], data["then"]) == ([{"unit": "SZ"}], [{"unit": "CG"}])
    first, then = [world.said(row)["table"] for row in world.events("decision.made")]
    assert first != then


def test_a_table_can_be_put_back_as_it_was(world: World) -> None:
    assert tables(world, LIMITS)["tables"] == []
    world.clock.forward(minutes=1)
    assert tables(world)["tables"] == ["limits"]
    world.clock.forward(minutes=1)
    assert tables(world, LIMITS)["tables"] == ["limits"]
    assert hours_to_answer(world) == 4


def test_what_ships_does_not_undo_what_people_deployed(world: World) -> None:
    world.clock.forward(minutes=1)
    tables(world)
    shipped = DeployTables(files={"limits.dmn": LIMITS.encode()}, only_new=True)
    assert world.engine.execute(shipped, SYSTEM)["tables"] == []
    assert hours_to_answer(world) == 8


def test_a_version_is_taken_back_before_it_holds_and_not_after(world: World) -> None:
    (version,) = tables(world, effective_from=in_days(world, 1))["versions"]
    withdraw = WithdrawTable(version_id=UUID(version))
    with pytest.raises(Forbidden):
        world.engine.execute(withdraw, ANNA)
    world.engine.execute(withdraw, ROOT)
    with pytest.raises(Conflict, match="已经撤下"):
        world.engine.execute(withdraw, ROOT)
    world.clock.forward(days=2)
    assert hours_to_answer(world) == 4
    (now,) = tables(world)["versions"]
    with pytest.raises(Conflict, match="已经生效"):
        world.engine.execute(WithdrawTable(version_id=UUID(now)), ROOT)
    with pytest.raises(NotFound):
        world.engine.execute(WithdrawTable(version_id=UUID(int=5)), ROOT)


@pytest.mark.parametrize(
    ("more", "code"), [({"basis": "文" * 201}, "table.basis"), ({}, "table.backdated")]
)
def test_the_past_is_not_rewritten(world: World, more: dict[str, Any], code: str) -> None:
    start = in_days(world, -1) if code == "table.backdated" else in_days(world, 1)
    with pytest.raises(Invalid) as refusal:
        tables(world, effective_from=start, **more)
    assert refusal.value.code == code


def test_what_is_plugged_in_may_refuse_tables_by_what_holds_when_they_begin(
    make_world: Callable[..., World],
) -> None:
    asked: list[datetime] = []

    def examine(_context: Any, found: Any, at: datetime) -> list[Any]:
        asked.append(at)
        doubt = warning(found[0], "table.gap", _("第 {row} 行没有写单位。", row=1), _("请改正。"))
        error = type(doubt)(**{**vars(doubt), "severity": Severity.ERROR})
        return [error] if len(asked) > 1 else [doubt]

    world = make_world(examine_tables=examine)  # which deploys its limits: told, not refused
    start = in_days(world, 3)
    with pytest.raises(Invalid) as refusal:
        tables(world, effective_from=start)
    assert (refusal.value.code, asked[-1]) == ("table.refused", start)
    assert len(world.rows(sa.select(table_version))) == 1
