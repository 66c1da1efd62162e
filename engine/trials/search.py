"""Finds a way to each drawn clock: the walk that starts it, the shortest that the search meets.

Best first, towards each missing clock in turn: what lies nearest to it and was tried least. Where a
case stands is known by what is open in it, and is walked on from a few times only, so that loops
end.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.errors import ShaodaoError
from engine.run.folder import whole_name
from engine.trials.acts import DO, TAKE, WAIT, Act, Acts, play
from engine.trials.distances import Place, Ways
from engine.trials.drawn import DrawnClock, called_from, clocks_of
from engine.trials.stage import Kept, Stage, Standing
from engine.trials.unknowns import World

LONGEST = 40  # acts of a walk
AGAIN = 3  # times a case may stand alike: what counts rounds needs a few
REFUSED = 6  # a refused act counts as so many tries: its condition may hold later
FAR = 1_000
KINDS = (DO, WAIT, TAKE)
NEARNESS = 2  # what a node nearer to a clock is worth, in tries
Pair = frozenset[DrawnClock]


@dataclass(frozen=True)
class Scene:
    """A walk to where something runs: the world it is in, and what was done."""

    world: World = field(hash=False)
    acts: tuple[Act, ...] = ()


@dataclass
class Reached:
    """What a search has found: a scene for each clock, and for each two that run together."""

    clocks: dict[DrawnClock, Scene] = field(default_factory=dict)
    pairs: dict[Pair, Scene] = field(default_factory=dict)
    walked: int = 0


@dataclass(frozen=True)
class Chance:
    """Something that could be done where a walk has led."""

    kept: Kept
    scene: Scene
    act: Act


class Search:
    """Searches a folder for its clocks from the start of one process."""

    def __init__(self, stage: Stage, process: str, at: datetime) -> None:
        self._stage, self._process, self._at = stage, process, at
        self._acts = Acts(stage.folder)
        self._ways = Ways(stage.folder)
        drawn = clocks_of(called_from(stage.folder, process))
        self._drawn = {clock: self._ways.distances(clock) for clock in drawn}
        self.reached = Reached()

    def missing(self) -> list[DrawnClock]:
        """Return the clocks that no walk has started yet."""
        return [clock for clock in self._drawn if clock not in self.reached.clocks]

    def look_in(self, world: World, patience: int) -> None:
        """Walk in a world towards each missing clock in turn, `patience` acts for each."""
        self._seen: Counter[Any] = Counter()
        self._tried: Counter[tuple[DrawnClock, Act]] = Counter()
        self._chances: list[Chance] = []
        self._stage.begin(self._process, world, self._at)
        self._note(Scene(world))
        self._go_straight(Scene(world))
        spent: Counter[DrawnClock] = Counter()
        while wanted := [clock for clock in self.missing() if spent[clock] < patience]:
            clock = min(wanted, key=lambda each: spent[each])
            spent[clock] += self._step_towards(clock) or patience
        self._chances.clear()

    def _go_straight(self, scene: Scene) -> None:
        """Walk as people mostly do, each step once with its first outcome before any again."""
        done: Counter[Act] = Counter()
        while self.missing() and len(scene.acts) < LONGEST:
            possible = self._acts.possible(self._stage.look())
            act = min(possible, key=lambda each: (done[each], KINDS.index(each.kind)), default=None)
            if act is None:
                return
            done[act] += 1
            self.reached.walked += 1
            if self._went(act):
                scene = Scene(scene.world, (*scene.acts, act))
                self._note(scene)

    def _step_towards(self, clock: DrawnClock) -> int:
        """Take the most promising chance for a clock; return its cost, 0 where there is none."""
        ranks = [self._rank(clock, chance.act) for chance in self._chances]
        best = min(ranks, default=FAR)
        if best >= FAR:
            return 0
        chance = self._chances.pop(ranks.index(best))
        self._stage.put_back(chance.kept)
        self.reached.walked += 1
        went = self._went(chance.act)
        self._tried[clock, chance.act.plain] += 1 if went else REFUSED
        if went:
            self._note(Scene(chance.scene.world, (*chance.scene.acts, chance.act)))
        return 1

    def _went(self, act: Act) -> bool:
        """Do an act; what fails on the way leads nowhere, the trials tell what fails."""
        try:
            return play(self._stage, act)
        except ShaodaoError:
            return False

    def _note(self, scene: Scene) -> None:
        """Note which clocks run where the case stands, and what can be done from there."""
        standing = self._stage.look()
        running = running_in(standing) & self._drawn.keys()
        for clock in running:
            self.reached.clocks.setdefault(clock, scene)
        for one, other in itertools.combinations(sorted(running), 2):
            self.reached.pairs.setdefault(frozenset((one, other)), scene)
        place = _place(standing)
        self._seen[place] += 1
        if self._seen[place] <= AGAIN:
            kept = self._stage.keep()
            self._chances += [Chance(kept, scene, act) for act in self._acts.possible(standing)]

    def _rank(self, clock: DrawnClock, act: Act) -> int:
        """Return how promising an act is: least what is near to the clock and seldom tried."""
        places: Iterable[Place] = [(whole_name(act.process), act.element)]
        if act.kind == DO:
            places = self._ways.after_outcome(act.process, act.element, act.outcome)
        distances = self._drawn[clock]
        near = min((distances.get(place, FAR) for place in places), default=FAR)
        return NEARNESS * near + self._tried[clock, act.plain]


def running_in(standing: Standing) -> set[DrawnClock]:
    """Return the clocks that run where a case stands."""
    return {as_drawn(row) for row in standing.clocks if row.status == "running"}


def as_drawn(row: Any) -> DrawnClock:
    """Return which drawn clock a row is of."""
    return DrawnClock(whole_name(row.process), whole_name(row.element), row.code)


def _place(standing: Standing) -> Any:
    rows = (*standing.items, *standing.offers, *standing.timers)
    return tuple(sorted((row.process, str(row.element)) for row in rows))
