"""Triggers that refuse to change or delete what was recorded, on both databases.

They stop mistakes and careless hands. The owner of a database can drop them: `missing` then says
so, and the chain shows what was done meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

GUARDED = ("event", "log_leaf", "log_head")

REFUSAL = "append-only"

FUNCTION_BODY = f"""
BEGIN
  RAISE EXCEPTION '% is {REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
"""

FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${FUNCTION_BODY}$$
"""


def install(connection: sa.Connection, tables: Iterable[str]) -> None:
    """Create the guards of `tables`; for migrations only."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(FUNCTION.replace("%", "%%"))
    for table in tables:
        for statement in statements(table, connection.dialect.name).values():
            connection.exec_driver_sql(statement)


def statements(table: str, dialect: str) -> dict[str, str]:
    """Return the statements that create a table's guards, by trigger name."""
    if dialect == "postgresql":
        name = f"{table}_{REFUSAL.replace('-', '_')}"
        return {
            name: f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        }
    return {
        f"{table}_no_{action.lower()}": f"CREATE TRIGGER {table}_no_{action.lower()} "
        f"BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is {REFUSAL}'); END"
        for action in ("UPDATE", "DELETE")
    }


def missing(connection: sa.Connection, tables: Iterable[str] = GUARDED) -> tuple[str, ...]:
    """Return the tables whose guards are gone, switched off or do something else."""
    standing = (
        standing_postgresql(connection)
        if connection.dialect.name == "postgresql"
        else standing_sqlite(connection)
    )
    return tuple(
        table
        for table in tables
        if not statements(table, connection.dialect.name).items() <= standing.items()
    )


def standing_sqlite(connection: sa.Connection) -> dict[str, str]:
    """Return the text of every trigger, by name."""
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {row.name: row.sql for row in connection.execute(query)}


def standing_postgresql(connection: sa.Connection) -> dict[str, str]:
    """Return the text of every working trigger that runs our function with our body, by name.

    PostgreSQL prints a trigger in its own order of words, so what it does is compared by parts
    and the text that we would have written is returned.
    """
    query = sa.text(
        "SELECT t.tgname, c.relname FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgenabled IN ('O', 'A') AND t.tgtype = :kinds AND p.prosrc = :body"
    )
    # Bits of pg_trigger.tgtype: before 2, delete 8, update 16, truncate 32; no row bit.
    found = connection.execute(query, {"kinds": 2 + 8 + 16 + 32, "body": FUNCTION_BODY})
    return {
        name: statements(table, "postgresql")[name]
        for name, table in found
        if name in statements(table, "postgresql")
    }
