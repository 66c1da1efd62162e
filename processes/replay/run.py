"""One replay: the rows of a file as tales, so many a transaction, each compared with its record."""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from engine.errors import Invalid, NotFound, ShaodaoError
from engine.i18n import _
from engine.run.batch import Batch
from processes.mapping import CaseMapping, read_mapping
from processes.replay.ear import Ear
from processes.replay.history import History, read_history
from processes.replay.play import Player
from processes.replay.result import Fate, Result
from processes.replay.rules import ReplayRules, read_rules
from processes.replay.stage import Stage, refuse_undrawn, settle, staged
from processes.replay.tale import Tale, Teller
from processes.settings import Settings
from processes.shipped import Shipped
from processes.table_files import SourceRow, open_text, read_rows
from processes.trends import mark_all

CASES: Final = 100  # a transaction: people who read see the replay grow, a crash loses little


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file of recorded cases, read by a mapping; `share` of them (0 < share ≤ 1) is played."""

    file: Path
    mapping: CaseMapping
    rules: ReplayRules
    share: float = 1.0

    @classmethod
    def read(cls, file: Path, mapping_file: Path, *, share: float = 1.0) -> Source:
        """Read a mapping for a file. Raises Invalid("mapping.…", "replay.share")."""
        if not 0 < share <= 1:
            raise Invalid("replay.share", _("--sample 应大于 0、不大于 1。"))
        mapping = read_mapping(mapping_file)
        return cls(file=file, mapping=mapping, rules=read_rules(mapping_file, mapping), share=share)

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows to be played, one at a time; the same ones at each reading."""
        needed = self.mapping.columns() | self.rules.columns()
        with open_text(self.file, self.mapping.encoding) as text:
            for row in read_rows(text, needed):
                if self.share == 1.0 or self._drawn(row):
                    yield row

    def reference(self, row: SourceRow) -> str:
        """Return the number a row has at its source, "" where it cannot be read."""
        if row.problem is not None:
            return ""
        try:
            return self.mapping.text("ref", self.mapping.fields["external_ref"], row.values)
        except ShaodaoError:
            return ""

    def _drawn(self, row: SourceRow) -> bool:
        """Tell whether a row is in the share: by its number, so that each run draws the same."""
        named = f"{self.mapping.name}/{self.reference(row) or row.line}"
        drawn = int.from_bytes(hashlib.sha256(named.encode()).digest()[:8], "big")
        return drawn < self.share * 2**64


@dataclass(frozen=True)
class Extent:
    """What a first reading of a source finds: how many rows, and when the earliest began."""

    rows: int
    first: datetime


def extent(source: Source) -> Extent:
    """Read a source once to its end, so that a damaged file is refused before the first case.

    Raises NotFound("replay.nothing") where no row tells when it began.
    """
    rule, mapping = source.mapping.fields["reported_at"], source.mapping
    rows, first = 0, None
    for row in source.rows():
        rows += 1
        try:
            text = "" if row.problem else mapping.text("reported_at", rule, row.values)
            at = mapping.instant(text, rule.format)
        except ShaodaoError:
            continue  # said when its turn comes
        first = at if first is None or (at is not None and at < first) else first
    if first is None:
        raise NotFound("replay.nothing", _("{file} 里没有可以回放的案件。", file=source.file))
    return Extent(rows, first)


class Replay:
    """Plays the rows of a source on a stage."""

    def __init__(self, stage: Stage, source: Source, history: History) -> None:
        self._stage = stage
        self._source = source
        self._history = history
        self._teller = Teller(source.mapping, source.rules)
        self._until = source.mapping.instant(source.rules.until)

    def run(self, rows: Iterable[SourceRow], *, on_rows: Callable[[int], None]) -> Result:
        """Play all rows, telling how many as it goes."""
        result, begun = Result(), time.monotonic()
        latest, pending = self._stage.clock.now(), iter(rows)
        while chunk := list(itertools.islice(pending, CASES)):
            played = self._stage.engine.database.retry(partial(self._chunk, chunk))
            result.add(played.fates)
            result.commands += played.commands
            latest = max(latest, played.latest)
            on_rows(len(chunk))
        self._stage.clock.set(latest)
        with self._stage.engine.database.write() as connection:
            mark_all(connection)  # days that had ended were lived through once more
        self._stage.product.seal()
        result.seconds = time.monotonic() - begun
        return result

    def _chunk(self, rows: Sequence[SourceRow]) -> Chunk:
        """Play some rows in one transaction."""
        fates, latest = [], self._stage.clock.now()
        with self._stage.engine.batch() as batch:
            for row in rows:
                fates.append(self._fate(batch, row))
                latest = max(latest, self._stage.clock.now())
        return Chunk(fates, batch.commands, latest)

    def _fate(self, batch: Batch, row: SourceRow) -> Fate:
        """Play a row and say what became of it; what cannot be read or done stops no other."""
        fate = Fate(line=row.line, reference=self._source.reference(row))
        try:
            if row.problem is not None:
                raise row.problem
            fate = replace(fate, group=self._teller.group(row.values))
            tale = self._teller.tale(row.values, self._history.get(fate.reference, ()))
            return self._judged(batch, fate, tale)
        except ShaodaoError as refusal:
            return replace(fate, reason=refusal)

    def _judged(self, batch: Batch, fate: Fate, tale: Tale) -> Fate:
        """Play a tale and put the engine's verdict beside the recorded one."""
        stage = self._stage
        stage.ear.begin()
        player = Player(stage.engine, batch, stage.clock, until=self._until)
        played = player.play(tale, source=self._source.mapping.name)
        fate = replace(fate, ended=played.ended, clamped=played.clamped)
        clock = self._source.rules.clock
        if clock in self._source.rules.clocks and clock not in tale.promised:
            return replace(fate, reason=no_due_time())
        verdict = stage.ear.verdict()
        if verdict is None:
            return replace(fate, reason=still_running())
        return replace(fate, verdict=verdict, recorded=tale.recorded)


@dataclass(frozen=True)
class Chunk:
    """What one transaction of a replay came to; `latest` is the latest instant in it."""

    fates: list[Fate]
    commands: int
    latest: datetime


def no_due_time() -> Invalid:
    """Say that the source promised no due time."""
    return Invalid("replay.no_due_time", _("原表没有这件事的到期时间。"))


def still_running() -> Invalid:
    """Say that the record ends before the clock did."""
    return Invalid("replay.still_running", _("记录到此为止，时限还在走，说不了按期还是超期。"))


def replayed(
    settings: Settings,
    source: Source,
    *,
    on_rows: Callable[[int], None] = lambda _rows: None,
    on_extent: Callable[[Extent], None] = lambda _found: None,
    shipped: Shipped | None = None,
) -> Result:
    """Replay a source into the database of `settings`.

    Raises Conflict("replay.…") where it is not fit for that, Invalid("import.…") for a file that
    cannot be read.
    """
    found = extent(source)
    history = read_history(source.file, source.mapping, source.rules)
    on_extent(found)
    ear = Ear(source.rules.clock)
    with staged(settings, found.first, ear, shipped=shipped) as stage:
        refuse_undrawn(stage.engine, source.rules)
        settle(stage.engine, source.mapping, source.rules)
        return Replay(stage, source, history).run(source.rows(), on_rows=on_rows)
