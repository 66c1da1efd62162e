"""`shaodao import catalogue FILE`: an official catalogue of standards becomes ours."""

from __future__ import annotations

from pathlib import Path

import click

from engine.i18n import _
from processes.catalogue.importing import import_catalogue
from processes.catalogue.mapping import read_catalogue_mapping
from processes.catalogue.report import lines
from processes.cli.common import language, mapping_option, opened, say


@click.command(
    "catalogue", help=_("导入立结案标准（CSV、XLSX），成为标准表和时限表的新版本。").to(language())
)
@click.argument("file", type=click.Path(path_type=Path))
@mapping_option("docs/catalogue.md")
@click.option("--dry-run", is_flag=True, help=_("只读、只报告，不导入。").to(language()))
def catalogue(file: Path, mapping_file: Path, *, dry_run: bool) -> None:
    """Print what was read; the last line says which tables changed."""
    mapping = read_catalogue_mapping(mapping_file)
    with opened() as product:
        done = import_catalogue(product.engine, file, mapping, dry_run=dry_run)
        product.seal()
    for line in lines(done.report):
        say(line)
    click.echo(f"tables={','.join(done.tables) or '-'}")
