"""A record that was left alone verifies; whatever is done to it by hand is found and named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from engine.db.tables import event, event_value, instance, log_head, log_leaf
from engine.errors import Invalid
from engine.trail.chain import FIRST, seal
from engine.trail.heads import SignedHead
from engine.trail.log import last_head
from engine.trail.verify import Report, verify

if TYPE_CHECKING:
    from tests.engine.trail.conftest import District


def check(district: District, head: SignedHead | None = None) -> Report:
    with district.database.read() as connection:
        return verify(connection, district.keys, head)


def head_of(district: District) -> SignedHead:
    with district.database.read() as connection:
        head = last_head(connection)
    assert head is not None
    return head


def test_an_empty_record_is_consistent(district: District) -> None:
    report = check(district)
    assert (report.ok, report.entries, report.unguarded) == (True, 0, ())


def test_a_record_left_alone_is_consistent_and_with_a_head_from_outside_complete(
    district: District,
) -> None:
    cases = [district.start() for _ in range(3)]
    district.seal()
    kept = SignedHead.read(head_of(district).written())
    district.say(cases[0], "路灯已修好，张师傅到场")
    district.seal()
    alone, proved = check(district), check(district, kept)
    assert (alone.ok, alone.proved, proved.proved) == (True, False, True)
    assert (alone.entries, alone.instances, alone.leaves, alone.heads) == (7, 3, 4, 2)
    assert "未证明完整" in str(alone.says)
    assert "得到重现" in str(proved.says)


def test_words_stand_beside_the_trail_and_can_be_erased(district: District) -> None:
    case = district.start()
    district.say(case, "居民李四的电话是 13812345678")
    with district.database.read() as connection:
        bodies = connection.execute(sa.select(event.c.body)).scalars().all()
    assert not [body for body in bodies if "李四".encode() in bytes(body)]
    district.by_hand(sa.update(event_value).values(value=None, salt=None))
    report = check(district)
    assert (report.ok, report.erased) == (True, 2)


def test_guards_refuse_a_change_until_they_are_dropped_which_is_told(
    district: District, unguarded: Callable[[], None]
) -> None:
    district.start()
    district.seal()
    for table in (event, log_leaf, log_head):
        for statement in (sa.delete(table), sa.update(table).values({table.c[0]: table.c[0]})):
            with pytest.raises(sa.exc.IntegrityError, match="append-only"):
                district.by_hand(statement)
    unguarded()
    report = check(district)
    assert (report.ok, report.unguarded) == (False, ("event",))


@pytest.mark.parametrize("column", ["body", "hash", "kind", "at", "actor"])
def test_a_row_changed_by_hand_is_named(
    district: District, unguarded: Callable[[], None], column: str
) -> None:
    cases = [district.start() for _ in range(3)]
    district.say(cases[1], "已到场")
    unguarded()
    new = {
        "body": b'{"v":1}',
        "hash": bytes(32),
        "kind": "work_item.cancelled",
        "at": district.clock.forward(hours=1),
        "actor": cases[0],
    }[column]
    entry = (event.c.instance_id == cases[1]) & (event.c.seq == 2)
    district.by_hand(sa.update(event).where(entry).values({column: new}))
    bad = check(district).first_bad
    assert bad is not None
    assert (bad.instance, bad.seq) == (cases[1], 2)


def test_of_many_faults_the_one_recorded_first_is_named(
    district: District, unguarded: Callable[[], None]
) -> None:
    cases = [district.start() for _ in range(3)]
    for case in reversed(cases):
        district.say(case, "已到场")
    unguarded()
    district.by_hand(sa.update(event).where(event.c.seq == 3).values(kind="forged"))
    report = check(district)
    assert report.first_bad is not None
    assert (report.faults, report.first_bad.instance) == (3, cases[2])
    assert str(cases[2]) in str(report.says)


def test_changed_added_and_missing_words_are_named(district: District) -> None:
    case = district.start()
    district.say(case, "已到场")
    note = event_value.c.field == "note"
    extra = {"instance_id": case, "seq": 1, "field": "x", "value": "y", "salt": b"z"}
    for change, seq in (
        (sa.update(event_value).where(note).values(value="未到场"), 3),
        (sa.insert(event_value).values(extra), 1),
        (sa.delete(event_value).where(note), 1),  # the one before is still first
    ):
        district.by_hand(change)
        bad = check(district).first_bad
        assert bad is not None
        assert (bad.instance, bad.seq) == (case, seq)


def test_words_without_an_entry_are_named(district: District) -> None:
    case = district.start()
    extra = {"instance_id": case, "seq": 9, "field": "x", "value": "y", "salt": b"z"}
    district.by_hand(sa.insert(event_value).values(extra))
    bad = check(district).first_bad
    assert bad is not None
    assert (bad.instance, bad.seq) == (case, 9)


@pytest.mark.parametrize(("gone", "named"), [(1, 1), (2, 2), (3, 3)])
def test_a_deleted_entry_is_named(
    district: District, unguarded: Callable[[], None], gone: int, named: int
) -> None:
    case = district.start()
    district.say(case, "已到场")
    unguarded()
    district.by_hand(sa.delete(event).where(event.c.seq == gone))
    bad = check(district).first_bad
    assert bad is not None
    assert (bad.instance, bad.seq) == (case, named)


def rewrite(district: District, case: object) -> None:
    """Write a case's whole chain anew, hashes and head too: what only the log can tell."""
    with district.database.write() as connection:
        rows = connection.execute(
            sa.select(event).where(event.c.instance_id == case).order_by(event.c.seq)
        ).all()
        previous = FIRST
        for row in rows:
            body = bytes(row.body).replace(b'"outcome":"pass"', b'"outcome":"fail"')
            previous = seal(previous, body)
            key = (event.c.instance_id == case) & (event.c.seq == row.seq)
            connection.execute(sa.update(event).where(key).values(body=body, hash=previous))
        connection.execute(
            sa.update(instance)
            .where(instance.c.id == case)
            .values(head_hash=previous, unsealed=False)
        )


def test_a_chain_written_anew_is_told_by_the_log(
    district: District, unguarded: Callable[[], None]
) -> None:
    case, _other = district.start(), district.start()
    district.say(case, "已到场")
    district.seal()
    unguarded()
    rewrite(district, case)
    bad = check(district).first_bad
    assert bad is not None
    assert (bad.instance, bad.seq) == (case, 3)


def test_a_case_taken_away_with_all_its_entries_is_named(
    district: District, unguarded: Callable[[], None]
) -> None:
    case, _other = district.start(), district.start()
    district.seal()
    unguarded()
    district.by_hand(
        sa.delete(event).where(event.c.instance_id == case),
        sa.delete(instance).where(instance.c.id == case),
    )
    bad = check(district).first_bad
    assert bad is not None
    assert (bad.instance, bad.seq) == (case, 2)


def drop_guards_of_log(district: District) -> None:
    for table in ("log_leaf", "log_head"):
        if district.database.dialect == "postgresql":
            district.by_hand(sa.text(f"DROP TRIGGER {table}_append_only ON {table}"))
        else:
            district.by_hand(
                sa.text(f"DROP TRIGGER {table}_no_update"),
                sa.text(f"DROP TRIGGER {table}_no_delete"),
            )


def test_a_log_cut_short_is_told_by_the_head_from_outside(
    district: District, unguarded: Callable[[], None]
) -> None:
    case = district.start()
    district.seal()
    district.say(case, "已到场")
    district.seal()
    kept = head_of(district)
    unguarded()
    drop_guards_of_log(district)
    with district.database.read() as connection:
        old = connection.execute(sa.select(event.c.hash).where(event.c.seq == 2)).scalar_one()
    district.by_hand(
        sa.delete(event).where(event.c.seq == 3),
        sa.delete(event_value),
        sa.delete(log_leaf).where(log_leaf.c.position == 1),
        sa.delete(log_head).where(log_head.c.size == 2),
        sa.update(instance).values(head_seq=2, head_hash=old, unsealed=False),
    )
    assert check(district).first_bad is None  # nothing inside can tell
    told = check(district, kept)
    assert told.first_bad is not None
    assert "有记录被删除" in str(told.says)


def test_a_head_of_the_log_changed_by_hand_is_told(district: District) -> None:
    district.start()
    district.seal()
    drop_guards_of_log(district)
    district.by_hand(sa.update(log_head).values(at=district.clock.forward(days=1)))
    assert "签名无效" in str(check(district).says)
    district.by_hand(sa.update(log_leaf).values(seq=1))
    report = check(district)
    assert report.faults == 3  # the leaf, the head over it, and the instance without a leaf


def test_a_head_that_our_keys_did_not_sign_is_refused(district: District) -> None:
    district.start()
    district.seal()
    forged = replace(head_of(district), root=bytes(32))
    with pytest.raises(Invalid) as refused:
        check(district, forged)
    assert refused.value.code == "head.forged"


def test_entries_can_be_checked_with_nothing_but_sha256(district: District) -> None:
    case = district.start()
    district.say(case, "已到场")
    previous = bytes(32)
    with district.database.read() as connection:
        for row in connection.execute(sa.select(event).order_by(event.c.seq)):
            said = json.loads(row.body)
            previous = hashlib.sha256(b"\x00" + previous + bytes(row.body)).digest()
            assert previous == bytes(row.hash)
            assert said["instance"] == str(case)
            assert json.dumps(
                said, sort_keys=True, separators=(",", ":"), ensure_ascii=False
            ).encode() == bytes(row.body)
