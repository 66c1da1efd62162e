"""Pools, lanes and message flows as BPMN's text has them."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.standard.drawings import (
    HEAR,
    MESSAGE,
    OTHER,
    Pairs,
    assert_kept_and_broken,
    codes,
    flow,
    pools,
    process,
    step,
)


def lanes(*refs: str, after: str = "") -> str:
    drawn = (
        f'<lane id="l{place}"><flowNodeRef>{ref}</flowNodeRef></lane>'
        for place, ref in enumerate(refs)
    )
    return process(after=after, first=f'<laneSet id="ls">{"".join(drawn)}</laneSet>')


def message_flow(source: str, target: str, attributes: str = "") -> str:
    return f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}"{attributes}/>'


def count(said: str) -> str:
    return pools(more=f"<participantMultiplicity {said}/>") + process(after=OTHER)


def told(message: str) -> str:
    tie = message_flow("t", "qt", f' messageRef="{message}"')
    throw = step(HEAR, tag="intermediateThrowEvent")
    roots = MESSAGE + '<message id="N" name="n"/>' + pools(tie)
    return process(throw, before=roots, after=OTHER)


PAIRS: Pairs = {
    "lane.node_twice": (lanes("s", "s"), lanes("s", "e")),
    "lane.foreign_node": (lanes("qt", after=OTHER), lanes("s", after=OTHER)),
    "message_flow.inside_pool": (
        pools(message_flow("t", "u"))
        + process(step() + '<task id="u"/>' + flow("s", "u") + flow("u", "e"), after=OTHER),
        pools(message_flow("t", "qt")) + process(step(), after=OTHER),
    ),
    "message_flow.wrong_end": (
        pools(message_flow("e", "qt")) + process(after=OTHER),
        pools(message_flow("t", "Q")) + process(step(), after=OTHER),
    ),
    "message_flow.other_message": (told("N"), told("M")),
    "pool.process_twice": (pools(q="p") + process(after=OTHER), pools() + process(after=OTHER)),
    "pool.impossible_count": (
        count('minimum="3" maximum="2"'),
        count('minimum="2" maximum="3"'),
    ),
}


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_is_broken_by_one_file_and_kept_by_the_other(code: str) -> None:
    assert_kept_and_broken(PAIRS, code)


@pytest.mark.parametrize("said", ['minimum="0" maximum="1"', 'minimum="1"', 'maximum="9"', ""])
def test_what_is_not_said_of_a_pool_is_none_at_least_and_one_at_most(said: str) -> None:
    assert codes(count(said)) == []


@pytest.mark.parametrize("said", ['minimum="2"', 'maximum="0"', 'minimum="-1" maximum="1"'])
def test_a_pool_of_nobody_is_told(said: str) -> None:
    assert codes(count(said)) == ["pool.impossible_count"]
