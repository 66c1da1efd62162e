"""Whatever sound diagram is drawn, and however people and time go about it: it comes to its end,
and storing and loading it between any two steps changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.bpmn.model import Kind, Process
from tests.engine.spiff.blocks import Block, blocks, drawn
from tests.engine.spiff.drawing import Case, moves
from tests.engine.spiff.event_blocks import drawn_with_events, event_blocks

SCHEDULES = st.lists(st.tuples(st.integers(0, 9), st.sampled_from("ab")), max_size=15)
Schedule = list[tuple[int, str]]
MOST_MOVES = 1_000


def tell(case: Case, what: str, token: int, outcome: str) -> None:
    """Make a move and walk on, stored and loaded between any two steps if the case says so."""
    if what == "fire":
        case.execution.fire(token)
    else:
        getattr(case.execution, what)(token, {"outcome": outcome})
    walk(case)


def walk(case: Case) -> None:
    while case.reload:
        case.store_and_load()
        if not case.execution.step():
            break
    case.execution.run()
    case.path += case.execution.drain().path


def onward(case: Case) -> tuple[str, int] | None:
    """A move that leads towards the end: what only happens beside it is not."""
    snapshot, nodes = case.execution.snapshot(), case.program.process.nodes
    beside = {
        each.token
        for each in (*snapshot.timers, *snapshot.events)
        if each.activity or nodes[each.element].kind is Kind.START_EVENT
    }
    return next((move for move in moves(case) if move[1] not in beside), None)


def both_ways(process: Process, schedule: Schedule) -> None:
    kept, stored = Case(process), Case(process, reload=True)
    told = 0
    for choice, outcome in schedule:
        possible = list(moves(kept))
        if possible:
            tell_both(kept, stored, possible[choice % len(possible)], outcome)
    while (move := onward(kept)) is not None:
        tell_both(kept, stored, move, "a")
        told += 1
        assert told < MOST_MOVES
    assert kept.ended, kept.execution.snapshot()
    ends = [node for node in process.nodes.values() if node.kind is Kind.END_EVENT]
    end = next(node.id for node in ends if not node.scope)
    assert kept.path.count(end) == 1  # every split was joined, and once
    event(f"drawn elements: {len(process.nodes) // 10 * 10}+")


def tell_both(kept: Case, stored: Case, move: tuple[str, int], outcome: str) -> None:
    for case in (kept, stored):
        tell(case, *move, outcome)
    assert stored.path == kept.path
    assert stored.execution.snapshot() == kept.execution.snapshot()
    assert stored.execution.data(0) == kept.execution.data(0)
    assert stored.execution.dump() == kept.execution.dump()


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=100, deadline=None, suppress_health_check=QUIET)
@given(block=blocks, schedule=SCHEDULES)
def test_it_ends_and_storing_changes_nothing(block: Block, schedule: Schedule) -> None:
    both_ways(drawn(block), schedule)


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(block=event_blocks, schedule=SCHEDULES)
def test_so_it_is_where_all_kinds_of_events_happen(block: Block, schedule: Schedule) -> None:
    both_ways(drawn_with_events(block), schedule)


@pytest.mark.nightly
@settings(max_examples=2_000, deadline=None, suppress_health_check=QUIET)
@given(block=event_blocks, schedule=SCHEDULES)
def test_so_it_is_two_thousand_times(block: Block, schedule: Schedule) -> None:
    both_ways(drawn_with_events(block), schedule)


@pytest.mark.nightly
@settings(max_examples=2_000, deadline=None, suppress_health_check=QUIET)
@given(block=blocks, schedule=SCHEDULES)
def test_it_ends_every_night(block: Block, schedule: Schedule) -> None:
    both_ways(drawn(block), schedule)
