"""Derives the trials of a folder and runs them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from math import comb
from pathlib import Path

from engine.decision import read_dmn
from engine.errors import Invalid, ShaodaoError
from engine.i18n import Text, _
from engine.run.folder import Folder
from engine.trials.derive import Trial, derive, in_order
from engine.trials.drawn import DrawnClock, called_from, clocks_of
from engine.trials.jumps import BEGINNINGS, EDGE, ORDINARY
from engine.trials.laws import Breach, broken_at_the_end, broken_late, broken_now
from engine.trials.report import BROKEN, HELD, UNREACHED, Outcome, Report
from engine.trials.search import Reached, Search, as_drawn
from engine.trials.stage import VIEW, Row, Stage
from engine.trials.unknowns import unknowns, worlds
from engine.trials.walks import Walks

PATIENCE = 12
"""Acts that are tried for one clock in one world before it counts as out of reach there."""
FIRST = 3
"""How many times as much patience the usual world is worth."""
MEMORY = Path("/dev/shm")  # noqa: S108 - only to be fast; the scratch database is nobody's secret


def run_trials(
    folder: Folder,
    tables: Mapping[str, bytes],
    *,
    process: str | None = None,
    most: int | None = None,
    patience: int = PATIENCE,
    most_worlds: int | None = None,
) -> Report:
    """Run the trials of a folder's main process, or of another one, at most so many.

    `patience` says how many acts are tried for a clock in a world, `most_worlds` in how many.
    Raises Invalid("trials.no_clock") for a folder without clocks, and what deploying it raises.
    """
    start = process or folder.main
    if not clocks_of(called_from(folder, start)):
        raise Invalid("trials.no_clock", _("流程里没有画时限，没有可试的边界，请先给环节设 sla"))
    within = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=within, prefix="shaodao-trials-") as home:
        stage = Stage(folder, tables, Path(home))
        try:
            run = _Run(stage, start)
            reached, missing = run.search(tables, patience, most_worlds)
            return run.report(reached, missing, most)
        finally:
            stage.close()


class _Run:
    """One run over one stage."""

    def __init__(self, stage: Stage, process: str) -> None:
        self._stage, self._process = stage, process
        self._walks = Walks(stage, process)
        self._walked: set[tuple[str, str]] = set()

    def report(self, reached: Reached, missing: dict[DrawnClock, Text], most: int | None) -> Report:
        """Derive the trials of what was reached, run them, tell."""
        folder = self._stage.folder
        trials = derive(reached)
        outcomes = [self._run(trial) for trial in in_order(trials[:most])]
        return Report(
            folder=folder.key,
            outcomes=outcomes,
            clocks=tuple(reached.clocks),
            missing=missing,
            never_together=comb(len(reached.clocks), 2) - len(reached.pairs),
            walked=self._walked,
            drawn={
                each.id: [*each.nodes, *each.flows] for each in called_from(folder, self._process)
            },
            derived=len(trials),
        )

    def search(
        self, tables: Mapping[str, bytes], patience: int, most_worlds: int | None
    ) -> tuple[Reached, dict[DrawnClock, Text]]:
        """Look for every clock; return what was reached, and what was not with why."""
        read = [table for body in tables.values() for table in read_dmn(body)]
        found = unknowns(self._stage.folder, read, VIEW)
        search = Search(self._stage, self._process, BEGINNINGS[ORDINARY])
        number = 0
        for number, world in enumerate(islice(worlds(found), most_worlds), start=1):
            search.look_in(world, patience if number > 1 else FIRST * patience)
            if not search.missing():
                break
        why = _("在 {worlds} 种情形里各试了 {most} 步，没有走到", worlds=number, most=patience)
        return search.reached, dict.fromkeys(search.missing(), why)

    def _run(self, trial: Trial) -> Outcome:
        way = tuple(act.as_text() for act in trial.scene.acts)
        if not self._walks.to(trial.scene, trial.beginning):
            return Outcome(trial.name, trial.clocks, way, UNREACHED)
        rows = [self._row(clock) for clock in trial.clocks]
        if None in rows:
            return Outcome(trial.name, trial.clocks, way, UNREACHED)
        try:
            judged = self._judged(trial, [row for row in rows if row])
            breaches = list({(each.law, str(each.text)): each for each in judged}.values())
        except ShaodaoError as error:
            breaches = [Breach(error.code, error.text)]
        self._walked |= self._stage.walked()
        verdict = BROKEN if breaches else HELD
        return Outcome(trial.name, trial.clocks, way, verdict, tuple(breaches))

    def _row(self, drawn: DrawnClock) -> Row | None:
        """Return the clock as it runs in the scene: the newest, where several parts have one."""
        running = (row for row in self._stage.look().clocks if row.status == "running")
        found = (row for row in running if as_drawn(row) == drawn)
        return max(found, key=lambda row: (str(row.instance_id), row.token), default=None)

    def _judged(self, trial: Trial, rows: list[Row]) -> Iterator[Breach]:
        """Do what a trial is about, ask the laws, end the case, and ask them again."""
        yield from broken_now(self._stage)
        if trial.jump is not None:
            yield from trial.jump.do(self._stage, rows[0])
        else:
            yield from self._together(rows)
        yield from broken_now(self._stage)
        yield from broken_late(self._stage)
        self._stage.cancel()
        yield from broken_now(self._stage)
        yield from broken_at_the_end(self._stage)

    def _together(self, rows: list[Row]) -> Iterator[Breach]:
        """Take every rung of both clocks in the order of time, just before and at it."""
        instants = {row.warn_at for row in rows} | {row.due_at for row in rows}
        for instant in sorted(instants):
            for offset in (-EDGE, timedelta(0)):
                self._stage.advance(instant + offset)
                yield from broken_now(self._stage)
