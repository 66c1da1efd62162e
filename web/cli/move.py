"""`shaodao move --to URL`: from the file one starts with to PostgreSQL, verified."""

from __future__ import annotations

import click
import sqlalchemy as sa

from engine.db.connect import Database
from engine.db.migrate import upgrade
from engine.db.moving import move
from engine.db.tables import metadata
from engine.errors import Broken, Invalid
from engine.i18n import _
from processes import organisation_tables, privacy_tables, tables
from processes.audit import verify
from processes.bootstrap import Product
from processes.cli.common import existing, language, say
from web import tables as web_tables

# Importing them puts them on the metadata.
EVERY_TABLE = (tables, organisation_tables, privacy_tables, web_tables)


@click.command(
    "move", help=_("把全部数据迁到另一个数据库，并逐表核对；可中断后重来。").to(language())
)
@click.option(
    "--to", required=True, help=_("目标数据库，如 postgresql://用户@主机/库").to(language())
)
def command(to: str) -> None:
    """Copy everything to another database and prove that it is the same."""
    with existing() as product:
        target = opened_target(product, to)
        try:
            carry(product, target)
        finally:
            target.close()


def opened_target(product: Product, url: str) -> Database:
    """Open the target, with the present schema. Raises Invalid("move.bad_target")."""
    try:
        target = Database(url)
    except (ValueError, sa.exc.ArgumentError) as error:
        sentence = _("认不出目标数据库地址，请写成 postgresql://用户@主机/库。")
        raise Invalid("move.bad_target", sentence) from error
    if target.url == product.engine.database.url:
        raise Invalid("move.same_database", _("目标就是现在用的数据库，不必迁移。"))
    upgrade(target)
    return target


def carry(product: Product, target: Database) -> None:
    """Move all rows, verify the trail over there, and say what was done and what is next."""
    moved = move(product.engine.database, target, list(metadata.tables.values()))
    with target.read() as connection:
        report = verify(connection, product.keys)
    if not report.ok:
        raise Broken("move.trail", report.says)
    for table in moved:
        if table.rows:
            say(f"{table.rows:>12,}  {table.table}")
    rows = sum(table.rows for table in moved)
    say(_("已迁移 {tables} 张表、{rows} 行，逐行核对一致。", tables=len(moved), rows=rows))
    say(report.says)
    say(_("请把 SHAODAO_DATABASE 设为目标地址后重新启动；照片和密钥仍在原来的数据目录。"))
