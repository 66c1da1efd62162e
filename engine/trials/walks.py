"""Walks to scenes, each common beginning walked once."""

from __future__ import annotations

from engine.trials.acts import Act, play
from engine.trials.jumps import BEGINNINGS
from engine.trials.search import Scene
from engine.trials.stage import Kept, Stage


class Walks:
    """Puts a stage where a scene is. Scenes asked for in the order of their acts cost least."""

    def __init__(self, stage: Stage, process: str) -> None:
        self._stage, self._process = stage, process
        self._begun: tuple[str, tuple[tuple[str, str], ...]] | None = None
        self._kept: list[Kept] = []  # before the first act of `_way`, after it, …
        self._way: tuple[Act, ...] = ()

    def to(self, scene: Scene, beginning: str) -> bool:
        """Walk to a scene; False where an act that was possible once is not from this beginning."""
        self._go_back(scene, beginning)
        for act in scene.acts[len(self._way) :]:
            if not play(self._stage, act):
                return False
            self._way = (*self._way, act)
            self._kept.append(self._stage.keep())
        return True

    def _go_back(self, scene: Scene, beginning: str) -> None:
        """Go to the last moment that the way to a scene has in common with the one before."""
        begun = beginning, tuple(sorted((name, str(v)) for name, v in scene.world.items()))
        if begun != self._begun:
            self._begun, self._way = begun, ()
            self._stage.begin(self._process, scene.world, BEGINNINGS[beginning])
            self._kept = [self._stage.keep()]
            return
        common = 0
        for one, other in zip(self._way, scene.acts, strict=False):
            if one != other:
                break
            common += 1
        del self._kept[common + 1 :]
        self._way = self._way[:common]
        self._stage.put_back(self._kept[-1])
