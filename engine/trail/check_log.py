"""The log of heads: each leaf against its entry, each root and signature, a head from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select

from engine.db.tables import instance, log_head, log_leaf
from engine.db.types import EPOCH
from engine.i18n import Text, _
from engine.secrets import Keys
from engine.trail.beside import Beside, leaves
from engine.trail.check_chains import stream
from engine.trail.faults import Fault, Tally
from engine.trail.heads import SignedHead
from engine.trail.log import leaf_data
from engine.trail.merkle import Tree

HEADS = select(log_head).order_by(log_head.c.size)

UNLOGGED = select(instance.c.id, instance.c.head_seq, instance.c.last_at).where(
    ~instance.c.unsealed,
    instance.c.head_seq > 0,
    ~select(log_leaf.c.position)
    .where(log_leaf.c.instance_id == instance.c.id, log_leaf.c.seq == instance.c.head_seq)
    .exists(),
)


def check_log(
    connection: sa.Connection,
    keys: Keys,
    tally: Tally,
    *,
    outside: SignedHead | None,
    beside: Sequence[Beside],
) -> None:
    """Grow the tree anew from its leaves and add what does not fit to `tally`."""
    names = {chain.id: chain.name for chain in beside}
    heads = stream(connection, HEADS)
    due: Any = next(heads, None)
    last: Any = None
    tree = Tree()
    for row in stream(connection, leaves(beside)):
        if fault := leaf_fault(row, tree.size, at=due.at if due else EPOCH):
            tally.add(named(fault, names))
        tree = tree.add(leaf_data(row.instance_id, row.seq, bytes(row.head)))
        tally.leaves += 1
        if outside and outside.size == tree.size:
            check_outside(outside, tree, tally)
        if due and due.size == tree.size:
            check_head(due, tree, keys, tally)
            due, last = next(heads, None), due
    check_rest(due, last, tree, tally)
    if outside and outside.size > tree.size:
        what = _(
            "日志只有 {size} 片，短于外部日志头的 {outside} 片：有记录被删除",
            size=tree.size,
            outside=outside.size,
        )
        tally.add(Fault(outside.at, what))
    for row in stream(connection, UNLOGGED):
        tally.add(Fault(row.last_at, _("链头没有记入日志"), row.id, row.head_seq))


def leaf_fault(row: Any, position: int, *, at: datetime) -> Fault | None:
    """Compare a leaf with the entry it was made from, and return what is wrong with it."""
    if row.position != position:
        return Fault(at, _("日志缺少第 {position} 片", position=position))
    if row.hash is None:
        return Fault(at, _("记录已缺失，但日志有它"), row.instance_id, row.seq)
    if bytes(row.hash) != bytes(row.head):
        what = _("此条或更早的记录在写入日志后被改写")
        return Fault(row.recorded_at, what, row.instance_id, row.seq)
    return None


def named(fault: Fault, names: Mapping[UUID, Text]) -> Fault:
    """Return a fault of a chain beside the trail with that chain's name in it."""
    chain = names.get(fault.instance) if fault.instance else None
    if chain is None:
        return fault
    what = _("{chain}第 {seq} 条：{what}", chain=chain, seq=fault.seq, what=fault.what)
    return Fault(fault.at, what)


def check_head(row: Any, tree: Tree, keys: Keys, tally: Tally) -> None:
    """Compare a signed head with the tree of its size."""
    head = SignedHead.of_row(row)
    tally.heads += 1
    if (head.root, bytes(row.peaks)) != (tree.root(), tree.packed()):
        tally.add(Fault(head.at, _("日志头 {size} 与日志内容不符", size=head.size)))
    elif not head.genuine(keys):
        tally.add(Fault(head.at, _("日志头 {size} 的签名无效", size=head.size)))


def check_outside(outside: SignedHead, tree: Tree, tally: Tally) -> None:
    """Compare the head that was kept outside with the tree of its size."""
    if outside.root != tree.root():
        what = _("外部日志头 {size} 与日志内容不符：此前的记录被改写", size=outside.size)
        tally.add(Fault(outside.at, what))


def check_rest(due: Any, last: Any, tree: Tree, tally: Tally) -> None:
    """After the last leaf no head may be left over, and none may be missing for it."""
    covered = last.size if last else 0
    if due is not None:
        tally.add(Fault(due.at, _("日志缺少第 {position} 片", position=tree.size)))
    elif covered != tree.size:
        at = last.at if last else EPOCH
        tally.add(Fault(at, _("日志第 {position} 片起没有签名", position=covered)))
