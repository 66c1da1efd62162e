"""`shaodao deadline`: count a deadline and say how, without a case and without a database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from engine.errors import Invalid
from engine.i18n import _
from engine.sla.calendar import Calendar, standard
from engine.sla.derivation import Derivation, derive, local
from engine.sla.due_at import due_at
from engine.sla.iso import parse_instant
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import Counting, Limit, read_limit
from processes.calendars.known import calendar_of_unit
from processes.cli.common import existing, language

LIMIT = re.compile(r"\s*(\d{1,6})\s+(\w+?)s?\s*", re.ASCII)
RULES = [each.value for each in Counting]
MOST_VECTORS = 100_000


@click.command("deadline", help=_("计算一个到期时间并逐日说明理由，不需要数据库。").to(language()))
@click.option("--start", help=_("开始时间，例如 2026-02-13T16:00。").to(language()))
@click.option("--limit", "limit", help=_("时限，例如 “1 work_day”。").to(language()))
@click.option("--rule", type=click.Choice(RULES), default=RULES[0])
@click.option("--unit", help=_("按这个单位的工作日历计算（要有数据库）。").to(language()))
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("JSON 列表，每项有 start、value、unit、rule，逐项补上 due。").to(language()),
)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出。").to(language()))
def command(
    *,
    start: str | None,
    limit: str | None,
    rule: str,
    unit: str | None,
    file: Path | None,
    as_json: bool,
) -> None:
    """Print a deadline with its derivation, or a file's list with each due time added."""
    calendar = calendar_for(unit)
    if file is not None:
        click.echo(orjson.dumps(counted(file, calendar), option=orjson.OPT_INDENT_2).decode())
        return
    if start is None or limit is None:
        raise click.UsageError(_("请给出 --start 和 --limit，或者 --file。").to(language()))
    spans = (Span(SpanKind.STARTED, parse_instant(start)),)
    derivation = derive(written_limit(limit, rule), calendar, spans)
    if as_json:
        click.echo(orjson.dumps(derivation.as_data(language())).decode())
    else:
        show(derivation)


def calendar_for(unit: str | None) -> Calendar:
    """Return a unit's calendar from the database, or the standard one without looking at any."""
    if unit is None:
        return standard()
    with existing() as product, product.engine.database.read() as connection:
        return calendar_of_unit(connection, unit, product.engine.clock.now())


def written_limit(text: str, rule: str) -> Limit:
    """Return the limit that "1 work_day" writes. Raises Invalid("limit.malformed", "limit.…")."""
    match = LIMIT.fullmatch(text)
    if match is None:
        sentence = _("“{text}”不是时限，请写成 “1 work_day” 这样的形式", text=text[:40])
        raise Invalid("limit.malformed", sentence)
    return read_limit({"value": int(match[1]), "unit": match[2], "counting": rule})


def counted(file: Path, calendar: Calendar) -> list[dict[str, Any]]:
    """Return the list of a file with `due` added to each. Raises Invalid("deadline.file")."""
    try:
        vectors = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError:
        vectors = None
    fits = isinstance(vectors, list) and len(vectors) <= MOST_VECTORS
    if not fits or not all(isinstance(each, Mapping) for each in vectors):
        raise Invalid("deadline.file", _("{path} 不是 JSON 列表，每项要是一个对象。", path=file))
    return [{**each, "due": due_of(each, calendar)} for each in vectors]


def due_of(vector: Mapping[str, Any], calendar: Calendar) -> str:
    """Return the due time of one entry of a file, local to the minute."""
    limit = read_limit({**vector, "counting": vector.get("rule")})
    spans = (Span(SpanKind.STARTED, parse_instant(str(vector.get("start", "")))),)
    return local(due_at(limit, calendar, spans))


def show(derivation: Derivation) -> None:
    """Print the explanation, a sentence a line."""
    for step in derivation.steps:
        click.echo(step.text.to(language()))
