"""`shaodao import catalogue FILE`: an official catalogue of standards becomes ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from engine.i18n import _
from processes.catalogue.importing import import_catalogue, refuse_incomplete
from processes.catalogue.mapping import read_catalogue_mapping
from processes.catalogue.report import lines
from processes.cli.common import instant_of, language, mapping_option, opened, say

DRAFTS: Final = "drafts"
"""Where under the home the draft of `dispatch` is written."""


@click.command(
    "catalogue",
    help=_("导入立结案标准（CSV、XLSX），成为标准表和时限表的新版本，分哨表写成草稿。").to(
        language()
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@mapping_option("docs/catalogue.md")
@click.option("--dry-run", is_flag=True, help=_("只读、只报告，不导入。").to(language()))
@click.option(
    "--from", "first_day", help=_("从哪天起生效，如 2027-01-01，缺省为现在。").to(language())
)
@click.option(
    "--draft",
    type=click.Path(path_type=Path, file_okay=False),
    help=_("不部署，把各表写成 DMN 文件放到这里。").to(language()),
)
def catalogue(
    file: Path, mapping_file: Path, *, dry_run: bool, first_day: str | None, draft: Path | None
) -> None:
    """Print what was read; the last line says which tables changed, or were written as drafts."""
    mapping = read_catalogue_mapping(mapping_file)
    with opened() as product:
        done = import_catalogue(
            product.engine,
            file,
            mapping,
            dry_run=dry_run or draft is not None,
            effective_from=instant_of(first_day),
        )
        product.seal()
    for line in lines(done.report):
        say(line)
    for word, count in done.unknown.items():
        say(_("组织里没有“{word}”，{count} 条标准提到它，派单时由人选定。", word=word, count=count))
    if not dry_run:
        refuse_incomplete(done.report)
        drafts = {**done.files, **done.drafts} if draft else done.drafts
        write(draft or product.settings.home / DRAFTS, drafts)
    click.echo(f"tables={','.join(done.tables) or '-'}")


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write drafts, to be checked and deployed with `shaodao table`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
        say(_("草稿写在 {path}", path=folder / name))
