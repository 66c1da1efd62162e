"""Alembic's entry: the application hands over a connection, a developer at a shell a URL.

New revision: `alembic -c migrations/alembic.ini revision --autogenerate -m "why" --rev-id 0008`
with SHAODAO_DATABASE naming a database at the last revision (or `-x url=…`). There are no
downgrades: a trail is not taken back. Restore the backup that was made before the upgrade.
"""

from __future__ import annotations

import importlib
import importlib.util
import os

import sqlalchemy as sa
from alembic import context

from engine.db.connect import Database
from engine.db.tables import metadata

HOMES_OF_TABLES = (
    "processes.tables",
    "processes.organisation_tables",
    "processes.privacy_tables",
    "web.tables",
)


def all_tables() -> sa.MetaData:
    """Return the metadata once every package has put its tables on it."""
    for name in HOMES_OF_TABLES:
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)
    return metadata


def comparable(thing: object, *_: object) -> bool:
    """Leave out what SQLite cannot report: an index with DESC. PostgreSQL compares it."""
    if not isinstance(thing, sa.Index) or context.get_context().dialect.name != "sqlite":
        return True
    return all(isinstance(part, sa.Column) for part in thing.expressions)


def run(connection: sa.Connection, tables: sa.MetaData | None) -> None:
    """Run in the transaction that the connection is in; only comparing needs the tables."""
    context.configure(
        connection=connection,
        target_metadata=tables,
        transactional_ddl=True,
        user_module_prefix="types.",
        include_object=comparable,
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes
if "connection" in handed:
    run(handed["connection"], all_tables() if handed.get("compare") else None)
else:
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ["SHAODAO_DATABASE"]
    with Database(url).write() as opened:
        run(opened, all_tables())
