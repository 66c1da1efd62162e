"""Files come in the encodings that people's modelers write; what is kept is UTF-8."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.db.tables import definition
from engine.errors import Invalid
from engine.run.commands import DeployFolder
from tests.engine.run import draw
from tests.engine.run.world import ROOT, World

LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'.encode()
DRAWN = draw.process(
    "chain",
    draw.start(),
    draw.user("现场核查", unit='"SZ"'),
    draw.end(),
    draw.flows("begin > 现场核查", "现场核查 > finish"),
    lanes={"dept": "begin 现场核查 finish"},
)


def deploy(world: World, data: bytes) -> None:
    files = {"chain.bpmn": data, "labels.toml": LABELS}
    world.engine.execute(DeployFolder(folder="chain", files=files), ROOT)


@pytest.mark.parametrize("encoding", ["GBK", "gb2312", "GB18030", "UTF-16", "utf-8"])
def test_a_diagram_deploys_and_runs_in_the_encoding_it_declares(
    world: World, encoding: str
) -> None:
    deploy(world, f'<?xml version="1.0" encoding="{encoding}"?>\n{DRAWN}'.encode(encoding))

    world.start("chain")

    assert world.open_elements() == ["现场核查"]
    (kept,) = world.rows(sa.select(definition.c.files))
    assert kept.files["chain.bpmn"].lower().startswith('<?xml version="1.0" encoding="utf-8"?>')


def test_a_wrong_declaration_is_refused_and_not_guessed(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        deploy(world, f'<?xml version="1.0" encoding="UTF-8"?>\n{DRAWN}'.encode("gbk"))
    assert refusal.value.code == "xml.encoding_wrong"
    with pytest.raises(Invalid) as refusal:
        deploy(world, f'<?xml version="1.0" encoding="rot13"?>\n{DRAWN}'.encode())
    assert refusal.value.code == "xml.encoding_unknown"
