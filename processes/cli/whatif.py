"""`shaodao whatif`: past cases under draft limits, a draft calendar or a draft drawing.

None of them is touched.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from engine.i18n import Text, _
from engine.sla.iso import parse_date
from processes.bootstrap import Product
from processes.cli.common import existing, language, say
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.whatif.divergences import told_played
from processes.whatif.draft import Draft, drafted, read_calendar
from processes.whatif.drawing import drawing_at
from processes.whatif.past import Period
from processes.whatif.recorded import MOST_CASES
from processes.whatif.shared import what_if_shared
from processes.whatif.structural import replay_on
from processes.whatif.telling import told

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
GROUPS: dict[str, Text] = {
    "departments": _("部门"),
    "categories": _("类别"),
    "months": _("月份"),
    "clocks": _("时限"),
}
COLUMNS = ("clocks", "late_then", "late_now", "to_late", "to_time")
FIGURES = (
    *("closed", "sampled", "cases", *COLUMNS),
    *("cases_to_late", "cases_to_time", "left_out", "recalled", "only_then", "only_now"),
)


@click.command("whatif", help=_("用草案规则重算已结事项的时限，不改动任何事项。").to(language()))
@click.option("--limits", type=FILE, help=_("草案时限表（DMN）。").to(language()))
@click.option("--calendar", type=FILE, help=_("草案工作日历（TOML）。").to(language()))
@click.option(
    "--bpmn",
    type=FILE,
    help=_("草案流程图；同一文件夹里的 labels.toml 和表单一并采用。").to(language()),
)
@click.option(
    "--cases",
    type=click.IntRange(1, MOST_CASES),
    default=MOST_CASES,
    show_default=True,
    help=_("在草案流程图上最多重走多少件。").to(language()),
)
@click.option("--from", "first", required=True, help=_("从哪天办结的事项算起。").to(language()))
@click.option(
    "--to", "last", required=True, help=_("到哪天办结的事项为止，含当天。").to(language())
)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。").to(language()))
def command(
    *,
    limits: Path | None,
    calendar: Path | None,
    bpmn: Path | None,
    cases: int,
    first: str,
    last: str,
    as_json: bool,
) -> None:
    """Print how many clocks would turn late or back, by whom and what, with examples."""
    if not (limits or calendar or bpmn):
        raise click.UsageError(_("请给出 --limits、--calendar 或 --bpmn。").to(language()))
    table = limits.read_bytes() if limits else None
    period = Period(parse_date(first), parse_date(last))
    with existing() as product, product.engine.database.read() as connection:
        drafted_calendar = read_calendar(connection, calendar.read_bytes()) if calendar else None
        draft = drafted(table, drafted_calendar, drawing_at(bpmn) if bpmn else {})
        answer = answered(product, connection, draft, period, cases=cases)
    if as_json:
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2))
    else:
        show(answer)


def answered(
    product: Product, connection: Connection, draft: Draft, period: Period, *, cases: int
) -> dict[str, Any]:
    """Try a draft: clock by clock, or where there is a drawing, case by case on it."""
    library, labels = product.engine.library, product.shipped.labels
    reader = Reader(connection, product.engine.clock.now(), language(), Folders(library, labels))
    if not draft.drawing:
        database = product.engine.database
        found = what_if_shared(connection, draft, period, library=library, database=database)
        return told(reader, found, period)
    played = replay_on(
        connection, draft, period, library=library, shipped=product.shipped, most=cases
    )
    return told_played(reader, played, period)


def show(answer: dict[str, Any]) -> None:
    """Print the groups as tables, then the sums, then what was not judged and why."""
    console = Console()
    for group, title in GROUPS.items():
        table = Table(title.to(language()), *COLUMNS)
        for row in answer["groups"][group]:
            table.add_row(row["name"] or "–", *(str(row[column]) for column in COLUMNS))
        console.print(table)
    for name in FIGURES:
        if name in answer:
            click.echo(f"{name}={answer[name]}")
    for reason in answer["reasons"]:
        click.echo(f"{reason['count']} × {reason['sentence']} [{reason['code']}]")
    for way, examples in answer["examples"].items():
        for each in examples:
            due = f"{each['then']['due']} → {each['now']['due']}"
            click.echo(f"{way} {each['case_number']} {each['label']} {due}")
    for each in answer.get("places", ()):
        act = f"{each['label']} {each['outcome_label']}".strip()
        click.echo(f"diverging {each['cases']} × {act} {each['sentence']} [{each['code']}]")
    say(_("每个例子的逐日理由见 --json 的输出。"))
