"""What must hold of any drawing, whenever one looks: the laws that every trial is judged by.

Each law looks at the rows as they stand and yields a sentence for what breaks it. The instants of
a clock are counted anew from its rule and its ledger, so that a stored due time is never its own
witness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

import orjson
import sqlalchemy as sa

from engine.bpmn.model import Kind
from engine.db.tables import event, incident, instance, job, sla_clock, sla_span, subscription
from engine.errors import ShaodaoError
from engine.i18n import Text, _
from engine.run.clocks import FIXED
from engine.run.folder import Folder, whole_name
from engine.run.rows import TIME_KINDS
from engine.sla.accountable import Hold, charges
from engine.sla.calendar import standard
from engine.sla.due_at import due_at, warn_at
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import read_limit
from engine.trail.check_chains import check_chains
from engine.trail.faults import Tally
from engine.trials.drawn import BoundTimer, timers_of
from engine.trials.stage import Row, Stage

WARNED, BREACHED, FIRED = "sla.warned", "sla.breached", "timer.fired"
CLOCKS = sa.select(sla_clock, instance.c.process).join(
    instance, instance.c.id == sla_clock.c.instance_id
)
SPANS = sa.select(sla_span).order_by(sla_span.c.clock_id, sla_span.c.seq)
RINGS = (
    sa.select(event, instance.c.process)
    .join(instance, instance.c.id == event.c.instance_id)
    .where(event.c.kind.in_((WARNED, BREACHED, FIRED)))
)
LEFT_OVER = {
    "work_item": sa.select(sa.func.count())
    .select_from(sa.table("work_item"))
    .where(sa.column("status") == "open"),
    "job": sa.select(sa.func.count()).select_from(job).where(job.c.instance_id.is_not(None)),
    "subscription": sa.select(sa.func.count()).select_from(subscription),
    "sla_clock": sa.select(sa.func.count())
    .select_from(sla_clock)
    .where(sla_clock.c.status.in_(("running", "paused"))),
    "instance": sa.select(sa.func.count())
    .select_from(instance)
    .where(instance.c.status == "active"),
}


@dataclass(frozen=True)
class Breach:
    """A law that does not hold. `law` is its code."""

    law: str
    text: Text


@dataclass(frozen=True)
class Seen:
    """What the laws look at: one moment of the case."""

    now: datetime
    folder: Folder
    clocks: Sequence[Row]
    spans: Mapping[UUID, Sequence[Span]]
    rings: Sequence[Row]
    incidents: Sequence[Row]

    @cached_property
    def rung(self) -> Counter[tuple[str, str]]:
        """How often each clock has warned and was breached, by its id."""
        bodies = ((row.kind, orjson.loads(bytes(row.body))["data"]) for row in self.rings)
        return Counter((kind, data["clock"]) for kind, data in bodies if kind != FIRED)


def look(stage: Stage) -> Seen:
    """Read what the laws look at."""
    queries = (CLOCKS, RINGS, SPANS, sa.select(incident).where(incident.c.resolved_at.is_(None)))
    with stage.engine.database.read() as connection:
        clocks, rings, spans, incidents = (list(connection.execute(each)) for each in queries)
    ledgers: dict[UUID, list[Span]] = {}
    for row in spans:
        ledgers.setdefault(row.clock_id, []).append(as_span(row))
    return Seen(stage.clock.now(), stage.folder, clocks, ledgers, rings, incidents)


def as_span(row: Row) -> Span:
    """Return a stored line of a ledger."""
    kind = SpanKind(row.kind)
    return Span(kind, row.at, holder=row.holder, times=row.times, until=row.until)


def counted(clock: Row, seen: Seen) -> Iterator[Text]:
    """A clock's instants are those that its rule, its calendar and its ledger give."""
    if clock.status not in ("running", "paused") or clock.rule.get("rule") == FIXED:
        return
    limit, spans = read_limit(clock.rule), seen.spans[clock.id]
    try:
        due, warn = due_at(limit, standard(), spans), warn_at(limit, standard(), spans)
    except ShaodaoError as error:
        yield error.text
        return
    if (clock.due_at, clock.warn_at) != (due, warn) and clock.status == "running":
        yield _("存的到期时间 {stored} 与按规则算出的 {due} 不符", stored=clock.due_at, due=due)


def in_time(clock: Row, seen: Seen) -> Iterator[Text]:
    """It warns from its warning on and is late from its due instant on, neither before."""
    if clock.status != "running":
        return
    for said, when, what in (
        (clock.warned_at, clock.warn_at, "warn"),
        (clock.breached_at, clock.due_at, "due"),
    ):
        if said is None and seen.now >= when:
            yield _("到了 {when}（{what}）却没有记录", when=when, what=what)
        if said is not None and seen.now < when and not moved(seen.spans[clock.id]):
            yield _("{when}（{what}）之前就有了记录", when=when, what=what)


def at_the_instant(clock: Row, seen: Seen) -> Iterator[Text]:
    """What is noted is noted at its own instant, however late it was noticed."""
    if moved(seen.spans[clock.id]):
        return
    for said, when in ((clock.warned_at, clock.warn_at), (clock.breached_at, clock.due_at)):
        if said is not None and said != when:
            yield _("记录的时间 {said} 不是应有的 {when}", said=said, when=when)


def met(clock: Row, seen: Seen) -> Iterator[Text]:  # noqa: ARG001
    """What was done before due is never late; what was done at due or later is."""
    if clock.stopped_at is None:
        return
    late = clock.stopped_at >= clock.due_at and clock.status == "met"
    if late and clock.breached_at is None:
        yield _("{at} 办结已逾期，却记为按时", at=clock.stopped_at)
    if clock.stopped_at < clock.due_at and clock.breached_at is not None:
        yield _("{at} 按时办结，却记为逾期", at=clock.stopped_at)


def rung_once(clock: Row, seen: Seen) -> Iterator[Text]:
    """A warning and a breach come once each, the warning first."""
    for kind, said in ((WARNED, clock.warned_at), (BREACHED, clock.breached_at)):
        times = seen.rung[kind, str(clock.id)]
        if times != (said is not None):
            yield _("{kind} 记了 {times} 次", kind=kind, times=times)
    if clock.warned_at and clock.breached_at and clock.warned_at > clock.breached_at:
        yield _("先逾期后预警")


def rested(clock: Row, seen: Seen) -> Iterator[Text]:
    """While a clock rests it neither warns nor is late."""
    spans = seen.spans[clock.id]
    for pause, after in zip(spans, [*spans[1:], None], strict=True):
        if pause.kind is not SpanKind.PAUSED:
            continue
        until = after.at if after else seen.now
        for said in (clock.warned_at, clock.breached_at):
            if said is not None and pause.at < said < until:
                yield _("缓办期间（{at} 起）仍在计时", at=pause.at)


def fired(clock: Row, seen: Seen) -> Iterator[Text]:
    """A timer drawn on a clock's own activity fires once, at the clock's own instant."""
    for timer in timers_of(seen.folder):
        said = clock.breached_at if timer.what == "due" else clock.warned_at
        if not hangs_on(timer, clock, seen.folder) or moved(seen.spans[clock.id]):
            continue
        at = [row.at for row in seen.rings if is_of(row, timer, clock)]
        if said is not None and at.count(said) != 1:
            yield _(
                "“{timer}”在 {at} 触发了 {n} 次", timer=timer.element, at=said, n=at.count(said)
            )


def moved(spans: Sequence[Span]) -> bool:
    """Tell whether a clock's instants have been others before."""
    return any(span.kind in (SpanKind.PAUSED, SpanKind.EXTENDED) for span in spans)


def hangs_on(timer: BoundTimer, clock: Row, folder: Folder) -> bool:
    """Tell whether a timer is armed together with a clock, and lives as long."""
    process = whole_name(clock.process)
    if (timer.process, timer.code) != (process, clock.code):
        return False
    node = folder.node(process, timer.element)
    if clock.element == process:
        drawn = folder.process(process).nodes
        outermost = node.scope in drawn and not drawn[node.scope].scope
        begins = node.kind is Kind.START_EVENT and outermost
        return begins and drawn[node.scope].triggered_by_event
    return node.attached_to == str(clock.element)


def is_of(row: Row, timer: BoundTimer, clock: Row) -> bool:
    """Tell whether an entry says that a timer fired beside a clock."""
    beside = row.instance_id == clock.instance_id
    return bool(beside and row.kind == FIRED and row.element == timer.element)


OF_CLOCKS: Final[Mapping[str, Callable[[Row, Seen], Iterator[Text]]]] = {
    "clock.counted": counted,
    "clock.in_time": in_time,
    "clock.instant": at_the_instant,
    "clock.met": met,
    "clock.once": rung_once,
    "clock.rested": rested,
    "timer.fired": fired,
}


def broken_now(stage: Stage) -> Iterator[Breach]:
    """Yield what does not hold of the case as it stands."""
    seen = look(stage)
    for row in seen.incidents:
        yield Breach("incident", _("“{at}”停下了：{why}", at=row.element or "", why=row.cause))
    for clock in seen.clocks:
        for law, holds in OF_CLOCKS.items():
            for text in holds(clock, seen):
                whose = {"element": clock.element, "code": clock.code}
                yield Breach(law, _("“{element}”的时限“{code}”：{text}", text=text, **whose))


def broken_at_the_end(stage: Stage) -> Iterator[Breach]:
    """Yield what does not hold of a case that has ended: nothing is left, the record is whole."""
    with stage.engine.database.read() as connection:
        for table, query in LEFT_OVER.items():
            if count := connection.scalar(query):
                yield Breach(
                    "end.left", _("结束后还有 {count} 条 {table}", count=count, table=table)
                )
        tally = Tally()
        check_chains(connection, tally)
        if tally.first is not None:
            yield Breach("trail.broken", tally.first.what)
        yield from unbalanced(connection)


def unbalanced(connection: sa.Connection) -> Iterator[Breach]:
    """Yield the case whose charged time is not the time that has passed."""
    (root,) = connection.execute(sa.select(instance).where(instance.c.parent_id.is_(None)))
    rows = connection.execute(sa.select(sla_clock))
    end = root.ended_at or root.last_at
    holds = [Hold(row.holder or "", row.started_at, row.stopped_at or end) for row in rows]
    charged = charges(holds, start=root.started_at, end=end)
    total = sum(((each.length) for each in charged), start=end - end)
    if total != end - root.started_at:
        yield Breach("time.balanced", _("计入各方的时间与实际经过的时间不等"))


def broken_late(stage: Stage) -> Iterator[Breach]:
    """Yield what is overdue and was not done: with the worker at work nothing is."""
    now = stage.clock.now()
    query = sa.select(job.c.element).where(job.c.kind.in_(TIME_KINDS), job.c.due_at <= now)
    for row in stage.rows(query):
        yield Breach("job.overdue", _("“{at}”已到时却没有办", at=row.element or ""))
