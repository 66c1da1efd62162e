"""What people may choose: outcomes with conditions, duties kept apart, offers beside the steps."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.actor import Actor, Post
from engine.errors import Conflict, Forbidden, Invalid
from engine.run.commands import TakeOffer
from tests.engine.run import draw
from tests.engine.run.world import ANNA, BORIS, ROOT, World

CARLA = Actor(id=UUID(int=3), posts=(Post("dept", "SZ"),))

GATE = draw.process(
    "gate",
    draw.start(),
    draw.user("review", "issue back", unit='"SZ"', when__issue='duty != "own" or case.danger'),
    draw.end(),
    draw.flows("begin > review", "review > finish"),
    lanes={"dept": "begin review finish"},
)
REASONS = '[outcomes]\nissue = {zh = "签发"}\nback = {zh = "退回"}\n'
OWN_WORDS = '[reasons]\n"review.issue" = {zh = "基本履职事项不能吹哨。", en = "Own duty."}\n'


def test_an_outcome_whose_condition_does_not_hold_is_refused_in_the_folders_words(
    world: World,
) -> None:
    world.deploy("gate", gate__bpmn=GATE, labels__toml=REASONS + OWN_WORDS)
    world.start("gate", {"duty": "own"})
    with pytest.raises(Conflict, match="基本履职事项不能吹哨") as refused:
        world.complete("review", "issue", ANNA)
    assert refused.value.code == "outcome.not_now"
    world.complete("review", "back", ANNA)


def test_a_condition_may_ask_the_case(make_world: object) -> None:
    world = make_world(view=lambda _connection, _root: {"danger": True})  # type: ignore[operator]
    world.deploy("gate", gate__bpmn=GATE, labels__toml=REASONS)
    world.start("gate", {"duty": "own"})
    world.complete("review", "issue", ANNA)
    assert world.open_elements() == []


CHECKS = draw.process(
    "checks",
    draw.start("reported"),
    draw.user("verify", unit='"SZ"'),
    draw.user("check", unit='"SZ"', not_by="reported verify"),
    draw.end(),
    draw.flows("reported > verify", "verify > check", "check > finish"),
    lanes={"dept": "reported verify check finish"},
)
DONE = '[outcomes]\ndone = {zh = "完成"}\n'


def test_who_verified_or_reported_may_not_check(world: World) -> None:
    world.deploy("checks", checks__bpmn=CHECKS, labels__toml=DONE)
    world.start("checks")  # ROOT reports
    world.complete("verify", actor=ANNA)
    for person in (ANNA, ROOT):
        with pytest.raises(Forbidden, match="须由其他人办理"):
            world.complete("check", actor=person)
    world.complete("check", actor=CARLA)


CALLED_BACK = draw.declare(
    draw.process(
        "whistle",
        draw.start(),
        draw.user("handle", unit='"SZ"'),
        draw.on(
            "withdraw",
            "handle",
            draw.event("message", "withdrawn"),
            offer="yes",
            unit='"SZ"',
            form="why",
            when="not default(locked, false)",
        ),
        draw.user("rethink", unit='"SZ"'),
        draw.end(),
        draw.end("over"),
        draw.flows("begin > handle", "handle > finish", "withdraw > rethink", "rethink > over"),
        lanes={"dept": "begin handle withdraw rethink finish over"},
    ),
    message="withdrawn",
)
WHY = '{"fields": [{"name": "why", "type": "textarea", "label": {"zh": "原因"}, "required": true}]}'


def offered(world: World) -> TakeOffer:
    row = next(each for each in world.subscriptions() if each.role)
    return TakeOffer(instance_id=row.instance_id, token=row.token, data={"why": "已经修好"})


def withdrawable(world: World, **data: object) -> TakeOffer:
    files = {"whistle__bpmn": CALLED_BACK, "labels__toml": DONE, "why__form__json": WHY}
    world.deploy("whistle", **files)
    world.start("whistle", data)
    return offered(world)


def test_an_offer_is_taken_by_whom_it_is_made_to(world: World) -> None:
    command = withdrawable(world)
    with pytest.raises(Forbidden, match="不归您的岗位"):
        world.engine.execute(command, BORIS)
    with pytest.raises(Invalid, match="原因"):
        world.engine.execute(TakeOffer(instance_id=command.instance_id, token=command.token), ANNA)
    world.engine.execute(command, ANNA)
    assert world.open_elements() == ["rethink"]
    assert "offer.taken" in world.kinds(command.instance_id)
    assert world.data(command.instance_id)["withdraw"] == {"why": "已经修好"}
    (taken,) = world.events("offer.taken")
    assert "已经修好" not in bytes(taken.body).decode()  # free text enters as a digest


def test_an_offer_that_is_gone_or_not_yet_made_is_refused(world: World) -> None:
    command = withdrawable(world, locked=True)
    with pytest.raises(Conflict, match="现在还不能办"):
        world.engine.execute(command, ANNA)
    world.complete("handle", actor=ANNA)
    with pytest.raises(Conflict, match="已经不能办"):
        world.engine.execute(command, ANNA)


@pytest.mark.parametrize(
    ("props", "code"),
    [
        ({"when__later": "true"}, "when.unknown_outcome"),
        ({"when": "true"}, "when.no_offer"),
        ({"when__done": "1 +"}, "expression.syntax"),
        ({"usual": "later"}, "usual.unknown_outcome"),
        ({"not_by": "nobody"}, "not_by.unknown"),
        ({"offer": "yes"}, "offer.not_a_message"),
    ],
)
def test_what_is_drawn_wrongly_is_refused_at_deployment(
    world: World, props: dict[str, str], code: str
) -> None:
    xml = draw.process(
        "p",
        draw.start(),
        draw.user("step", unit='"SZ"', **props),
        draw.end(),
        draw.flows("begin > step", "step > finish"),
        lanes={"dept": "begin step finish"},
    )
    with pytest.raises(Invalid) as refused:
        world.deploy("p", p__bpmn=xml, labels__toml=DONE)
    found = str(refused.value.details)
    assert code in found or refused.value.code == code
