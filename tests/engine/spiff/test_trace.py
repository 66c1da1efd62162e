"""Storing and loading an instance at any moment changes nothing about what happens next."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.model import MultiInstance
from engine.errors import Broken
from engine.spiff.execution import Execution
from tests.engine.spiff.drawing import Case, FakeHost, draw, moves

WHISTLE = draw(
    "s:start review:user g:xor own:user mr:xor route:rule pick:user parts:many parts@late:stop "
    "mc:xor check:user again:xor urge:service e:end",
    's>review review>g g>own[review.outcome == "a"] g>mr* own>mc mr>route route>pick pick>parts '
    'parts>mc late>urge urge>mc mc>check check>again again>mr[check.outcome == "b"] again>e*',
)
DEPARTMENT = draw(
    "s:start answer:user answer@due:stop second:service two:user m:xor u:sub u@warn:cycle "
    "u/is:start u/f:and u/h:user u/k:call u/j:and u/ie:end urge:service e:end",
    "s>answer answer>m due>second second>two two>m m>u is>f f>h f>k h>j k>j j>ie u>e warn>urge",
    u={"properties": {"out": "result = h.outcome"}},
)
BRANCHES = draw(
    "s:start f:and t:catch a:user a@r:remind b:user c:service j:and m:xor g:xor d:user e:end",
    's>m m>f f>t f>a f>b t>c c>j a>j b>j r>c j>g g>m[b.outcome == "a"] g>d* d>e',
)
NESTED = draw(
    "s:start u:sub u@t:stop u/us:start u/v:sub v/vs:start v/w:sub u/v@r:cycle w/ws:start w/a:user "
    "w/k:many u/b:user x:script e:end",
    "s>u us>v vs>w ws>a ws>k r>b v>b u>e t>x x>e",
    k={"multi": MultiInstance(cardinality="2")},
)
EVENTFUL = draw(
    's:start m:xor f:and a:user a@ai:stop~message=halt a@ar:remind~condition=a2.outcome=="a" a2:user '
    "u:sub u@ue:stop~error=E1 u@ul:remind~escalation=up u/is:start u/b:user u/x:xor "
    "u/bad:end~error=E1 u/up:throw~escalation=up u/sig:throw~signal=go u/ok:end u/h:handler "
    "h/hs:beside~message=note h/hx:user h/hu:end~escalation=up k:call k@ke:stop~error "
    'w:race w1:receive~message=w w2:catch~signal=go w3:catch w4:catch~condition=a2.outcome=="a" '
    "l:throw~link=far far:catch~link=far j:any t:transaction t@tc:stop~cancel t/ts:start t/tu:user "
    "t/tx:xor t/tn:end~cancel t/ty:end again:xor e:end q:handler q/qs:start~message=quit q/qu:user "
    "c:handler c/cs:beside~timer=R/PT1H c/cu:service",
    's>m m>f f>a f>u f>k f>w a>a2 ai>j ar>l far>j a2>j is>b b>x x>bad[b.outcome == "a"] x>up* up>sig '
    "sig>ok ue>j ul>j u>j hs>hx hx>hu k>j ke>j w>w1 w>w2 w>w3 w>w4 w1>j w2>j w3>j w4>j j>t ts>tu "
    'tu>tx tx>tn[tu.outcome == "a"] tx>ty* tc>again t>again again>m[a2.outcome == "b"] again>e* '
    "qs>qu cs>cu",
)
PROCESSES = {
    "eventful": EVENTFUL,
    "whistle": WHISTLE,
    "department": DEPARTMENT,
    "branches": BRANCHES,
    "nested": NESTED,
}
CHOICES = st.lists(st.tuples(st.integers(0, 9), st.sampled_from("ab")), max_size=25)


def act(case: Case, choice: int, outcome: str) -> bool:
    """Make one of the possible moves; False when there is none left."""
    possible = list(moves(case))
    if not possible:
        return False
    what, token = possible[choice % len(possible)]
    if what == "fire":
        case.execution.fire(token)
    elif what == "end_call" and outcome == "b":
        case.execution.fail_call(token, "error", "E1")
    else:
        getattr(case.execution, what)(token, {"outcome": outcome})
    case.execution.run()
    case.path += case.execution.drain().path
    return True


@pytest.mark.parametrize("name", PROCESSES)
@settings(max_examples=40, deadline=None)
@given(choices=CHOICES)
def test_a_stored_instance_takes_the_same_road(name: str, choices: list[tuple[int, str]]) -> None:
    kept, stored = (Case(PROCESSES[name], items=["SZ", "CG"]) for _each in range(2))
    for choice, outcome in choices:
        stored.store_and_load()
        if not act(kept, choice, outcome):
            break
        act(stored, choice, outcome)
        assert stored.path == kept.path
        assert stored.execution.snapshot() == kept.execution.snapshot()
        assert stored.execution.dump() == kept.execution.dump()
        if kept.ended:
            assert not list(moves(kept))


@settings(max_examples=20, deadline=None)
@given(choices=CHOICES)
def test_tokens_are_given_out_once(choices: list[tuple[int, str]]) -> None:
    case = Case(DEPARTMENT)
    seen: dict[int, str] = {}
    for choice, outcome in choices:
        for token, element in case.execution.drain().entered:
            assert seen.setdefault(token, element) == element
        if not act(case, choice, outcome):
            break


def test_a_case_under_way_is_small() -> None:
    data = {"items": [{"unit": f"D{n}", "kind": "assist"} for n in range(5)]}
    case = Case(WHISTLE, **data)
    case.do("review", outcome="b").do("pick")
    assert len(case.calls()) == 5
    assert len(case.execution.dump()) < 1_000


def test_a_hundred_rounds_cost_no_more_state_than_one() -> None:
    case = Case(WHISTLE, items=["SZ"])
    case.do("review", outcome="b")
    sizes = []
    for _round in range(100):
        case.do("pick").end_call()
        case.do("check", outcome="b")
        sizes.append(len(case.execution.dump()))
    assert sizes[-1] - sizes[0] <= 4  # more digits in the token numbers


def test_building_twice_gives_the_same_program() -> None:
    case = Case(DEPARTMENT)
    again = Case(DEPARTMENT)
    loaded = Execution.load(again.program, FakeHost(), case.execution.dump())
    assert loaded.snapshot() == case.execution.snapshot()


@pytest.mark.parametrize("stored", [b"", b"\x63[]", b"\x63{}"])
def test_bytes_of_another_version_are_refused(stored: bytes) -> None:
    case = Case(DEPARTMENT)
    with pytest.raises(Broken) as refusal:
        Execution.load(case.program, case.host, stored)
    assert refusal.value.code == "instance.state_unknown"


@pytest.mark.parametrize(
    "stored", [b"\x01", b"\x01{}", b'\x01[3,false,[[0,{},[[1,"n:gone",16]]]],[]]']
)
def test_damaged_bytes_are_refused(stored: bytes) -> None:
    case = Case(DEPARTMENT)
    with pytest.raises(Broken) as refusal:
        Execution.load(case.program, case.host, stored)
    assert refusal.value.code == "instance.state_damaged"


FROZEN = (
    b"\x01"
    b'[13,false,[[0,{"two":{"outcome":"answer"}},[[7,"n:u",32],[8,"n:warn",8,7,"",{"fi'
    b'red":1}]]],[7,{},[[11,"n:h",16],[12,"n:k",32]]]],[]]'
)


def test_an_instance_stored_by_the_first_release_goes_on() -> None:
    case = Case(DEPARTMENT)
    case.execution = Execution.load(case.program, case.host, FROZEN)
    assert (case.open(), case.timers()) == (["h"], ["warn"])
    assert [timer.fired for timer in case.execution.snapshot().timers] == [1]
    assert case.end_call().do("h", outcome="done").ended
    assert case.execution.data(0)["result"] == "done"
