"""`shaodao table`: see decision tables, check them, deploy them now or for a day to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import orjson

from engine.actor import SYSTEM
from engine.decision import Table, read_dmn
from engine.errors import Broken, Invalid
from engine.i18n import _
from engine.run.commands import DeployTables, WithdrawTable
from engine.run.examine_tables import plain_example
from engine.sla.iso import ZONE
from processes.bootstrap import Product
from processes.catalogue.checks import Judgement, facts_beside, judge_table
from processes.catalogue.together import judge_together
from processes.cli.common import existing, instant_of, language, opened, say
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.reads.table_versions import tables

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FROM = click.option(
    "--from", "first_day", help=_("从哪天起生效，如 2027-01-01，缺省为现在。").to(language())
)
JSON = click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。").to(language()))


@click.group("table", help=_("决策表：查看、检查、部署。").to(language()))
def command() -> None:
    """Group what is done with tables."""


@command.command("list", help=_("列出各表现行的版本和将要生效的版本。").to(language()))
def list_tables() -> None:
    """Print a line a table."""
    with existing() as product, product.engine.database.read() as connection:
        folders = Folders(product.engine.library, product.shipped.labels)
        reader = Reader(connection, product.engine.clock.now(), language(), folders)
        for row in tables(reader).rows:
            for version in filter(None, (row.current, row.coming)):
                since = version.effective_from.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
                say(f"{row.key}  {since}  {version.state}  {version.id}  {version.basis}".rstrip())


@command.command("check", help=_("检查一张表或一个文件是否答全、有无矛盾。").to(language()))
@click.argument("target", metavar="FILE|NAME")
@FROM
@JSON
@click.pass_context
def check(ctx: click.Context, target: str, *, first_day: str | None, as_json: bool) -> None:
    """Print what is doubtful, with rows and examples; exit code 1 where it could not be deployed.

    Judged by the standards, clocks and units of the home; where there is none, by what ships.
    """
    try:
        with existing() as product:
            found = judged_at_home(product, target, instant_of(first_day))
    except Broken as reason:
        if reason.code != "home.empty":
            raise
        path = existing_file(target)
        facts = facts_beside(path.parent)
        found = [judge_table(table, facts) for table in read_dmn(path.read_bytes())]
    if as_json:
        click.echo(orjson.dumps([told(each) for each in found], option=orjson.OPT_INDENT_2))
    else:
        for each in found:
            show(each)
    ctx.exit(0 if all(each.ok for each in found) else 1)


@command.command("deploy", help=_("部署决策表，现在或从某天起生效。").to(language()))
@click.argument("files", nargs=-1, required=True, type=FILE)
@FROM
@click.option("--basis", default="", help=_("依据的文号或说明。").to(language()))
def deploy(files: tuple[Path, ...], *, first_day: str | None, basis: str) -> None:
    """Deploy the tables of some files together; the last line says which have a new version."""
    with opened() as product:
        wanted = DeployTables(
            files={path.name: path.read_bytes() for path in files},
            effective_from=instant_of(first_day),
            basis=basis,
        )
        answer = product.engine.execute(wanted, SYSTEM)
    for doubt in answer["doubts"]:
        say(f"{doubt['table']}: {doubt['sentence']} [{doubt['code']}]")
    since = datetime.fromisoformat(answer["effective_from"]).astimezone(ZONE)
    say(f"from={since.isoformat(timespec='minutes')} tables={','.join(answer['tables']) or '-'}")


@command.command("withdraw", help=_("撤下还没有生效的版本。").to(language()))
@click.argument("version_id", type=click.UUID)
def withdraw(version_id: UUID) -> None:
    """Take back a version that is to come."""
    with existing() as product:
        answer = product.engine.execute(WithdrawTable(version_id=version_id), SYSTEM)
    say(_("已撤下 {table} 的这个版本。", table=answer["table"]))


def judged_at_home(product: Product, target: str, at: datetime | None) -> list[Judgement]:
    """Judge a file, or a table in force by its name, by what a home knows."""
    with product.engine.database.read() as connection:
        library, instant = product.engine.library, at or product.engine.clock.now()
        found: Sequence[Table]
        if Path(target).is_file():
            found = read_dmn(Path(target).read_bytes())
        else:
            found = [library.table(connection, target, instant)[1]]
        judged = judge_together(connection, library, product.shipped.labels, found, instant)
        return [judgement for _table, judgement in judged]


def existing_file(target: str) -> Path:
    """Return the file named. Raises Invalid("check.missing")."""
    path = Path(target)
    if not path.is_file():
        raise Invalid("check.missing", _("找不到 {path}。", path=target))
    return path


def told(found: Judgement) -> dict[str, Any]:
    """Return a judgement as plain values."""
    return {
        "table": found.key,
        "ok": found.ok,
        "cases": found.cases,
        "complete": found.complete,
        "answers": dict(found.answers),
        "findings": [
            {
                "severity": str(each.severity),
                "code": each.code,
                "sentence": each.text.to(language()),
                "advice": each.advice.to(language()),
                "rows": each.rows,
                "example": plain_example(each.example),
            }
            for each in found.doubts
        ],
    }


def show(found: Judgement) -> None:
    """Print a judgement for people."""
    verdict = _("可以部署") if found.ok else _("不能部署")
    say(f"{found.key}: {verdict.to(language())}")
    say(_("查了 {cases} 种情形。", cases=found.cases))
    for kinds, count in found.answers.items():
        say(f"  {count} × {kinds or '-'}")
    for each in found.doubts:
        sentence = f"{each.text.to(language())} {each.advice.to(language())}"
        say(f"  {each.severity} {sentence} [{each.code}]")
