"""`shaodao run FILE.bpmn`: rehearse a diagram in memory, on a clock that waits for nobody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson
import yaml

from engine.decision import Table, read_dmn
from engine.errors import Invalid, ShaodaoError
from engine.i18n import _
from engine.rehearsal.cues import Cues, read_cues
from engine.rehearsal.host import no_tables
from engine.rehearsal.rehearse import rehearse
from engine.rehearsal.told import Told
from engine.run.clock_operations import CLOCK_OPERATIONS
from processes.cli.common import language, say
from processes.operations import OPERATIONS

TABLES = ("*.dmn", "../tables/*.dmn")


@click.command("run", help=_("在内存里按图走一遍，不需要数据库，也不影响任何案件。").to(language()))
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--data", default="{}", help=_("开始时的数据，JSON 对象。").to(language()))
@click.option(
    "--events",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("预演脚本（YAML），写法见 docs/howto/rehearse.md。").to(language()),
)
@click.option("--trace", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(ctx: click.Context, *, path: Path, data: str, events: Path | None, form: str) -> None:
    """Print how the rehearsal went; exit code 1 where the drawing is refused."""
    home = path.parent
    told = rehearse(
        path.read_bytes(),
        path.name,
        data=read_data(data),
        cues=read_events(events),
        idle=frozenset((*OPERATIONS, *CLOCK_OPERATIONS)),
        decide=Tables(home),
        beside=lambda called: file_of(home, called),
    )
    for drawn, ours in told.foreign.items():
        say(_("表达式“{drawn}”按“{ours}”计算。", drawn=drawn, ours=ours), err=True)
    for step in told.missed:
        say(_("脚本的这一步没有等到机会：{step}", step=step), err=True)
    if form == "json":
        click.echo(orjson.dumps(told.as_json(), default=str).decode())
    else:
        show(told)
    ctx.exit(1 if told.refused else 0)


def read_data(text: str) -> Mapping[str, Any]:
    """Return the data to begin with. Raises Invalid("rehearsal.data")."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        data = None
    if not isinstance(data, dict):
        raise Invalid("rehearsal.data", _("--data 要写成 JSON 对象，例如 '{\"x\": 1}'。"))
    return data


def read_events(path: Path | None) -> Cues:
    """Return the script of a file. Raises Invalid("rehearsal.not_yaml", "rehearsal.script")."""
    if path is None:
        return Cues()
    try:
        said = yaml.safe_load(path.read_bytes())
    except yaml.YAMLError as error:
        raise Invalid("rehearsal.not_yaml", _("{path} 不是 YAML 文件。", path=str(path))) from error
    return read_cues(said)


def file_of(home: Path, called: str) -> bytes | None:
    """Return the file of a called process: named like it, in the same folder."""
    path = home / f"{called}.bpmn"
    return path.read_bytes() if path.parent == home and path.is_file() else None


class Tables:
    """The decision tables beside a file: read when the first one is asked for."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._tables: dict[str, Table] | None = None

    def __call__(self, decision: str, data: Mapping[str, Any]) -> Any:
        """Return a table's answer."""
        if self._tables is None:
            self._tables = dict(self._read())
        table = self._tables.get(decision)
        return table.decide(data).value if table else no_tables(decision, data)

    def _read(self) -> list[tuple[str, Table]]:
        found = []
        for pattern in TABLES:
            for path in sorted(self._home.glob(pattern)):
                try:
                    found += [(table.key, table) for table in read_dmn(path.read_bytes())]
                except ShaodaoError:
                    continue  # `shaodao check` tells; a table that is not asked for does no harm
        return found


def show(told: Told) -> None:
    """Print a rehearsal for people: a line for each thing that happened."""
    if told.refused:
        say(_("不能运行：{reason}（{element}）", **told.refused))
        return
    for line in told.trace:
        rest = "  ".join(line[key] for key in ("code", "reason") if key in line)
        click.echo(f"{line['event']:<10} {line['element']} {rest}".rstrip())
    for entry in told.log:
        click.echo(f"log        {entry}")
    click.echo(f"{told.ended}  {orjson.dumps(dict(told.data), default=str).decode()}")
