"""Decision tables: versions, rows, doubts; checking, deploying and withdrawing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.run.commands import DeployTables, WithdrawTable
from processes.reads.table_versions import JudgedTable, Tables, table_page
from processes.reads.table_versions import tables as all_tables
from web import reading
from web.api.endpoint import Nouns
from web.api.schemas import TableQuery, TablesBody, TablesChanged, WithdrawBody, schema_of
from web.drafts import judged_drafts
from web.here import execute, now

decision_tables = Nouns("tables", "Decision tables: who handles what, and how long it may take.")


@dataclass(frozen=True)
class Judged:
    """What drafts would be like; `ok` says whether all of them could be deployed."""

    ok: bool
    tables: tuple[JudgedTable, ...]


@decision_tables.reads("/tables", action="definition.read", answer=schema_of(Tables))
def list_tables() -> Tables:
    """Return every table with the version in force and the next to come."""
    with reading.reader() as reader:
        return all_tables(reader)


@decision_tables.reads(
    "/tables/<key>", action="definition.read", query=TableQuery, answer=schema_of(JudgedTable)
)
def get_table(query: dict[str, Any], key: str) -> JudgedTable:
    """Return a version of a table: its rows, and gaps, contradictions and idle rows in it."""
    with reading.reader() as reader:
        return table_page(reader, key, version_id=query["version"], first=query["first"])


@decision_tables.writes(
    "/tables/check", action="definition.deploy", body=TablesBody, answer=schema_of(Judged)
)
def check_tables(body: dict[str, Any]) -> Judged:
    """Say what is doubtful about drafts, without deploying them."""
    at = body["effective_from"] or now()
    with reading.reader() as reader:
        found = tuple(
            each
            for text in body["files"].values()
            for each in judged_drafts(reader, text.encode(), at)
        )
    return Judged(all(each.ok for each in found), found)


@decision_tables.writes(
    "/tables", action="definition.deploy", body=TablesBody, answer=TablesChanged
)
def deploy_tables(body: dict[str, Any]) -> dict[str, Any]:
    """Deploy tables together. Gaps and contradictions of dispatch and limits are refused."""
    files = {name: text.encode() for name, text in body["files"].items()}
    return execute(
        DeployTables(files=files, effective_from=body["effective_from"], basis=body["basis"])
    )


@decision_tables.writes(
    "/tables/withdraw", action="definition.deploy", body=WithdrawBody, answer=TablesChanged
)
def withdraw_table(body: dict[str, Any]) -> dict[str, Any]:
    """Take back a version before it comes into force."""
    return execute(WithdrawTable(version_id=body["version_id"]))
