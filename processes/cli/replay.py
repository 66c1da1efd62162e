"""`shaodao replay FILE --mapping M.toml`: recorded cases once more, compared with their record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine.i18n import _
from processes.cli.common import language, mapping_option, say, settings
from processes.replay.result import Department, Result
from processes.replay.run import Source, replayed
from processes.replay.stage import database_at

COUNTED = ("cases", "closed", "open", "on_time", "overdue", "agree", "disagree")


@click.command(
    "replay", help=_("按映射文件把历史案件在虚拟时钟上重走一遍，并与原记录比对。").to(language())
)
@click.argument("file", type=click.Path(path_type=Path))
@mapping_option("docs/replay.md")
@click.option("--into", help=_("回放到哪个新数据库：文件路径或数据库地址。").to(language()))
@click.option(
    "--sample",
    type=float,
    default=1.0,
    show_default=True,
    help=_("只回放其中的一部分，每次取的是同样的案件。").to(language()),
)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出结果。").to(language()))
def command(
    *, file: Path, mapping_file: Path, into: str | None, sample: float, as_json: bool
) -> None:
    """Replay a file and say how it went."""
    source = Source.read(file, mapping_file, share=sample)
    stood = settings()
    place = replace(stood, database=database_at(into)) if into else stood
    with bar(file.name) as progress:
        task = progress.add_task(file.name, total=None)
        result = replayed(
            place,
            source,
            on_extent=lambda found: progress.update(task, total=found.rows),
            on_rows=lambda rows: progress.advance(task, rows),
        )
    if as_json:
        click.echo(orjson.dumps(result.as_json(language()), option=orjson.OPT_INDENT_2))
    else:
        show(result)


@contextmanager
def bar(name: str) -> Iterator[Progress]:  # noqa: ARG001
    """Open a progress bar on the error output."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield progress


def show(result: Result) -> None:
    """Print the departments as a table, then the counts."""
    table = Table("department", *COUNTED)
    for name in sorted(result.departments):
        table.add_row(name, *cells(result.departments[name]))
    table.add_section()
    table.add_row("", *cells(result.sum()))
    Console().print(table)
    told = result.as_json(language())
    for name in ("clamped", "commands", "seconds", "peak_memory_mib"):
        click.echo(f"{name}={told[name]}")
    say(_("{count} 件没有结论，原因见 --json 的输出。", count=len(result.undetermined)))


def cells(department: Department) -> list[str]:
    """Return a department's figures as text."""
    return [str(getattr(department, name)) for name in COUNTED]
