"""The versions of decision tables: which holds when, all rows in words, what is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import table_version
from engine.decision import Table, read_dmn
from engine.decision.sheet import sheet_of
from engine.errors import NotFound
from engine.i18n import _
from engine.run.examine_tables import Doubt, plain_example
from processes.catalogue.checks import Judgement
from processes.catalogue.together import judge_together
from processes.reads.deployed import deployers
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.table_words import TableWords, headings, table_words
from processes.reads.tables import column_name, table_name

MOST_ROWS: Final = 400  # rows of a page; a catalogue's tables have thousands
MOST_DOUBTS: Final = 100
IN_FORCE, COMING, PAST, WITHDRAWN = "in_force", "coming", "past", "withdrawn"

VERSIONS: Final = sa.select(
    *(each for each in table_version.c if each.name not in ("body", "hash"))
).order_by(
    table_version.c.key,
    table_version.c.effective_from.desc(),
    table_version.c.deployed_at.desc(),
)


@dataclass(frozen=True)
class TableVersion:
    """A version of a table. `state`: in_force, coming, past or withdrawn."""

    id: UUID
    key: str
    state: str
    effective_from: datetime
    deployed_at: datetime
    deployed_by: str
    basis: str


@dataclass(frozen=True)
class TableSummary:
    """A table as a list shows it: the version in force, and the next that is to come."""

    key: str
    name: str
    rows: int
    current: TableVersion | None
    coming: TableVersion | None


@dataclass(frozen=True)
class Tables:
    """Every decision table."""

    rows: tuple[TableSummary, ...]


@dataclass(frozen=True)
class DoubtRow:
    """A doubt in words; `rows` are the rows it is about, `example` a case by column, in codes."""

    severity: str
    code: str
    sentence: str
    advice: str
    rows: tuple[int, ...]
    example: dict[str, Any]


@dataclass(frozen=True)
class TableLine:
    """A row, numbered from 1: its cells as written, and in words."""

    number: int
    written: tuple[str, ...]
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class JudgedTable:
    """A version of a table, or a draft that nobody has deployed (`version` is None).

    `ok` says whether it could be deployed; `cases` over how many combinations it was studied, all
    of them where `complete`; `answers` how many kinds of matters go to which kinds of units.
    """

    key: str
    name: str
    policy: str
    version: TableVersion | None
    versions: tuple[TableVersion, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    lines: tuple[TableLine, ...]
    first: int
    total: int
    ok: bool
    complete: bool
    cases: int
    doubts: tuple[DoubtRow, ...]
    answers: tuple[tuple[str, int], ...]


def tables(reader: Reader) -> Tables:
    """Return every table, by key."""
    found: dict[str, list[TableVersion]] = {}
    for each in versions(reader):
        found.setdefault(each.key, []).append(each)
    return Tables(tuple(table_row(reader, key, rows) for key, rows in found.items()))


def table_row(reader: Reader, key: str, found: Sequence[TableVersion]) -> TableSummary:
    """Return a table for the list, of its versions from the latest beginning to the first."""
    current = next((each for each in found if each.state == IN_FORCE), None)
    coming = [each for each in found if each.state == COMING]
    shown = current or found[0]
    table = reader.folders.library.version(reader.connection, key, shown.id)
    name = table_name(reader, key, table.shown)
    return TableSummary(key, name, len(table.rules), current, coming[-1] if coming else None)


def table_page(
    reader: Reader, key: str, *, version_id: UUID | None = None, first: int = 1
) -> JudgedTable:
    """Return a version of a table, that in force unless told; judged by what holds at its start.

    Raises NotFound("table.no_version").
    """
    found = versions(reader, key)
    wanted = [e for e in found if (e.id == version_id if version_id else e.state == IN_FORCE)]
    if not wanted:
        raise NotFound("table.no_version", _("没有决策表的这个版本。"))
    table = reader.folders.library.version(reader.connection, key, wanted[0].id)
    at = max(reader.now, wanted[0].effective_from)
    _table, judgement = judged(reader, [table], at)[0]
    return paged(reader, table, judgement, found, version=wanted[0], first=first)


def draft_pages(reader: Reader, data: bytes, at: datetime) -> tuple[JudgedTable, ...]:
    """Return the tables of a file as they would be from an instant on; nothing is deployed.

    They are followed by those in force that would no longer answer every case beside them.
    """
    return tuple(
        paged(reader, table, judgement, versions(reader, table.key))
        for table, judgement in judged(reader, read_dmn(data), at)
    )


def judged(
    reader: Reader, found: Sequence[Table], at: datetime
) -> Sequence[tuple[Table, Judgement]]:
    """Judge tables that are to hold together from an instant on, and those they bear upon."""
    library, labels = reader.folders.library, reader.folders.shared
    return judge_together(reader.connection, library, labels, found, at)


def versions(reader: Reader, key: str = "") -> tuple[TableVersion, ...]:
    """Return the versions of a table, or of all, by key; those that begin last come first."""
    query = VERSIONS.where(table_version.c.key == key) if key else VERSIONS
    rows = reader.connection.execute(query).all()
    people = deployers(reader.connection, [row.deployed_by for row in rows])
    return tuple(
        TableVersion(
            id=row.id,
            key=row.key,
            state=state,
            effective_from=row.effective_from,
            deployed_at=row.deployed_at,
            deployed_by=people.get(row.deployed_by) or reader.say(_("系统")),
            basis=row.basis,
        )
        for row, state in with_states(rows, reader.now)
    )


def with_states(rows: Sequence[Row], now: datetime) -> Iterator[tuple[Row, str]]:
    """Yield versions with their states: of those that have begun the first holds."""
    holding: set[str] = set()
    for row in rows:
        if row.withdrawn_at is not None:
            yield row, WITHDRAWN
        elif row.effective_from > now:
            yield row, COMING
        else:
            yield row, PAST if row.key in holding else IN_FORCE
            holding.add(row.key)


def paged(
    reader: Reader,
    table: Table,
    judgement: Judgement,
    found: tuple[TableVersion, ...],
    *,
    version: TableVersion | None = None,
    first: int = 1,
) -> JudgedTable:
    """Return a table for people, from the row `first` on."""
    words = table_words(reader, table.key)
    sheet = sheet_of(table)
    start = max(1, min(first, len(sheet.lines)))
    columns = headings(table)
    return JudgedTable(
        key=table.key,
        name=table_name(reader, table.key, table.shown),
        policy=sheet.policy,
        version=version,
        versions=found,
        inputs=tuple(column_name(reader, table.key, each) for each in sheet.inputs),
        outputs=tuple(column_name(reader, table.key, each) for each in sheet.outputs),
        lines=tuple(
            TableLine(
                number=number,
                written=line.cells,
                cells=tuple(
                    words.cell(column, text)
                    for column, text in zip(columns, line.cells, strict=True)
                ),
                note=line.note,
            )
            for number, line in enumerate(sheet.lines[start - 1 : start - 1 + MOST_ROWS], start)
        ),
        first=start,
        total=len(sheet.lines),
        ok=judgement.ok,
        complete=judgement.complete,
        cases=judgement.cases,
        doubts=tuple(doubt_row(each, words) for each in judgement.doubts[:MOST_DOUBTS]),
        answers=tuple(answers(words, judgement.answers)),
    )


def doubt_row(doubt: Doubt, words: TableWords) -> DoubtRow:
    """Return a doubt in words."""
    reader, text = words.reader, doubt.text
    if doubt.example and "case" in text.values:
        told = [words.value(*each) for each in doubt.example.items()]
        text = replace(text, values={**text.values, "case": reader.say(_("；")).join(told)})
    return DoubtRow(
        severity=str(doubt.severity),
        code=doubt.code,
        sentence=reader.say(text),
        advice=reader.say(doubt.advice),
        rows=doubt.rows,
        example=plain_example(doubt.example),
    )


def answers(words: TableWords, counted: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the kinds of units that matters go to, in words, with how many go to them."""
    for kinds, count in counted.items():
        named = [words.code("kind", kind) for kind in kinds.split()]
        yield words.reader.say(_("、")).join(named) or words.reader.say(_("没有答复")), count
