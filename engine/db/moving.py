"""Move everything from one database to another: from the file one starts with to PostgreSQL.

Rows are copied as they are stored, table after table in the order of their references, in batches
that each are one transaction of the target. What is already there is passed over, so that a move
that was interrupted is simply run again. Nobody can write to the source meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from engine.db.connect import Database
from engine.errors import Broken, Conflict
from engine.i18n import _

BATCH = 2_000  # rows of a transaction
VERSION = sa.text("SELECT version_num FROM alembic_version")
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Rows = Sequence[Mapping[Any, Any]]
Progress = Callable[[str, int], None]  # a table's name, rows of it looked at so far


@dataclass(frozen=True)
class Moved:
    """A table after the move: how many rows it has on both sides, the same ones."""

    table: str
    rows: int


def move(
    source: Database,
    target: Database,
    tables: Sequence[sa.Table],
    *,
    progress: Progress = lambda _table, _rows: None,
) -> tuple[Moved, ...]:
    """Copy all rows of `tables` and compare both sides; return each table with its rows.

    Both databases must be at the same schema version. Raises Conflict("move.other_version"),
    Conflict("move.target_in_use") where the target has rows that are not ours, and
    Broken("move.differs") where both sides are not the same in the end.
    """
    bare = [bare_table(table) for table in sa.schema.sort_tables(tables)]
    with source.write() as reading:  # never written to: it keeps others from writing
        same_version(reading, target)
        for table in bare:
            refuse_strange_rows(reading, target, table)
        for table in bare:
            copy(reading, target, table, progress)
        return tuple(compared(reading, target, table) for table in bare)


def bare_table(table: sa.Table) -> sa.Table:
    """Return a table whose columns hold what is stored: no JSON is read, no instant is made."""
    columns = [
        sa.Column(
            each.name,
            each.type.impl_instance if isinstance(each.type, TypeDecorator) else each.type,
            *(sa.ForeignKey(key.target_fullname) for key in own_keys(each)),
            primary_key=each.primary_key,
        )
        for each in table.columns
    ]
    return sa.Table(table.name, sa.MetaData(), *columns)


def own_keys(column: sa.Column[Any]) -> list[sa.ForeignKey]:
    """Return a column's references to its own table."""
    return [key for key in column.foreign_keys if key.column.table is column.table]


def same_version(reading: sa.Connection, target: Database) -> None:
    """Refuse databases whose schemas are not the same version."""
    with target.read() as there:
        versions = reading.scalar(VERSION), there.scalar(VERSION)
    if versions[0] != versions[1]:
        raise Conflict(
            "move.other_version",
            _("两个数据库的版本不同，请先用当前程序运行一次 shaodao prepare，再迁移。"),
            source=versions[0],
            target=versions[1],
        )


def refuse_strange_rows(reading: sa.Connection, target: Database, table: sa.Table) -> None:
    """Refuse a target that somebody already works with: rows there that are not in the source."""
    key = tuple(table.primary_key.columns)
    with target.read() as there:
        found = there.execution_options(yield_per=BATCH).execute(sa.select(*key))
        for rows in found.partitions():
            known = sa.select(sa.func.count()).select_from(table).where(among(key, rows))
            if reading.scalar(known) != len(rows):
                raise Conflict(
                    "move.target_in_use",
                    _("目标数据库的表 {table} 里已有别的数据，请换一个空库。", table=table.name),
                )


def among(key: tuple[sa.Column[Any], ...], rows: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that a row's key is one of `rows`."""
    if len(key) == 1:
        return key[0].in_([row[0] for row in rows])
    return sa.tuple_(*key).in_([tuple(row) for row in rows])


def copy(reading: sa.Connection, target: Database, table: sa.Table, progress: Progress) -> None:
    """Copy a table, one batch a transaction; rows that are there already are passed over."""
    insert = INSERTS[target.dialect](table).on_conflict_do_nothing()
    done = 0
    for rows in batches(reading, table):
        with target.write(bulk=True) as writing:
            writing.execute(insert, [dict(row) for row in rows])
        done += len(rows)
        progress(table.name, done)


def batches(reading: sa.Connection, table: sa.Table) -> Iterator[Rows]:
    """Yield a table's rows; of a table that refers to itself, what is referred to comes first."""
    rows = reading.execution_options(yield_per=BATCH).execute(sa.select(table)).mappings()
    own = [(column, key) for column in table.columns for key in column.foreign_keys]
    if not own:
        yield from rows.partitions()
        return
    ((column, key),) = own
    yield from parents_first(rows.all(), parent=column.name, name=key.target_fullname.split(".")[1])


def parents_first(rows: Rows, *, parent: str, name: str) -> Iterator[Rows]:
    """Yield rows level by level: first those that refer to nothing."""
    below: dict[Any, list[Any]] = {}
    for row in rows:
        below.setdefault(row[parent], []).append(row)
    level = below.get(None, [])
    while level:
        yield level
        level = [child for row in level for child in below.get(row[name], ())]


def compared(reading: sa.Connection, target: Database, table: sa.Table) -> Moved:
    """Return a table with its rows. Raises Broken("move.differs") where the sides differ."""
    with target.read() as there:
        here, moved = digest(reading, table), digest(there, table)
    if here != moved:
        raise Broken(
            "move.differs",
            _("迁移后表 {table} 与原库不一致，原库未动；请再运行一次。", table=table.name),
            source=here[0],
            target=moved[0],
        )
    return Moved(table.name, here[0])


def digest(connection: sa.Connection, table: sa.Table) -> tuple[int, int]:
    """Return how many rows a table has and a sum over them that does not depend on their order.

    Databases sort text differently, so each row is hashed by itself.
    """
    count, total = 0, 0
    rows = connection.execution_options(yield_per=BATCH).execute(sa.select(table))
    for row in rows:
        written = repr([bytes(v) if isinstance(v, memoryview) else v for v in row])
        total += int.from_bytes(blake2b(written.encode(), digest_size=16).digest())
        count += 1
    return count, total % 2**128
