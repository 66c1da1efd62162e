"""What the trials of a folder came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.i18n import Text
from engine.trials.drawn import DrawnClock
from engine.trials.laws import Breach

HELD, BROKEN, UNREACHED = "held", "broken", "unreached"


@dataclass(frozen=True)
class Outcome:
    """One trial that was run: `held`, `broken`, or `unreached` from when its case began."""

    name: str
    clocks: tuple[DrawnClock, ...]
    way: tuple[str, ...]
    verdict: str
    breaches: tuple[Breach, ...] = ()


@dataclass
class Report:
    """The outcomes, what of the drawing they met, and what no walk has reached with why."""

    folder: str
    outcomes: list[Outcome] = field(default_factory=list)
    clocks: tuple[DrawnClock, ...] = ()
    missing: dict[DrawnClock, Text] = field(default_factory=dict)
    never_together: int = 0
    walked: set[tuple[str, str]] = field(default_factory=set)
    drawn: dict[str, Sequence[str]] = field(default_factory=dict)
    derived: int = 0

    @property
    def ok(self) -> bool:
        """Tell whether no law was broken."""
        return not self.broken

    @property
    def broken(self) -> list[Outcome]:
        """The trials in which a law did not hold."""
        return [each for each in self.outcomes if each.verdict == BROKEN]

    def covered(self) -> dict[str, tuple[int, int]]:
        """Return how many of each process's nodes and flows were walked, and how many there are."""
        return {
            process: (sum((process, each) in self.walked for each in drawn), len(drawn))
            for process, drawn in self.drawn.items()
        }

    def as_data(self, locale: str = "zh") -> dict[str, Any]:
        """Return it as JSON can hold it."""
        counts = Counter(each.verdict for each in self.outcomes)
        tried = Counter(clock for each in self.outcomes for clock in each.clocks)
        return {
            "folder": self.folder,
            "derived": self.derived,
            "run": len(self.outcomes),
            "verdicts": dict(counts),
            "clocks": [
                {"clock": clock.name, "trials": tried[clock]} for clock in sorted(self.clocks)
            ],
            "missing": {clock.name: why.to(locale) for clock, why in self.missing.items()},
            "pairs_never_together": self.never_together,
            "coverage": {
                process: {
                    "walked": [each for each in drawn if (process, each) in self.walked],
                    "not_walked": [each for each in drawn if (process, each) not in self.walked],
                }
                for process, drawn in self.drawn.items()
            },
            "broken": [
                {
                    "trial": each.name,
                    "way": list(each.way),
                    "laws": [{"law": b.law, "text": b.text.to(locale)} for b in each.breaches],
                }
                for each in self.broken
            ],
        }
