"""The search finds a way to what is drawn, and says what it has not found."""

from __future__ import annotations

from engine.decision import Table
from engine.run.folder import Folder
from engine.trials.drawn import DrawnClock
from engine.trials.jumps import BEGINNINGS, ORDINARY
from engine.trials.search import Search
from engine.trials.stage import Stage
from engine.trials.unknowns import unknowns, worlds

SORT, ANSWER = (
    DrawnClock("asked", each, code) for each, code in (("sort", "handle"), ("answer", "answer"))
)
CASE = DrawnClock("asked", "asked", "case")


def test_what_no_drawing_writes_is_unknown_and_has_the_values_that_matter(
    asked: Folder, tables: list[Table]
) -> None:
    (urgency,) = unknowns(asked, tables, "case")
    assert (urgency.name, urgency.values) == ("case.urgency", ("other", "danger"))
    assert list(worlds([urgency]))[:2] == [{"case.urgency": "other"}, {"case.urgency": "danger"}]


def test_a_clock_behind_a_condition_is_found_in_the_world_where_it_holds(
    stage: Stage,
) -> None:
    search = Search(stage, "asked", BEGINNINGS[ORDINARY])
    search.look_in({"case.urgency": "other"}, 10)
    assert search.missing() == [ANSWER]
    search.look_in({"case.urgency": "danger"}, 10)
    assert search.missing() == []
    scene = search.reached.clocks[ANSWER]
    assert [act.as_text() for act in scene.acts] == ["do sort theirs"]


def test_two_clocks_make_a_pair_where_both_run(stage: Stage) -> None:
    search = Search(stage, "asked", BEGINNINGS[ORDINARY])
    search.look_in({"case.urgency": "danger"}, 10)
    assert set(search.reached.pairs) == {frozenset((CASE, SORT)), frozenset((CASE, ANSWER))}
