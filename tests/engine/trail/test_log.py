"""Every minute the log gets a leaf for each instance that moved, and one signed head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from engine.db.tables import instance, log_head, log_leaf
from engine.errors import Invalid
from engine.trail.heads import SignedHead
from engine.trail.log import UNSEALED

if TYPE_CHECKING:
    from tests.engine.trail.conftest import District


def leaves(district: District) -> list[tuple[int, object, int]]:
    with district.database.read() as connection:
        query = sa.select(log_leaf.c.position, log_leaf.c.instance_id, log_leaf.c.seq)
        rows = connection.execute(query.order_by(log_leaf.c.position))
        return [(row.position, row.instance_id, row.seq) for row in rows]


def heads(district: District) -> list[int]:
    with district.database.read() as connection:
        return list(connection.execute(sa.select(log_head.c.size).order_by("size")).scalars())


def test_only_what_moved_gets_a_leaf(district: District) -> None:
    first, second = district.start(), district.start()
    assert district.seal() == 2
    assert district.seal() == 0
    district.say(second, "已到场")
    district.say(second, "已修好")
    assert district.seal() == 1
    assert leaves(district) == [(0, first, 2), (1, second, 2), (2, second, 4)]
    assert heads(district) == [2, 3]


def test_a_change_without_an_entry_gives_no_second_leaf(district: District) -> None:
    district.start()
    district.seal()
    district.by_hand(sa.update(instance).values(priority=1))
    assert district.seal() == 1
    assert (len(leaves(district)), heads(district)) == (1, [1])


def test_a_flood_is_sealed_in_batches(district: District) -> None:
    for _ in range(5):
        district.start()
    assert [district.seal(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert heads(district) == [2, 4, 5]


# PostgreSQL would scan a table this small whatever stands beside it.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_moved_is_found_by_an_index(district: District) -> None:
    with district.database.read() as connection:
        text = str(UNSEALED.compile(connection))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (10, 0))
        assert "ix_instance_unsealed" in str(plan.all())


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_a_case_that_a_command_holds_waits_for_the_next_minute(district: District) -> None:
    held, free = district.start(), district.start()
    lock = sa.select(instance).where(instance.c.id == held).with_for_update()
    with district.database._engines.writer.begin() as other:
        other.execute(lock)
        assert district.seal() == 1
    assert district.seal() == 1
    assert [case for _, case, _ in leaves(district)] == [free, held]


@pytest.mark.parametrize("text", [b"", b"[]", b'{"v":2}', b'{"v":1,"size":"x"}', b"\xff"])
def test_a_file_that_is_no_head_is_refused(text: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        SignedHead.read(text)
    assert refused.value.code == "head.unreadable"
