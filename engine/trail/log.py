"""The log of heads: one Merkle tree over all instances, grown every minute, each root signed.

A chain proves that its entries follow each other; only the log proves that a whole chain was not
written anew. Who keeps a signed head outside can tell later that nothing before it was changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select, update

from engine.db.tables import instance, log_head, log_leaf
from engine.secrets import Keys
from engine.trail.beside import Beside, Moved, moved_ends
from engine.trail.heads import SignedHead, head_message
from engine.trail.merkle import Tree

LOG_LOCK = 0x4C6F6721  # key of the advisory lock: one writer of the log at a time
BATCH = 1000  # leaves a transaction; their instances are locked until it commits


def leaf_data(instance_id: UUID, seq: int, head: bytes) -> bytes:
    """Return the data of a leaf: 16 bytes id, 8 bytes number (big-endian), 32 bytes hash."""
    return instance_id.bytes + seq.to_bytes(8, "big") + head


LEAF_STANDS = (
    select(log_leaf.c.position)
    .where(log_leaf.c.instance_id == instance.c.id, log_leaf.c.seq == instance.c.head_seq)
    .exists()
)

UNSEALED = (
    select(instance.c.id, instance.c.head_seq, instance.c.head_hash, LEAF_STANDS.label("stands"))
    .where(instance.c.unsealed)
    .order_by(instance.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=instance)
)

MARK_SEALED = (
    update(instance)
    .where(instance.c.id.in_(bindparam("sealed", expanding=True)))
    .values(unsealed=False)
)


def seal_minute(
    connection: sa.Connection,
    keys: Keys,
    now: datetime,
    *,
    limit: int = BATCH,
    beside: Sequence[Beside] = (),
) -> int:
    """Add a leaf for each instance whose head moved since its last leaf, and sign the new root.

    So with the chains `beside`. Returns how many instances were looked at: call again, in a new
    transaction, while it is `limit`. Instances that a command holds just now come next time.
    Nothing moved, nothing signed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(sa.func.pg_advisory_xact_lock(LOG_LOCK)))
    moved = connection.execute(UNSEALED, {"limit": limit}).all()
    fresh = [
        Moved(row.id, row.head_seq, bytes(row.head_hash))
        for row in moved
        if not row.stands and row.head_seq > 0
    ]
    fresh += moved_ends(connection, beside)
    if fresh:
        grow(connection, keys, now, fresh)
    if moved:
        connection.execute(MARK_SEALED, {"sealed": [row.id for row in moved]})
    return len(moved)


def grow(connection: sa.Connection, keys: Keys, now: datetime, moved: Sequence[Moved]) -> None:
    """Write the leaves of `moved` and one signed head over the tree with them."""
    tree = last_tree(connection)
    leaves: list[dict[str, Any]] = []
    for each in moved:
        leaves.append(
            {"position": tree.size, "instance_id": each.id, "seq": each.seq, "head": each.head}
        )
        tree = tree.add(leaf_data(*each))
    connection.execute(insert(log_leaf), leaves)
    connection.execute(insert(log_head), signed_row(tree, keys, now))


def signed_row(tree: Tree, keys: Keys, now: datetime) -> dict[str, Any]:
    """Return the row of a head over `tree`, signed now."""
    root, key = tree.root(), keys.signer
    return {
        "size": tree.size,
        "at": now,
        "root": root,
        "peaks": tree.packed(),
        "key": key,
        "signature": keys.sign(head_message(tree.size, now, root, key)),
    }


def last_tree(connection: sa.Connection) -> Tree:
    """Return the tree as the last head left it."""
    newest = select(log_head.c.size, log_head.c.peaks).order_by(log_head.c.size.desc()).limit(1)
    row = connection.execute(newest).first()
    return Tree.unpacked(row.size, bytes(row.peaks)) if row else Tree()


def last_head(connection: sa.Connection) -> SignedHead | None:
    """Return the newest signed head, for keeping it outside; None before the first."""
    row = connection.execute(select(log_head).order_by(log_head.c.size.desc()).limit(1)).first()
    return SignedHead.of_row(row) if row else None
