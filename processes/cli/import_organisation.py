"""`shaodao import organisation FILE`: units, people, posts and roster from an office's tables."""

from __future__ import annotations

from pathlib import Path

import click

from engine.i18n import _
from processes.cli.common import language, opened, say
from processes.importing import IMPORTER
from processes.organisation_import import ImportOrganisation
from processes.organisation_mapping import read_organisation_mapping, tables_in
from processes.organisation_plan import CHANGED, NEW, REFUSED, UNCHANGED, RowResult
from processes.sheets import read_sheets
from processes.shipped import shipped_mapping

SHOWN = 50  # refused rows told on the screen


@click.command("organisation", help=_("导入组织机构；重复运行不会产生变化。").to(language()))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path),
    help=_("映射文件（TOML）；不填用自带的 organisation.toml。").to(language()),
)
@click.option("--dry-run", is_flag=True, help=_("只报告会有什么变化，不写入。").to(language()))
@click.pass_context
def organisation(
    ctx: click.Context, file: Path, mapping_file: Path | None, *, dry_run: bool
) -> None:
    """Import the tables of a file and say what became of them; the last line is the count.

    Exit code 1 where a row was refused.
    """
    mapping = read_organisation_mapping(mapping_file or shipped_mapping("organisation"))
    tables = {kind: tuple(rows) for kind, rows in tables_in(read_sheets(file), mapping).items()}
    with opened() as product:
        command = ImportOrganisation(tables=tables, dry_run=dry_run)
        answer = product.engine.execute(command, IMPORTER, bulk=True)
        product.seal()
    refused = [row for row in answer["rows"] if row.outcome == REFUSED]
    for row in refused[:SHOWN]:
        tell(row)
    if len(refused) > SHOWN:
        say(_("另有 {count} 行未导入。", count=len(refused) - SHOWN), err=True)
    if dry_run:
        say(_("试运行，没有写入任何内容。"))
    counts = answer["counts"]
    click.echo(
        " ".join(f"{name}={counts.get(name, 0)}" for name in (NEW, CHANGED, UNCHANGED, REFUSED))
    )
    if refused:
        ctx.exit(1)


def tell(row: RowResult) -> None:
    """Say why a row was refused."""
    assert row.reason is not None  # noqa: S101 - a refused row has one
    say(
        _(
            "{sheet} 第 {line} 行：{reason}",
            sheet=row.sheet,
            line=row.line,
            reason=row.reason.text,
        ),
        err=True,
    )
