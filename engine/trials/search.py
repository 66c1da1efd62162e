"""Finds a way to each drawn clock: the walk that starts it, the shortest that the search meets.

Best first: what lies nearest to a clock that nobody has reached yet. Where a case stands is known by
what is open in it, and is walked on from a few times only, so that loops end.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.run.folder import Folder, whole_name
from engine.trials.acts import DO, Act, Acts, play
from engine.trials.distances import Place, Ways
from engine.trials.drawn import DrawnClock, clocks_of
from engine.trials.stage import Kept, Stage, Standing
from engine.trials.unknowns import World

AGAIN = 3  # times a case may stand alike: what counts rounds needs a few
FAR = 1_000
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


class Search:
    """Searches a folder for its clocks from the start of one process."""

    def __init__(self, stage: Stage, process: str, at: datetime) -> None:
        self._stage, self._process, self._at = stage, process, at
        self._acts = Acts(stage.folder)
        self._ways = Ways(stage.folder)
        self._drawn = {clock: self._ways.distances(clock) for clock in clocks_of(stage.folder)}
        self.reached = Reached()

    def missing(self) -> list[DrawnClock]:
        """Return the clocks that no walk has started yet."""
        return [clock for clock in self._drawn if clock not in self.reached.clocks]

    def look_in(self, world: World, most: int) -> None:
        """Walk in a world until every clock ran, or `most` acts were tried."""
        self._stage.begin(self._process, world, self._at)
        self._seen: Counter[Any] = Counter()
        self._queue: list[tuple[int, int, Kept, Scene, Act]] = []
        self._numbers = itertools.count()
        self._note(Scene(world))
        for _tried in range(most):
            if not self._queue or not self.missing():
                break
            self._step()
        for entry in self._queue:
            entry[2].copy.close()

    def _step(self) -> None:
        rank, _number, kept, scene, act = heapq.heappop(self._queue)
        now = self._rank(scene, act)
        if now > rank:  # the clock it would have led to was reached another way
            heapq.heappush(self._queue, (now, next(self._numbers), kept, scene, act))
            return
        self._stage.put_back(kept)
        self.reached.walked += 1
        if play(self._stage, act):
            self._note(Scene(scene.world, (*scene.acts, act)))

    def _note(self, scene: Scene) -> None:
        """Note which clocks run where the case stands, and what can be done from there."""
        standing = self._stage.look()
        running = running_in(self._stage.folder, standing)
        for clock in running:
            self.reached.clocks.setdefault(clock, scene)
        for one, other in itertools.combinations(sorted(running), 2):
            self.reached.pairs.setdefault(frozenset((one, other)), scene)
        place = _place(standing)
        self._seen[place] += 1
        if self._seen[place] > AGAIN:
            return
        kept = self._stage.keep()
        for act in self._acts.possible(standing):
            entry = (self._rank(scene, act), next(self._numbers), kept, scene, act)
            heapq.heappush(self._queue, entry)

    def _rank(self, scene: Scene, act: Act) -> int:
        """Return how promising an act is: walks so far, and how far it is to a missing clock."""
        missing = self.missing()
        distances = (self._distance(self._drawn[clock], act) for clock in missing)
        return len(scene.acts) + 2 * min(distances, default=0)

    def _distance(self, distances: Mapping[Place, int], act: Act) -> int:
        places: Iterable[Place] = [(whole_name(act.process), act.element)]
        if act.kind == DO:
            places = self._ways.after_outcome(act.process, act.element, act.outcome)
        return min((distances.get(place, FAR) for place in places), default=FAR)


def running_in(folder: Folder, standing: Standing) -> set[DrawnClock]:
    """Return the drawn clocks that run where a case stands."""
    drawn = set(clocks_of(folder))
    found = {as_drawn(row) for row in standing.clocks if row.status == "running"}
    return found & drawn


def as_drawn(row: Any) -> DrawnClock:
    """Return which drawn clock a row is of."""
    return DrawnClock(whole_name(row.process), whole_name(row.element), row.code)


def _place(standing: Standing) -> Any:
    rows = (*standing.items, *standing.offers, *standing.timers)
    return tuple(sorted((row.process, str(row.element)) for row in rows))
