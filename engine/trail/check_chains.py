"""Every chain from its first entry to the head its instance knows, in one pass, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, func, select

from engine.db.tables import event, event_value, instance
from engine.db.types import EPOCH
from engine.i18n import _
from engine.trail.chain import START, Head
from engine.trail.check_entry import Value, entry_fault
from engine.trail.faults import Fault, Tally

AT_ONCE = 1000  # rows held in memory

OF_ENTRY = and_(event_value.c.instance_id == event.c.instance_id, event_value.c.seq == event.c.seq)

ENTRIES = (
    select(
        event,
        instance.c.head_seq,
        instance.c.head_hash,
        event_value.c.field,
        event_value.c.value,
        event_value.c.salt,
    )
    .outerjoin(instance, instance.c.id == event.c.instance_id)
    .outerjoin(event_value, OF_ENTRY)
    .order_by(event.c.instance_id, event.c.seq)
)

EMPTY_CHAINS = select(instance.c.id, instance.c.last_at).where(
    instance.c.head_seq > 0,
    ~select(event.c.seq).where(event.c.instance_id == instance.c.id).exists(),
)

LAST_RECORDED = (
    select(func.max(event.c.recorded_at))
    .where(event.c.instance_id == event_value.c.instance_id)
    .correlate(event_value)
    .scalar_subquery()
)

ORPHANS = select(event_value.c.instance_id, event_value.c.seq, LAST_RECORDED.label("at")).where(
    ~select(event.c.seq).where(OF_ENTRY).correlate(event_value).exists()
)


def stream(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    """Yield the rows of a query without holding them all."""
    with connection.execute(query.execution_options(yield_per=AT_ONCE)) as rows:
        yield from rows


def check_chains(connection: sa.Connection, tally: Tally) -> None:
    """Check entries, words and heads of all instances and add what is wrong to `tally`."""
    chains = groupby(stream(connection, ENTRIES), key=lambda row: row.instance_id)
    for _instance, rows in chains:
        tally.instances += 1
        check_chain(rows, tally)
    for row in stream(connection, EMPTY_CHAINS):
        tally.add(Fault(row.last_at, _("全部记录缺失"), row.id, 1))
    for row in stream(connection, ORPHANS):
        tally.add(Fault(row.at or EPOCH, _("文字没有对应的记录"), row.instance_id, row.seq))


def check_chain(rows: Iterator[Any], tally: Tally) -> None:
    """Check one chain; each entry comes once for each of its words, at least once."""
    head, row = START, None
    for _seq, group in groupby(rows, key=lambda row: row.seq):
        same = list(group)
        row = same[0]
        values: dict[str, Value] = {r.field: (r.value, r.salt) for r in same if r.field}
        tally.entries += 1
        tally.erased += sum(words is None for words, _salt in values.values())
        what = entry_fault(row, head, values)
        if what:
            tally.add(Fault(row.recorded_at, what, row.instance_id, min(row.seq, head.seq + 1)))
        head = Head(row.seq, bytes(row.hash))
    if row is not None:
        check_end(row, tally)


def check_end(last: Any, tally: Tally) -> None:
    """Compare the last entry of a chain with the head its instance knows."""
    if last.head_seq is None:
        what, seq = _("所属实例已不存在"), last.seq
    elif last.head_seq > last.seq:
        what, seq = _("缺少第 {seq} 条记录", seq=last.seq + 1), last.seq + 1
    elif (last.head_seq, bytes(last.head_hash)) != (last.seq, bytes(last.hash)):
        what, seq = _("末尾记录与实例的链头不符"), last.seq
    else:
        return
    tally.add(Fault(last.recorded_at, what, last.instance_id, seq))
