"""What people upload is read by a child that can die alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn import guard
from engine.bpmn.guard import Bounds, examine_files, examine_safely
from engine.errors import Invalid
from tests.engine.run import draw

SHIPPED = Path(__file__).parents[3] / "bpmn" / "whistle" / "whistle.bpmn"
WRONG = draw.process("p", draw.start(), draw.user("a"), draw.flows("begin > a", "a > gone"))


def test_the_child_finds_what_we_would_find_ourselves() -> None:
    files = {"good.bpmn": SHIPPED.read_text(encoding="utf-8"), "wrong.bpmn": WRONG}
    files |= {"bomb.dmn": '<!DOCTYPE a [<!ENTITY x "ha">]><a>&x;</a>', "half.bpmn": "<a"}
    found = examine_safely(files)
    assert found == tuple(examine_files(files))
    assert {each.code for each in found} >= {"xml.doctype", "xml.malformed", "flow.loose_end"}
    assert all(each.text.to("zh") for each in found)


MUCH = draw.process("p", *(draw.user(f"a{n}", unit='"SZ"') for n in range(2_000)))


@pytest.mark.parametrize(
    "bounds", [Bounds(wall=0.01), Bounds(memory=30_000_000)], ids=["time", "memory"]
)
def test_a_child_that_runs_out_is_a_refusal(bounds: Bounds) -> None:
    with pytest.raises(Invalid) as refusal:
        examine_safely({"much.bpmn": MUCH}, bounds)
    assert refusal.value.code == "definition.too_heavy"


def test_a_child_that_never_ends_is_stopped_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    spin = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    monkeypatch.setattr(guard, "CHILD", ("-c", spin))
    with pytest.raises(Invalid) as refusal:
        examine_safely({})
    assert refusal.value.code == "definition.too_heavy"


def test_the_child_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAODAO_SECRET", "x")
    tell = "import os, sys; sys.exit('SHAODAO_SECRET' in os.environ or print('[]'))"
    monkeypatch.setattr(guard, "CHILD", ("-c", tell))
    assert examine_safely({}) == ()
