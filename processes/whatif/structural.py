"""What if the drawing were another? A sample of past cases is played on it from their reports on.

What fits is judged by the clocks of the draft; what does not is listed with the act that has no
place any more, and not judged.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from engine.run.clocks import FIXED
from engine.run.library import Library
from engine.sla.limit import read_limit
from processes.calendars.known import KnownCalendars
from processes.shipped import Shipped
from processes.whatif.calendars import PastCalendars
from processes.whatif.draft import Draft
from processes.whatif.drawing import folders_with
from processes.whatif.judge import Counted, Judged, promised
from processes.whatif.past import Past, Period, clocks_of, count_cases
from processes.whatif.playing import Divergence, Playing, drawn_outcomes
from processes.whatif.practice import PastPractice
from processes.whatif.recorded import MOST_CASES, RecordedCase, recorded, sample
from processes.whatif.result import Result
from processes.whatif.scratch import scratch

TOGETHER: Final = 20  # cases played in one transaction
Clock = tuple[str, str, int]


@dataclass
class Played:
    """What a sample came to. `result.cases` are those that fit; `closed` is what it was drawn from.

    `only_then` and `only_now` count, by code, the clocks that ran in only one of the two.
    """

    closed: int
    result: Result = field(default_factory=Result)
    diverging: list[Divergence] = field(default_factory=list)
    only_then: Counter[str] = field(default_factory=Counter)
    only_now: Counter[str] = field(default_factory=Counter)

    @property
    def sampled(self) -> int:
        """How many cases were played."""
        return self.result.cases + len(self.diverging)


def replay_on(
    connection: Connection,
    draft: Draft,
    period: Period,
    *,
    library: Library,
    shipped: Shipped,
    most: int = MOST_CASES,
) -> Played:
    """Play at most so many of the cases closed in a period on a draft. Writes nothing live.

    Raises Invalid("whatif.drawing_unknown", "definition.refused") for a drawing that could not be
    deployed either.
    """
    folders = folders_with(connection, library, draft.drawing)
    played = Played(count_cases(connection, period.bounds))
    with scratch(
        connection,
        folders,
        limits=draft.limits_file,
        draft_calendar=draft.calendar,
        shipped=shipped,
    ) as place:
        drawn = drawn_outcomes(place, [folder.key for folder in folders])
        then = PastCalendars(connection, KnownCalendars(), None)
        practice = PastPractice(connection)
        past = recorded(connection, sample(connection, period, most))
        while chunk := list(itertools.islice(past, TOGETHER)):
            with place.engine.batch() as batch:
                playing = Playing(place, batch, drawn=drawn, practice=practice)
                now = PastCalendars(batch.connection, place.calendars, None)
                play(playing, chunk, Comparing(played, then, now))
    return played


def play(playing: Playing, cases: Iterable[RecordedCase], comparing: Comparing) -> None:
    """Play some cases, and take in what came of them."""
    for case in cases:
        fate = playing.play(case)
        if isinstance(fate, Divergence):
            comparing.played.diverging.append(fate)
        else:
            comparing.played.result.cases += 1
            comparing.take(case, clocks_of(playing.connection, [fate]))


class Comparing:
    """Puts the clocks of cases beside those they have under the draft."""

    def __init__(self, played: Played, then: PastCalendars, now: PastCalendars) -> None:
        self.played, self._then, self._now = played, then, now

    def take(self, case: RecordedCase, now: Iterable[Past]) -> None:
        """Judge each clock that ran in both; count those that ran in one only."""
        before, after = keyed(case.clocks), keyed(now)
        for key, past in before.items():
            if key not in after:
                self.played.only_then[past.row.code] += 1
            elif past.row.rule.get("rule") == FIXED:
                self.played.result.leave_out(promised())
            else:
                then, drafted = counted(past, self._then), counted(after[key], self._now)
                self.played.result.add(Judged(past, then, drafted))
        self.played.only_now.update(code for code, _holder, _turn in after.keys() - before.keys())


def counted(past: Past, calendars: PastCalendars) -> Counted:
    """Return a clock with the verdict that the engine itself gave it."""
    row = past.row
    return Counted(read_limit(row.rule), calendars.then(row.rule), row.breached_at, past.spans)


def keyed(clocks: Iterable[Past]) -> dict[Clock, Past]:
    """Return clocks by what they are to a case: code, holder, and the how manieth of these."""
    turns: defaultdict[tuple[str, str], Iterator[int]] = defaultdict(itertools.count)
    found = {}
    for past in clocks:
        what = past.row.code, past.row.holder or ""
        found[*what, next(turns[what])] = past
    return found
