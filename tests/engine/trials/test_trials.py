"""Trials of small drawings: they hold, and they do not where the engine is made to err."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.errors import Invalid
from engine.run.folder import Folder
from engine.run.ringing import ring
from engine.sla.due_at import due_at
from engine.trials.jumps import JUMPS
from engine.trials.report import Report
from engine.trials.run import run_trials
from tests.engine.run.draw import boundary, end, exclusive, flows, parallel, process, start, user
from tests.engine.trials.conftest import TABLES, folder


def laws(report: Report) -> set[str]:
    return {breach.law for outcome in report.broken for breach in outcome.breaches}


def test_every_clock_takes_every_jump_and_every_two_that_meet_one(asked: Folder) -> None:
    report = run_trials(asked, TABLES)
    assert report.broken == []
    assert len(report.outcomes) == report.derived == 3 * len(JUMPS) + 2
    assert {outcome.verdict for outcome in report.outcomes} == {"held"}
    assert report.never_together == 1
    (covered,) = report.as_data()["coverage"].values()
    assert covered["not_walked"] == ["urge_finish"]  # nothing is asked of who is urged


def test_the_first_trials_of_many_take_each_clock_and_different_jumps(asked: Folder) -> None:
    report = run_trials(asked, TABLES, most=3)
    assert len({outcome.name.split()[0] for outcome in report.outcomes}) == 3
    assert len({outcome.name.split()[-1] for outcome in report.outcomes}) == 3


def test_a_clock_that_nothing_leads_to_is_told_with_how_long_it_was_looked_for() -> None:
    drawn = process(
        "never",
        start(),
        user("sort", "ours"),
        exclusive("whose", default="whose_finish"),
        user("answer", "done", sla="answer"),
        end(),
        flows(
            "begin > sort",
            "sort > whose",
            "whose > finish",
            "whose > answer : 1 > 2",
            "answer > finish",
        ),
        sla="case",
        lanes={"dept": "begin sort whose answer finish"},
    )
    report = run_trials(folder(never=drawn), TABLES, most=1, patience=3)
    ((clock, why),) = report.missing.items()
    assert clock.element == "answer"
    assert "3" in str(why)


def test_a_drawing_without_clocks_has_no_boundaries() -> None:
    drawn = process("plain", start(), user("sort"), end(), flows("begin > sort", "sort > finish"))
    with pytest.raises(Invalid) as refusal:
        run_trials(folder(plain=drawn), TABLES)
    assert refusal.value.code == "trials.no_clock"


def test_a_breach_that_is_not_noted_is_found(
    asked: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.run.ringing.note", lambda *_given: None)
    assert "clock.in_time" in laws(run_trials(asked, TABLES, most=6))


def test_a_timer_that_fires_with_the_worker_and_not_at_its_own_time_is_found(
    asked: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(context: Any, work: Any, row: Any) -> None:
        work.at = context.now
        ring(context, work, row)

    monkeypatch.setattr("engine.run.catch_up.ring", late)
    assert {"clock.instant", "outage.same"} <= laws(run_trials(asked, TABLES, most=12))


def test_a_pause_that_moves_nothing_is_found(
    asked: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.run.clock_moves.follow", lambda *_given: None)
    assert "clock.rested" in laws(run_trials(asked, TABLES, most=18))


def test_a_limit_that_ends_too_early_is_found(
    asked: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def early(*given: Any) -> datetime:
        return due_at(*given) - timedelta(seconds=1)

    monkeypatch.setattr("engine.run.clocks.due_at", early)
    assert "clock.counted" in laws(run_trials(asked, TABLES, most=6))


def test_a_boundary_timer_hangs_on_its_own_activitys_clock_where_two_have_one_code() -> None:
    drawn = process(
        "both",
        start(),
        parallel("fork"),
        user("one", "done", sla="handle"),
        user("two", "done", sla="handle"),
        boundary("one_due", "one", 'due("handle")', kind="timeDate"),
        boundary("two_due", "two", 'due("handle")', kind="timeDate"),
        end("one_end"),
        end("two_end"),
        end("one_late"),
        end("two_late"),
        flows("begin > fork", "fork > one", "fork > two", "one > one_end", "two > two_end"),
        flows("one_due > one_late", "two_due > two_late"),
        lanes={"dept": "begin fork one two one_due two_due one_end two_end one_late two_late"},
    )
    report = run_trials(folder(both=drawn), TABLES, most=16)
    assert any(outcome.name.endswith("pause") for outcome in report.outcomes)
    assert report.broken == []
