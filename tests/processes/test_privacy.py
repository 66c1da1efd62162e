"""Reporters stay unknown to who need not know them, and who looked is on record."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.actor import Actor
from engine.db.connect import Database
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.secrets import Keys
from processes.privacy import (
    Sealed,
    mask_address,
    mask_name,
    mask_phone,
    normal_phone,
    record_reading,
)
from processes.privacy_chain import seal_readings, verify_readings
from processes.privacy_tables import access_entry, access_pending

CASE = UUID(int=5)
SECRETARY = Actor(id=UUID(int=9))


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("欧阳小红", "欧***"), ("李", "*"), ("", ""), (" 张三 ", "张*")],
)
def test_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("010-69291234", "010****1234"),
        ("69291234", "******34"),
        ("12345", "***45"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_phones(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("清源街道康庄路12号3单元501", "清源街道康庄路****"),
        ("幸福小区7栋", "幸福小区****"),
        ("三里屯路", "三里屯路"),
        ("7号楼", "****"),
        ("", ""),
    ],
)
def test_addresses(address: str, masked: str) -> None:
    assert mask_address(address) == masked


@settings(max_examples=80)
@given(st.text(max_size=30))
def test_a_mask_never_shows_more_than_half_a_phone_or_a_second_sign_of_a_name(text: str) -> None:
    shown = sum(sign.isdigit() for sign in mask_phone(text))
    assert shown == 0 or shown * 3 <= len(normal_phone(text)) * 2 + 1
    assert mask_name(text).count("*") >= len(text.strip()) - 1


@pytest.mark.parametrize(
    "phone",
    [
        "13812345678",
        "+8613812345678",
        "0086 138 1234 5678",
        "１３８１２３４５６７８",
        "(86)138-12345678",
    ],
)
def test_a_phone_is_found_however_it_is_written(phone: str) -> None:
    sealed = Sealed(Keys.random(), "case_file")
    assert sealed.phone_index(phone) == sealed.phone_index("138 1234 5678")
    assert sealed.phone_index(phone) != sealed.phone_index("13812345679")


def test_nothing_is_sealed_as_nothing() -> None:
    sealed = Sealed(Keys.random(), "case_file")
    assert sealed.seal(None, column="reporter_name", row=CASE) is None
    assert sealed.seal("", column="reporter_name", row=CASE) is None
    assert sealed.open(None, column="reporter_name", row=CASE) == ""
    assert sealed.phone_index("无") is None
    kept = sealed.seal("张三", column="reporter_name", row=CASE)
    assert sealed.open(kept, column="reporter_name", row=CASE) == "张三"


def read_cases(database: Database, clock: ManualClock, ids: CountingIds, times: int) -> None:
    for _ in range(times):
        fields = {"reporter_phone", "reporter_name"}
        now = clock.forward(seconds=1)
        with database.write() as connection:
            record_reading(connection, SECRETARY, case=CASE, fields=fields, now=now, ids=ids)


def test_readings_are_chained_in_batches(
    database: Database, clock: ManualClock, ids: CountingIds
) -> None:
    read_cases(database, clock, ids, 5)
    sealed = []
    for _ in range(4):
        with database.write() as connection:
            sealed.append(seal_readings(connection, limit=2))
    assert sealed == [2, 2, 1, 0]
    with database.read() as connection:
        report = verify_readings(connection)
        first = connection.execute(sa.select(access_entry).order_by(access_entry.c.seq)).first()
        assert connection.execute(sa.select(access_pending)).all() == []
    assert (report.ok, report.entries) == (True, 5)
    assert first is not None
    assert (first.actor, first.case_id) == (SECRETARY.id, CASE)
    assert b'"fields":["reporter_name","reporter_phone"]' in bytes(first.body)


def test_a_reading_taken_away_or_changed_is_told(
    database: Database, clock: ManualClock, ids: CountingIds
) -> None:
    read_cases(database, clock, ids, 3)
    with database.write() as connection:
        seal_readings(connection)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), database.write() as connection:
        connection.execute(sa.delete(access_entry))
    drop_guards(database)
    with database.write() as connection:
        connection.execute(
            sa.update(access_entry).where(access_entry.c.seq == 3).values(body=b"{}")
        )
        connection.execute(sa.delete(access_entry).where(access_entry.c.seq == 2))
    with database.read() as connection:
        report = verify_readings(connection)
    assert (report.ok, report.first_bad) == (False, 2)


def drop_guards(database: Database) -> None:
    statements = (
        ["DROP TRIGGER access_entry_append_only ON access_entry"]
        if database.dialect == "postgresql"
        else ["DROP TRIGGER access_entry_no_update", "DROP TRIGGER access_entry_no_delete"]
    )
    with database.write() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
