"""Trials derived from the folders that ship: what must hold of any drawing holds of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.trials.report import Report
from engine.trials.run import run_trials
from processes.cli.testgen import read_folder
from tests.conformance.shipped import HOMES

MOST = 40  # of each folder here; all of them at night
QUICK = 2  # acts tried for one clock here, in the usual world only

each_home = pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)


def told(report: Report) -> list[str]:
    """Return what was broken, so that a failure can be read."""
    return [f"{each.name} {b.law} {b.text}" for each in report.broken for b in each.breaches]


@each_home
def test_a_spread_of_the_trials_holds(home: Path) -> None:
    folder, tables = read_folder(home)
    report = run_trials(folder, tables, most=MOST, patience=QUICK, most_worlds=1)
    assert told(report) == []
    assert len(report.outcomes) == min(MOST, report.derived)
    assert len(report.clocks) > len(report.missing)


@pytest.mark.nightly
@each_home
def test_every_trial_holds(home: Path) -> None:
    report = run_trials(*read_folder(home))
    assert told(report) == []
    assert [each.name for each in report.outcomes if each.verdict == "unreached"] == []
