"""One road for every change: a step is done once, whole, by who may do it, or not at all."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.run.commands import CompleteWorkItem
from tests.engine.run import draw
from tests.engine.run.world import ANNA, BORIS, ROOT, World

REVIEW = draw.process(
    "review",
    draw.start(),
    draw.user("check", "pass rework", unit='"C1"', form="note"),
    draw.exclusive("which", default="which_finish"),
    draw.user("repair", unit='"SZ"'),
    draw.end(),
    draw.flows(
        "begin > check",
        "check > which",
        "which > finish",
        'which > repair : check.outcome == "rework"',
        "repair > check",
    ),
    lanes={"community": "begin check which finish", "dept": "repair"},
)
NOTE = """{"fields": [
  {"name": "reason", "type": "textarea", "label": {"zh": "原因", "en": "Reason"},
   "required_for": ["rework"], "max_length": 200}
]}"""
LABELS = """
[outcomes]
pass = {zh = "通过", en = "Pass"}
rework = {zh = "返工", en = "Rework"}
done = {zh = "办结", en = "Done"}
"""


@pytest.fixture
def review(world: World) -> UUID:
    world.deploy("review", review__bpmn=REVIEW, note__form__json=NOTE, labels__toml=LABELS)
    return world.start("review")


def test_a_step_goes_where_its_outcome_says(world: World, review: UUID) -> None:
    world.complete("check", "rework", BORIS, {"reason": "井盖仍然松动"})
    assert world.open_elements() == ["repair"]

    world.complete("repair", actor=ANNA)
    world.complete("check", "pass", BORIS)

    assert world.instance(review).status == "completed"
    assert world.kinds(review)[-1] == "instance.completed"
    assert world.kinds(review).count("work_item.completed") == 3


def test_free_text_stands_in_the_trail_as_a_digest_only(world: World, review: UUID) -> None:
    world.complete("check", "rework", BORIS, {"reason": "井盖仍然松动"})

    (done,) = world.events("work_item.completed")
    assert set(world.said(done)["words"]["reason"]) == {"digest"}
    assert "松动" not in bytes(done.body).decode()


def test_a_gateways_values_stand_in_the_trail(world: World, review: UUID) -> None:
    world.complete("check", "pass", BORIS)

    walk = world.said(world.events("token.moved")[-1])
    assert walk["choices"][0]["gateway"] == "which"
    assert walk["choices"][0]["flows"] == ["which_finish"]
    assert walk["choices"][0]["values"] == {"check.outcome": "pass"}
    assert "which_finish" in walk["path"]


def test_a_colleague_was_first(world: World, review: UUID) -> None:
    item = world.item("check").id
    world.complete("check", "pass", BORIS)

    with pytest.raises(Conflict) as refusal:
        world.engine.execute(CompleteWorkItem(item_id=item, outcome="pass"), BORIS)
    assert refusal.value.code == "work_item.already_completed"


def test_an_outcome_that_is_not_drawn_is_refused(world: World, review: UUID) -> None:
    with pytest.raises(Invalid) as refusal:
        world.complete("check", "maybe", BORIS)
    assert refusal.value.code == "work_item.unknown_outcome"
    assert world.open_elements() == ["check"]


def test_a_form_that_does_not_hold_changes_nothing(world: World, review: UUID) -> None:
    before = world.kinds(review)
    with pytest.raises(Invalid) as refusal:
        world.complete("check", "rework", BORIS)
    assert refusal.value.code == "form.invalid"
    assert set(refusal.value.details["fields"]) == {"reason"}
    assert world.kinds(review) == before


def test_a_step_belongs_to_its_lane_and_unit(world: World, review: UUID) -> None:
    with pytest.raises(Forbidden) as refusal:
        world.complete("check", "pass", ANNA)
    assert refusal.value.code == "work_item.not_yours"


def test_an_unknown_item_is_not_found(world: World) -> None:
    with pytest.raises(NotFound) as refusal:
        world.engine.execute(CompleteWorkItem(item_id=UUID(int=77), outcome="pass"), ROOT)
    assert refusal.value.code == "work_item.unknown"


def test_the_same_key_gives_the_same_answer_and_does_nothing_twice(
    world: World, review: UUID
) -> None:
    command = CompleteWorkItem(
        item_id=world.item("check").id, outcome="rework", data={"reason": "再看"}
    )
    first = world.engine.execute(command, BORIS, key="tap-1")
    again = world.engine.execute(command, BORIS, key="tap-1")

    assert first == again
    assert world.kinds(review).count("work_item.completed") == 1


def test_a_key_is_not_taken_for_another_question(world: World, review: UUID) -> None:
    item = world.item("check").id
    world.engine.execute(CompleteWorkItem(item_id=item, outcome="pass"), BORIS, key="tap-1")
    with pytest.raises(Conflict) as refusal:
        world.engine.execute(CompleteWorkItem(item_id=item, outcome="rework"), BORIS, key="tap-1")
    assert refusal.value.code == "idempotency.other_request"


def test_a_refusal_is_not_kept_under_its_key(world: World, review: UUID) -> None:
    item = world.item("check").id
    bad = CompleteWorkItem(item_id=item, outcome="rework")
    with pytest.raises(Invalid):
        world.engine.execute(bad, BORIS, key="tap-1")
    good = CompleteWorkItem(item_id=item, outcome="rework", data={"reason": "有积水"})
    assert world.engine.execute(good, BORIS, key="tap-1")["outcome"] == "rework"


def test_a_key_is_forgotten_after_a_day(world: World, review: UUID) -> None:
    item = world.item("check").id
    command = CompleteWorkItem(item_id=item, outcome="pass")
    world.engine.execute(command, BORIS, key="tap-1")
    world.clock.forward(hours=25)
    with pytest.raises(Conflict) as refusal:
        world.engine.execute(command, BORIS, key="tap-1")
    assert refusal.value.code == "work_item.already_completed"


def test_a_folder_seen_before_is_not_deployed_again(world: World, review: UUID) -> None:
    again = world.deploy("review", review__bpmn=REVIEW, note__form__json=NOTE, labels__toml=LABELS)
    assert (again["version"], again["new"]) == (1, False)


def test_a_running_case_stays_on_its_version(world: World, review: UUID) -> None:
    changed = REVIEW.replace('value="pass rework"', 'value="pass rework done"')
    assert world.deploy("review", review__bpmn=changed, note__form__json=NOTE, labels__toml=LABELS)[
        "new"
    ]
    with pytest.raises(Invalid):
        world.complete("check", "done", BORIS)
    assert (
        world.instance(world.start("review")).definition_id != world.instance(review).definition_id
    )


def test_words_that_a_script_copied_do_not_enter_the_trail_by_a_gateway(world: World) -> None:
    copied = draw.process(
        "review",
        draw.start(),
        draw.user("check", "pass rework", unit='"C1"', form="note"),
        draw.script("copy", "said = check.reason\nhow = check.outcome"),
        draw.exclusive("which", default="which_finish"),
        draw.end(),
        draw.end("other"),
        draw.flows(
            "begin > check",
            "check > copy",
            "copy > which",
            "which > finish",
            'which > other : said == "x" and how == "pass"',
        ),
        lanes={"community": "begin check copy which finish other"},
    )
    world.deploy("review", review__bpmn=copied, note__form__json=NOTE, labels__toml=LABELS)
    world.start("review")
    world.complete("check", "rework", data={"reason": "张三不在家"})

    chosen = [
        choice for row in world.events("token.moved") for choice in world.said(row)["choices"]
    ]
    assert chosen[-1]["values"]["said"] == {"length": 5}
    assert not any("张三".encode() in bytes(row.body) for row in world.events("token.moved"))
