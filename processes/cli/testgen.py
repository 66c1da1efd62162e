"""`shaodao testgen PROCESS|FOLDER`: derive the boundary trials of a drawing, run them, tell."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click
import orjson

from engine.actor import SYSTEM
from engine.errors import Invalid
from engine.i18n import _
from engine.run.folder import Folder, content_hash
from engine.run.handlers.definitions import PARTS, text_of
from engine.trials.picture import picture
from engine.trials.report import Report
from engine.trials.run import PATIENCE, run_trials
from processes.cli.common import language, opened, say
from processes.shipped import TABLES, Shipped, contents
from processes.trial_results import KeepTrials

NOWHERE = UUID(int=0)
SUFFIXES = (".bpmn", ".form.json", "labels.toml")
DECISIONS = ".dmn"


@click.command(
    "testgen", help=_("由流程图推出时限的边界试验，在虚拟时钟上逐个跑一遍。").to(language())
)
@click.argument("target", metavar="PROCESS|FOLDER")
@click.option("--most", type=click.IntRange(1), help=_("最多跑多少个，缺省全部。").to(language()))
@click.option("--patience", type=click.IntRange(1), default=PATIENCE)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。").to(language()))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help=_("把 coverage.json 和标出覆盖的流程图写到这里。").to(language()),
)
@click.option(
    "--store", is_flag=True, help=_("把结果存入数据库，画在流程版本的页面上。").to(language())
)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    target: str,
    most: int | None,
    patience: int,
    as_json: bool,
    out: Path | None,
    store: bool,
) -> None:
    """Print what the trials came to; exit code 1 where a law was broken."""
    home, process = found(target)
    folder, tables = read_folder(home)
    report = run_trials(folder, tables, process=process, most=most, patience=patience)
    if out is not None:
        write(out, folder, report)
    if as_json:
        click.echo(orjson.dumps(report.as_data(language())).decode())
    else:
        show(report)
    if store:
        keep(home, report)
    ctx.exit(0 if report.ok else 1)


def found(target: str) -> tuple[Path, str | None]:
    """Return the folder meant, and the process where a diagram was named.

    Raises Invalid("trials.no_folder").
    """
    path = Path(target)
    if path.is_file() and path.suffix == ".bpmn":
        return path.parent, path.stem
    if not path.is_dir():
        path = Shipped.find().folder / target
    if not path.is_dir() or not any(path.glob("*.bpmn")):
        text = _("“{target}”不是流程文件夹，也不是自带流程的名称", target=target)
        raise Invalid("trials.no_folder", text)
    return path, None


def read_folder(home: Path) -> tuple[Folder, dict[str, bytes]]:
    """Return a folder as deploying would read it, and the tables in it and beside it."""
    files = contents(home)
    texts = {name: text_of(name, body) for name, body in files.items() if name.endswith(SUFFIXES)}
    beside = home.parent / TABLES
    tables = {**(contents(beside) if beside.is_dir() else {}), **files}
    decisions = {name: body for name, body in tables.items() if name.endswith(DECISIONS)}
    return Folder(NOWHERE, home.name, 0, texts), decisions


def keep(home: Path, report: Report) -> None:
    """Keep a report with the version that has a folder's content."""
    files = {name: body for name, body in contents(home).items() if name.endswith(PARTS)}
    digest = content_hash({name: text_of(name, body) for name, body in files.items()})
    with opened() as product:
        product.engine.execute(KeepTrials(hash=digest, report=report.as_data()), SYSTEM)


def write(out: Path, folder: Folder, report: Report) -> None:
    """Write the report as JSON, and each diagram with what was walked on it."""
    out.mkdir(parents=True, exist_ok=True)
    data = orjson.dumps(report.as_data(language()), option=orjson.OPT_INDENT_2)
    (out / "coverage.json").write_bytes(data)
    for name, diagram in folder.diagrams.items():
        walked = {place for process, place in report.walked if process in diagram.processes}
        drawn = picture(folder.files[name].encode(), walked)
        (out / f"{Path(name).stem}.svg").write_text(drawn, encoding="utf-8")


def show(report: Report) -> None:
    """Print a report for people."""
    count = len(report.outcomes)
    said = {"run": count, "all": report.derived, "broken": len(report.broken)}
    say(_("推出 {all} 个试验，跑了 {run} 个，{broken} 个不合规矩。", **said))
    say(_("时限：走到 {some} 个。", some=len(report.clocks)))
    for clock, why in sorted(report.missing.items()):
        say(_("没有走到 {clock}：{why}", clock=clock.name, why=why))
    say(_("从不同时计时的时限有 {pairs} 对。", pairs=report.never_together))
    for process, (walked, drawn) in report.covered().items():
        say(_("{process}：走过 {walked}/{all}", process=process, walked=walked, all=drawn))
    for outcome in report.broken:
        say(_("不合规矩：{trial}", trial=outcome.name))
        say(_("走法：{way}", way=" → ".join(outcome.way) or "-"))
        for breach in outcome.breaches:
            say(f"{breach.text.to(language())} [{breach.law}]")
