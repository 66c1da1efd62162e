"""`shaodao import cases FILE --mapping M.toml`: bring real reports in, one transaction each."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.i18n import _
from processes.bootstrap import Product
from processes.cli.common import language, mapping_option, opened, say
from processes.cli.import_catalogue import catalogue
from processes.cli.import_organisation import organisation
from processes.importing import CaseImport, Remarks, Result, Tally
from processes.mapping import CaseMapping, read_mapping
from processes.table_files import open_text, read_rows


@click.group("import", help=_("导入外部数据。").to(language()))
def command() -> None:
    """Group the commands that bring foreign data in."""


command.add_command(catalogue)


@command.command("cases", help=_("按映射文件导入诉求；重复运行不会重复登记。").to(language()))
@click.argument("file", type=click.Path(path_type=Path))
@mapping_option("docs/mappings.md")
def cases(file: Path, mapping_file: Path) -> None:
    """Import the rows of a file and say what became of them; the last line is the count."""
    mapping = read_mapping(mapping_file)
    total = count_rows(file, mapping)
    with opened() as product:
        remarks = Remarks(remarks_path(product, file), locale=language())
        try:
            tally = import_with_bar(product, file, mapping, total=total, remarks=remarks)
        finally:
            remarks.close()
        product.seal()
    if remarks.written:
        say(_("未登记的行及原因见 {path}", path=str(remarks.path)))
    click.echo(str(tally))


def count_rows(file: Path, mapping: CaseMapping) -> int:
    """Read the file once to the end, so that a damaged one is refused before the first case."""
    with open_text(file, mapping.encoding) as text:
        return sum(1 for _row in read_rows(text, mapping.columns()))


def import_with_bar(
    product: Product, file: Path, mapping: CaseMapping, *, total: int, remarks: Remarks
) -> Tally:
    """Import with a progress bar on the error output."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar, open_text(file, mapping.encoding) as text:
        task = bar.add_task(file.name, total=total)

        def on_result(result: Result) -> None:
            remarks.note(result)
            bar.advance(task)

        rows = read_rows(text, mapping.columns())
        return CaseImport(product.engine, mapping).run(rows, on_result=on_result)


def remarks_path(product: Product, file: Path) -> Path:
    """Return where rows that were not taken are told; the source's own folder may be read-only."""
    stamp = product.engine.clock.now().strftime("%Y%m%d-%H%M%S")
    return product.settings.home / "imports" / f"{file.name.split('.')[0]}-{stamp}.csv"


command.add_command(organisation)
