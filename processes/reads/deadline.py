"""Why a clock of a case is due when it is: its derivation, for those who may read the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.tables import instance, sla_clock, sla_span, table_version
from engine.errors import NotFound
from engine.i18n import Text, _
from engine.run.clock_moves import limit_of
from engine.run.clocks import stored_span
from engine.run.plugins import Calendars
from engine.sla.calendar import standard
from engine.sla.derivation import Derivation, derive
from engine.sla.words import instant_words
from processes.reads.found import find_case
from processes.reads.reader import Reader

CLOCK: Final = (
    sa.select(
        sla_clock.c.code,
        sla_clock.c.rule,
        instance.c.definition_id,
        instance.c.process,
        sla_span.c.kind,
        sla_span.c.at,
        sla_span.c.reason,
        sla_span.c.holder.label("span_holder"),
        sla_span.c.times,
        sla_span.c.until,
    )
    .join(sla_span, sla_span.c.clock_id == sla_clock.c.id)
    .join(instance, instance.c.id == sla_clock.c.instance_id)
    .where(sla_clock.c.id == sa.bindparam("clock"), sla_clock.c.root_id == sa.bindparam("case"))
    .order_by(sla_span.c.seq)
)


SINCE: Final = sa.select(table_version.c.effective_from).where(
    table_version.c.id == sa.bindparam("version")
)


@dataclass(frozen=True)
class Explained:
    """A clock's name and the whole count."""

    label: str
    derivation: Derivation
    sentences: tuple[str, ...]


def explained(
    reader: Reader, actor: Actor, number: str, *, clock: UUID, calendars: Calendars
) -> Explained:
    """Return the derivation of a case's clock, counted again from its ledger by its own calendar.

    Raises NotFound("case.unknown" or "clock.unknown"), Conflict("clock.fixed").
    """
    case = find_case(reader, actor, number).row
    asked = {"clock": clock, "case": case.id}
    rows = reader.connection.execute(CLOCK, asked).all()
    if not rows:
        raise NotFound("clock.unknown", _("这件事没有这个时限，请刷新页面。"))
    rule = rows[0].rule
    chosen = rule.get("calendar")
    calendar = (
        calendars.pinned(reader.connection, chosen["code"], chosen["version"])
        if chosen
        else standard()
    )
    spans = [stored_span(row) for row in rows]
    derivation = derive(limit_of(rule), calendar, spans, table=row_words(reader, rule))
    return Explained(
        label=reader.drawn(rows[0]).word("clocks", rows[0].code),
        derivation=derivation,
        sentences=tuple(reader.say(step.text) for step in derivation.steps),
    )


def row_words(reader: Reader, rule: Mapping[str, Any]) -> Text | None:
    """Return which row of which version of the table gave a limit."""
    since = reader.connection.scalar(SINCE, {"version": UUID(rule["table"])})
    if since is None:
        return None
    return _("第 {row} 行，版本自 {since} 起生效", row=rule["row"], since=instant_words(since))
