"""`shaodao notice FILE`: enter the State Council's holiday notice, or a calendar's own days."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from engine.actor import SYSTEM
from engine.errors import Invalid
from engine.i18n import _
from engine.run.commands import RecomputeDeadlines
from processes.calendars.commands import EnterDays, days_of
from processes.cli.common import existing, language, say


@click.command(
    "notice", help=_("录入放假通知（JSON 列表，每项有 date、kind、name）。").to(language())
)
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", required=True, help=_("依据：通知或命令的名称和文号。").to(language()))
@click.option("--calendar", help=_("只属于这个工作日历的日子；不写则对所有单位。").to(language()))
@click.option("--recompute", is_flag=True, help=_("录入后重新计算所有未结时限。").to(language()))
def command(*, path: Path, source: str, calendar: str | None, recompute: bool) -> None:
    """Enter the days; deadlines that stand are counted again only where that is asked for."""
    try:
        written = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        written = None
    if not isinstance(written, list):
        raise Invalid("deadline.file", _("{path} 不是 JSON 列表，每项要是一个对象。", path=path))
    days = days_of(written)
    with existing() as product:
        entering = EnterDays(days=days, source=source, calendar=calendar)
        entered = product.engine.execute(entering, SYSTEM)["entered"]
        say(_("已录入 {count} 天。", count=entered))
        if recompute:
            planned = product.engine.execute(RecomputeDeadlines(), SYSTEM)["instances"]
            product.worker("notice").drain()
            say(_("已重新计算 {count} 个流程实例的时限。", count=planned))
        product.seal()
