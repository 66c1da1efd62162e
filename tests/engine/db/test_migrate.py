"""A new database and an upgraded one are what the code believes they are."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.db import migrate
from engine.db.connect import Database
from engine.errors import Broken
from engine.trail import guards


def test_the_migrated_schema_is_the_one_in_code(database: Database) -> None:
    with warnings.catch_warnings(), database.write() as connection:
        # SQLite cannot report an index with DESC; PostgreSQL compares it.
        warnings.filterwarnings("ignore", "autogenerate skipping metadata-specified")
        migrate.check(connection)


def test_a_second_upgrade_finds_nothing_to_do(database: Database) -> None:
    migrate.upgrade(database)
    with database.read() as connection:
        versions = connection.execute(sa.text("SELECT version_num FROM alembic_version")).all()
    assert len(versions) == 1


def test_a_half_done_upgrade_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no more room")

    monkeypatch.setattr(guards, "install", fail)
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(OSError, match="no more room"):
        migrate.upgrade(database)
    with database.read() as connection:
        assert sa.inspect(connection).get_table_names() == []
    database.close()


def test_migrations_are_found_in_an_installed_wheel_and_missed_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "engine"
    monkeypatch.setattr(migrate, "PACKAGE", package)
    with pytest.raises(Broken) as refused:
        migrate.scripts()
    assert refused.value.code == "installation.incomplete"
    shipped = package / "shipped" / "migrations"
    shipped.mkdir(parents=True)
    (shipped / "env.py").touch()
    assert migrate.scripts() == shipped
