"""The trials of a folder: every clock across every jump once, every two clocks together once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.trials.drawn import DrawnClock
from engine.trials.jumps import BEGINNINGS, JUMPS, ORDINARY, Jump
from engine.trials.search import Pair, Reached, Scene


@dataclass(frozen=True)
class Trial:
    """A trial before it is run: which clocks, across what, from which scene."""

    clocks: tuple[DrawnClock, ...]
    scene: Scene = field(repr=False)
    jump: Jump | None = None  # None: two clocks, each across its own rungs

    @property
    def beginning(self) -> str:
        """When its case begins."""
        return self.jump.beginning if self.jump else ORDINARY

    @property
    def name(self) -> str:
        """How reports and tests name it."""
        clocks = " + ".join(clock.name for clock in self.clocks)
        return f"{clocks} {self.jump.name if self.jump else 'pair'}"


def derive(reached: Reached) -> list[Trial]:
    """Return the trials in such an order that any first part of them is spread over all.

    Round by round each clock takes another jump, and each round has its share of the pairs.
    """
    clocks = sorted(reached.clocks)
    pairs = [Trial(tuple(sorted(pair)), scene) for pair, scene in _sorted(reached.pairs)]
    share = -(-len(pairs) // len(JUMPS))
    found: list[Trial] = []
    for turn in range(len(JUMPS)):
        for place, clock in enumerate(clocks):
            jump = JUMPS[(place + turn) % len(JUMPS)]
            found.append(Trial((clock,), reached.clocks[clock], jump))
        found += pairs[turn * share : (turn + 1) * share]
    return found


def in_order(trials: Sequence[Trial]) -> Iterator[Trial]:
    """Yield trials so that those that begin alike, and walk alike, follow one another."""
    places = {name: place for place, name in enumerate(BEGINNINGS)}
    for _beginning, group in itertools.groupby(
        sorted(trials, key=lambda each: places[each.beginning]), key=lambda each: each.beginning
    ):
        yield from sorted(group, key=lambda each: _way(each.scene))


def _way(scene: Scene) -> tuple[str, ...]:
    world = (f"{name}={value}" for name, value in sorted(scene.world.items()))
    return (" ".join(world), *(act.as_text() for act in scene.acts))


def _sorted(pairs: Mapping[Pair, Scene]) -> list[tuple[Pair, Scene]]:
    return sorted(pairs.items(), key=lambda each: sorted(each[0]))
