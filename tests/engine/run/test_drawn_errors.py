"""An operation raises a drawn error: the drawing catches it, and what it did before is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import BpmnError, Broken, Conflict, ShaodaoError
from engine.i18n import _
from tests.engine.run import draw
from tests.engine.run.world import World

LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'


def drawing(task: str) -> str:
    return draw.declare(
        draw.process(
            "two",
            draw.start(),
            task,
            draw.on("outside", "tell", draw.event("error", "not_ours")),
            draw.user("pass_on", unit='"SZ"'),
            draw.end(),
            draw.flows("begin > tell", "tell > finish", "outside > pass_on"),
            lanes={"dept": "begin tell outside pass_on finish"},
        ),
        error="not_ours other",
    )


def refuse(operating: Any, code: str = "not_ours") -> None:
    operating.send("told", {"who": "SZ"})
    raise BpmnError(code)


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(operations={"tell": refuse})


@pytest.mark.parametrize(
    "task", [draw.service("tell", "tell"), draw.script("tell", "tell()")], ids=["task", "script"]
)
def test_the_drawing_catches_it(world: World, task: str) -> None:
    world.deploy("two", two__bpmn=drawing(task), labels__toml=LABELS)
    case = world.start("two")
    assert world.open_elements() == ["pass_on"]
    assert (world.incidents(), world.letters()) == ([], [])
    assert world.data(case)["outside"] == {"code": "not_ours"}


def test_caught_by_nothing_it_ends_the_case(world: World) -> None:
    task = draw.script("tell", 'tell(code = "other")')
    world.deploy("two", two__bpmn=drawing(task), labels__toml=LABELS)
    case = world.start("two")
    assert world.instance(case).status == "failed"
    assert world.open_elements() == []
    assert "instance.failed" in world.kinds(case)


ANY = draw.process(
    "any",
    draw.start(),
    draw.service("tell", "tell"),
    draw.on("outside", "tell", draw.event("error")),
    draw.user("pass_on", unit='"SZ"'),
    draw.end(),
    draw.flows("begin > tell", "tell > finish", "outside > pass_on"),
    lanes={"dept": "begin tell outside pass_on finish"},
)


@pytest.mark.parametrize(("refusal", "caught"), [(Conflict, True), (Broken, False)])
def test_an_error_event_without_a_code_is_for_refusals_not_for_what_is_broken(
    make_world: Callable[..., World], refusal: type[ShaodaoError], *, caught: bool
) -> None:
    def tell(_operating: Any) -> None:
        raise refusal("told.too_late", _("已经晚了。"))

    world = make_world(operations={"tell": tell})
    world.deploy("any", any__bpmn=ANY, labels__toml=LABELS)
    case = world.start("any")
    assert world.open_elements() == (["pass_on"] if caught else [])
    assert bool(world.incidents()) is not caught
    assert ("operation.refused" in world.kinds(case)) is caught
