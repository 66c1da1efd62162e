"""Statements of the command path: compiled once a dialect, sent to the driver as they are.

A command sends a dozen of them. Through SQLAlchemy's execution each costs as much work here as its
answer takes in the database, and on PostgreSQL each is waited for. A `Prepared` is still written as
a Core statement and typed by its columns; what is left out is what never changes from one
execution to the next. `read_all` and `pipelined` send several without waiting in between
(PostgreSQL's pipeline: the server does them one after the other, each seeing what is committed
by then, exactly as if they had been sent singly); SQLite has nobody to wait for.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.base import Executable

from engine.db.punctual import Punctual

Convert = Callable[[Any], Any] | None
Parameters = Mapping[str, Any]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Compiled:
    """A statement in one dialect: its text, how values go in, how rows come out."""

    text: str
    places: tuple[tuple[str, Convert], ...]  # in the order of the text where it counts them
    names: int  # different ones: a row of values must say each, and nothing else
    fixed: Parameters  # what the statement itself says
    named: bool
    make: Callable[..., Any]
    columns: tuple[Convert, ...]

    def values(self, given: Parameters) -> Any:
        """Return what the driver is given. Raises KeyError where names and statement differ."""
        if len(given) != self.names:
            raise KeyError(f"{sorted(given)} for {self.text}")
        if self.fixed:
            given = {**given, **self.fixed}
        if self.named:
            return {n: given[n] if do is None else do(given[n]) for n, do in self.places}
        return tuple([given[n] if do is None else do(given[n]) for n, do in self.places])

    def rows(self, cursor: Any) -> list[Any]:
        """Return all rows of an answer, typed as their columns."""
        found = cursor.fetchall()
        make, columns = self.make, self.columns
        return [
            make(*[v if do is None else do(v) for v, do in zip(row, columns, strict=True)])
            for row in found
        ]


class Prepared:
    """A Core statement whose values all come by name: no defaults, no lists of unknown length."""

    def __init__(self, statement: Executable) -> None:
        self.statement: Any = statement
        self._compiled: dict[str, Compiled] = {}

    def send(self, connection: sa.Connection, rows: Sequence[Parameters]) -> None:
        """Send it once with each of some rows of values, or not at all where there are none."""
        if not rows:
            return
        form = self._form(connection.dialect, rows[0])
        values = [form.values(row) for row in rows]
        sent = values if len(values) > 1 else values[0]
        driver = heard(connection, form.text, sent, many=len(values) > 1)
        try:
            if isinstance(driver, Punctual):
                cursor = driver.cursor()
                for each in values:
                    cursor.execute(form.text, each)
            else:
                driver.executemany(form.text, values)
        except connection.dialect.loaded_dbapi.Error as error:
            complain(connection, error, form.text)

    def read(self, connection: sa.Connection, given: Parameters) -> list[Any]:
        """Return the rows it finds, named by its columns."""
        return self._asked(connection, given, Compiled.rows)

    def scalar(self, connection: sa.Connection, given: Parameters) -> Any:
        """Return the first value of the first row it finds, None where it finds none."""
        found = self.read(connection, given)
        return found[0][0] if found else None

    def change(self, connection: sa.Connection, given: Parameters) -> int:
        """Send it once and return how many rows it touched."""
        return self._asked(connection, given, lambda _form, cursor: int(cursor.rowcount))

    def _asked(
        self,
        connection: sa.Connection,
        given: Parameters,
        answer: Callable[[Compiled, Any], Answer],
    ) -> Answer:
        """Send it once and return what `answer` takes from the cursor."""
        form = self._form(connection.dialect, given)
        values = form.values(given)
        driver = heard(connection, form.text, values)
        try:
            return answer(form, driver.cursor().execute(form.text, values))
        except connection.dialect.loaded_dbapi.Error as error:
            complain(connection, error, form.text)

    def _form(self, dialect: Dialect, given: Parameters) -> Compiled:
        form = self._compiled.get(dialect.name)
        if form is None:
            form = self._compiled[dialect.name] = compiled(self.statement, dialect, list(given))
        return form


def compiled(statement: Any, dialect: Dialect, keys: list[str]) -> Compiled:
    """Compile a statement. Raises AssertionError where its values would not all come by name."""
    inserts = isinstance(statement, sa.Insert)
    form = statement.compile(dialect=dialect, column_keys=keys if inserts else None)
    if form.insert_prefetch or form.update_prefetch or form.post_compile_params:
        raise AssertionError(f"defaults or lists in a prepared statement: {form}")
    binds = {name: bind for bind, name in form.bind_names.items()}
    convert = {name: into(bind.type, dialect) for name, bind in binds.items()}
    fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
    order = form.positiontup if form.positional else list(binds)
    columns = getattr(statement, "selected_columns", None)
    return Compiled(
        text=str(form),
        places=tuple((name, convert[name]) for name in order),
        names=len(binds) - len(fixed),
        fixed=fixed,
        named=not form.positional,
        make=namedtuple("Row", columns.keys()) if columns is not None else tuple,
        columns=tuple(out_of(each.type, dialect) for each in columns or ()),
    )


def into(kind: Any, dialect: Dialect) -> Convert:
    """Return how values of a type are given to the driver, None as they are."""
    found: Convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def out_of(kind: Any, dialect: Dialect) -> Convert:
    """Return how values of a type are read from the driver, None as they are."""
    found: Convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found


def read_all(connection: sa.Connection, *asked: tuple[Prepared, Parameters]) -> list[list[Any]]:
    """Return the rows that each of several statements finds, waiting once for all of them."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, Punctual):
        return [statement.read(connection, given) for statement, given in asked]
    forms = [statement._form(connection.dialect, given) for statement, given in asked]  # noqa: SLF001
    cursors = []
    try:
        with driver.pipeline():
            for form, (_statement, given) in zip(forms, asked, strict=True):
                values = form.values(given)
                heard(connection, form.text, values)
                cursors.append(driver.cursor().execute(form.text, values))
    except connection.dialect.loaded_dbapi.Error as error:
        complain(connection, error, "; ".join(form.text for form in forms))
    return [form.rows(cursor) for form, cursor in zip(forms, cursors, strict=True)]


@contextmanager
def pipelined(connection: sa.Connection) -> Iterator[None]:
    """Let what is sent inside be waited for once, at the end: for changes that answer nothing."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, Punctual):
        yield
        return
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        complain(connection, error, None)


def heard(connection: sa.Connection, text: str, values: Any, *, many: bool = False) -> Any:
    """Tell whoever listens to statements, and return the driver's connection."""
    for listen in connection.dispatch.before_cursor_execute:
        listen(connection, None, text, values, None, many)
    return connection.connection.driver_connection


def complain(connection: sa.Connection, error: BaseException, text: str | None) -> NoReturn:
    """Raise a driver's error as SQLAlchemy would: typed, and a lost connection given up."""
    connection._handle_dbapi_exception(error, text, None, None, None)  # noqa: SLF001 - its only name
