"""Looking into an instance at rest: what a step's form starts from, without a command."""

from __future__ import annotations

from uuid import UUID

from engine.run.peek import data_at
from tests.engine.run import draw
from tests.engine.run.world import World

WALK = draw.process(
    "walk",
    draw.start(),
    draw.script("prepare", 'offer = ["a", "b"]'),
    draw.user("choose"),
    draw.end(),
    draw.flows("begin > prepare", "prepare > choose", "choose > finish"),
    lanes={"dept": "begin prepare choose finish"},
)
LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'


def looked(world: World, instance_id: UUID, token: int) -> dict[str, object]:
    row = world.instance(instance_id)
    with world.engine.database.read() as connection:
        folder = world.engine.library.folder(connection, row.definition_id)
        state = bytes(row.state)
        return dict(data_at(connection, folder, row.process, state=state, token=token))


def test_an_open_step_shows_the_data_it_would_see(world: World) -> None:
    world.deploy("walk", walk__bpmn=WALK, labels__toml=LABELS)
    instance_id = world.start("walk", {"street": "QY"})
    item = world.item("choose")
    seen = looked(world, instance_id, item.token)
    assert (seen["offer"], seen["street"]) == (["a", "b"], "QY")
    assert world.instance(instance_id).revision == 1, "a look changes nothing"


def test_a_step_that_is_gone_shows_nothing(world: World) -> None:
    world.deploy("walk", walk__bpmn=WALK, labels__toml=LABELS)
    instance_id = world.start("walk")
    token = world.item("choose").token
    world.complete("choose")
    assert looked(world, instance_id, token) == {}
