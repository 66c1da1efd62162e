"""What is stored of an instance, and what a command has to unpack of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.model import MultiInstance
from engine.errors import Broken
from engine.spiff import resting
from engine.spiff.children import Run
from engine.spiff.execution import Execution
from engine.spiff.names import Names
from engine.spiff.shelf import Laid
from tests.engine.spiff.drawing import Case, draw
from tests.engine.spiff.test_trace import WHISTLE

FIRST = (
    b'\x01[11,false,[[0,{"items":["A","B","C"],"review":{"outcome":"b"},"route":null,"pick":{},'
    b'"parts":{"results":[]}},[[7,"n:parts",32,0,"",{"results":[null,{"said":"b"},null],"open":'
    b'[[9,0,"A"],[11,2,"C"]]}],[8,"n:late",8,7]]]],[]]'
)
SECOND = (
    b'\x02[11,false,[],[],[],93]\n"items"\t["A","B","C"]\n"review"\t{"outcome":"b"}\n"route"\tnull'
    b'\n"pick"\t{}\n"parts"\t{"results":[]}\n0000000700000000["n:parts",32,0,"",{"count":3,"next":3'
    b',"run":[9,0,"5"]},[8]]\n0000000800000000["n:late",8,7]'
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("stored", [FIRST, SECOND])
def test_children_of_either_release_go_on(stored: bytes) -> None:
    case = Case(WHISTLE)
    case.host.shelf.lay(7, [Laid("A"), Laid("B", {"said": "b"}), Laid("C")])
    case.execution = Execution.load(case.program, case.host, stored)
    assert case.calls() == ["A", "C"]
    case.end_call(1, said="c").end_call(0, said="a")
    assert case.execution.data(0)["parts"]["results"] == [{"said": said} for said in "abc"]
    assert case.open() == ["check"]
    assert case.host.shelf.all(7) == (), "the activity is over"


def test_a_state_of_the_first_release_becomes_one_of_the_second() -> None:
    case = Case(WHISTLE)
    assert Execution.load(case.program, case.host, FIRST).dump() == SECOND


def test_a_step_whose_node_is_gone_is_damaged() -> None:
    case = Case(WHISTLE)
    execution = Execution.load(case.program, case.host, SECOND.replace(b"n:late", b"n:gone"))
    with pytest.raises(Broken) as refusal:
        execution.snapshot()
    assert refusal.value.code == "instance.state_damaged"


def test_what_stands_beside_a_step_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(wide(50))
    token = case.execution.snapshot().items[20].token
    case.execution = Execution.load(case.program, case.host, case.execution.dump())
    unpacked: list[int] = []
    unpack = resting.unpack
    monkeypatch.setattr(resting, "unpack", lambda line: unpacked.append(1) or unpack(line))

    case.execution.complete(token, {"outcome": "done"})
    case.execution.run()
    changes = case.execution.changes()

    assert len(unpacked) < 5
    assert [item.element for item in changes.gone.items] == ["a20"]
    assert changes.new.items == ()


def wide(count: int) -> Any:
    """Return a process of as many branches that join."""
    names = [f"a{number}" for number in range(count)]
    users = " ".join(f"{name}:user" for name in names)
    ways = " ".join(f"f>{name} {name}>j" for name in names)
    return draw(f"s:start f:and {users} j:and e:end", f"s>f {ways} j>e")


def test_ten_thousand_children_are_a_few_bytes_each_at_most() -> None:
    multi = MultiInstance(cardinality="10000")
    case = Case(draw("s:start k:call e:end", "s>k k>e", k={"multi": multi}))
    assert len(case.execution.changes().new.calls) == 10_000
    case.end_call(5_000)
    (gone,) = case.execution.changes().gone.calls
    assert gone.index == 5_000
    assert len(case.execution.dump()) < 3_000


@pytest.mark.parametrize("condition", ["results == results", "k.done == 1", "item == 7"])
def test_a_completion_condition_sees_what_was_laid_aside(condition: str) -> None:
    multi = MultiInstance(collection="units", completion=condition)
    process = draw("s:start k:call e:end", "s>k k>e", k={"multi": multi})
    case = Case(process, reload=True, units=[3, 7, 9])
    case.end_call(1, done=1)
    assert case.ended
    assert case.execution.data(0)["k"]["results"] == [None, {"done": 1}, None]


@given(st.dictionaries(st.text(), JSON, max_size=6), st.text(), JSON)
def test_names_read_the_same_stored_or_not(data: dict[str, Any], name: str, value: Any) -> None:
    fresh = Names.of(data, {}, str)
    again = Names(fresh.stored, str)
    assert dict(again) == data
    copy = again.copy()
    again[name] = value
    assert dict(copy) == data
    assert dict(Names(again.stored, str)) == data | {name: value} == dict(again)
    assert len(again) == len(data | {name: value})
    del again[name]
    assert name not in again


def test_what_stands_elsewhere_is_fetched_once_and_stays_there() -> None:
    asked: list[str] = []
    names = Names.of({"unit": "SZ"}, {"units": "ref"}, lambda ref: asked.append(ref) or [1, 2])
    assert (names["units"], names["units"], names["unit"]) == ([1, 2], [1, 2], "SZ")
    assert asked == ["ref"]
    assert names.far() == {"units": "ref"}
    names["units"] = []
    assert names.far() == {}


@given(st.sets(st.integers(0, 300)), st.integers(1, 10**6), st.integers(0, 300))
def test_a_run_is_a_set_of_tokens(opened: set[int], first: int, ended: int) -> None:
    run = Run(first, 0, sum(1 << place for place in opened))
    tokens = {first + place for place in opened}
    assert set(run.tokens()) == tokens == {t for t in range(first - 1, first + 302) if run.has(t)}
    assert Run.unpacked(*run.packed()) == run  # type: ignore[arg-type]  # as JSON gives it back
    assert set(run.without(first + ended).tokens()) == tokens - {first + ended}
    assert set(run.but(run.without(first + ended)).tokens()) == tokens & {first + ended}
