"""What a called part throws is thrown at the step that called it."""

from __future__ import annotations

from uuid import UUID

from engine.run.commands import CancelInstance
from tests.engine.run import draw
from tests.engine.run.world import ROOT, World

LABELS = """
[outcomes]
done = {zh = "办结", en = "Done"}
refuse = {zh = "拒收", en = "Refuse"}
"""


def case(on: str, *, interrupting: bool = True, many: bool = False) -> str:
    return draw.declare(
        draw.process(
            "case",
            draw.start(),
            draw.call("part", "part", many=many, collection="units"),
            draw.on("caught", "part", on, interrupting=interrupting),
            draw.user("mend", unit='"C1"'),
            draw.end(),
            draw.end("mended"),
            draw.flows("begin > part", "part > finish", "caught > mend", "mend > mended"),
            lanes={"community": "begin part caught mend finish mended"},
        ),
        error="refused",
        escalation="late",
    )


def part(*inner: str, more: str = "") -> str:
    return draw.declare(
        draw.process(
            "part",
            draw.start(),
            draw.user("handle", "done refuse", unit='"SZ"'),
            draw.exclusive("which", default="which_finish"),
            draw.end(),
            *inner,
            draw.flows(
                "begin > handle",
                "handle > which",
                "which > finish",
                'which > thrown : handle.outcome == "refuse"',
            ),
            lanes={"dept": "begin handle which finish thrown" + more},
        ),
        error="refused",
        escalation="late",
    )


REFUSING = part(draw.node("endEvent", "thrown", draw.event("error", "refused")))
ESCALATING = part(
    draw.node("intermediateThrowEvent", "thrown", draw.event("escalation", "late")),
    draw.user("go_on", unit='"SZ"'),
    draw.flows("thrown > go_on", "go_on > finish"),
    more=" go_on",
)


def begin(world: World, drawn: str, part_drawn: str, **data: object) -> UUID:
    world.deploy("case", case__bpmn=drawn, part__bpmn=part_drawn, labels__toml=LABELS)
    return world.start("case", data)


def test_an_error_of_a_part_is_caught_on_the_call(world: World) -> None:
    top = begin(world, case(draw.event("error", "refused")), REFUSING)
    world.complete("handle", "refuse")

    assert world.open_elements() == ["mend"]
    (child,) = world.children(top)
    assert child.status == "failed"
    assert world.kinds(child.id)[-1] == "instance.failed"
    assert world.said(world.events("child.threw")[0])["code"] == "refused"
    world.complete("mend")
    assert world.instance(top).status == "completed"
    assert world.jobs() == []


def test_an_error_of_one_of_many_takes_the_others_back(world: World) -> None:
    drawn = case(draw.event("error", "refused"), many=True)
    top = begin(world, drawn, REFUSING, units=["a", "b", "c"])
    second = world.items("handle")[1]
    world.complete("handle", "refuse", id=second.id)

    assert world.open_elements() == ["mend"]
    assert [row.status for row in world.children(top)] == ["cancelled", "failed", "cancelled"]


def test_an_error_nobody_catches_ends_the_case_too(world: World) -> None:
    top = begin(world, case(draw.event("error", "other")), REFUSING)
    world.complete("handle", "refuse")

    assert world.instance(top).status == "failed"
    assert world.said(world.events("instance.failed")[-1])["code"] == "refused"
    assert world.open_elements() == []
    assert world.jobs() == []


def test_an_escalation_that_does_not_interrupt_lets_the_part_go_on(world: World) -> None:
    top = begin(world, case(draw.event("escalation", "late"), interrupting=False), ESCALATING)
    world.complete("handle", "refuse")

    assert world.open_elements() == ["go_on", "mend"]
    world.complete("mend")
    assert world.instance(top).status == "active"
    world.complete("go_on")
    assert world.instance(top).status == "completed"


def test_an_escalation_that_interrupts_takes_the_part_back(world: World) -> None:
    top = begin(world, case(draw.event("escalation", "late")), ESCALATING)
    world.complete("handle", "refuse")

    assert world.open_elements() == ["mend"]
    assert [row.status for row in world.children(top)] == ["cancelled"]


def test_a_cancelled_case_takes_its_parts_along(world: World) -> None:
    top = begin(world, case(draw.event("error", "refused")), REFUSING)
    world.engine.execute(CancelInstance(instance_id=top), ROOT)

    assert [row.status for row in world.children(top)] == ["cancelled"]
    assert world.open_elements() == []
    assert world.jobs() == []


def test_a_case_that_ends_by_an_error_takes_its_parts_along(world: World) -> None:
    drawn = draw.process(
        "case",
        draw.start(),
        draw.parallel("split"),
        draw.call("part", "part"),
        draw.user("judge", unit='"C1"'),
        draw.node("endEvent", "broken", draw.event("error", "refused")),
        draw.end(),
        draw.flows("begin > split", "split > part", "split > judge", "part > finish"),
        draw.flows("judge > broken"),
        lanes={"community": "begin split part judge broken finish"},
        sla="case",
    )
    top = begin(world, draw.declare(drawn, error="refused"), REFUSING)
    world.complete("judge")

    assert world.instance(top).status == "failed"
    assert [row.status for row in world.children(top)] == ["cancelled"]
    assert world.open_elements() == []
    assert [row.status for row in world.clocks()] == ["cancelled"]
    assert world.jobs() == []
