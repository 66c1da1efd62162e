"""Schemas derived from rows say exactly what the rows hold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from uuid import UUID

import pytest

from processes.reads import rows
from web.api.schemas import schema_of

WHEN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("row", [rows.Inbox, rows.CasePage, rows.CaseRow, rows.OverdueRow])
def test_a_schema_has_the_fields_of_its_row(row: type) -> None:
    assert set(schema_of(row)().fields) == {field.name for field in fields(row)}


def test_rows_come_out_as_json_can_hold_them() -> None:
    deadline = rows.Deadline("answer", "应哨", WHEN, WHEN, WHEN, None, False, "SZ", "市政")
    row = rows.OverdueRow("QY-2026-000001", "路灯不亮", "应哨", "市政", "一网格", 0, deadline)
    said = schema_of(rows.OverdueRow)().dump(row)
    assert said["deadline"]["due_at"] == "2026-03-02T01:00:00+00:00"
    assert said["deadline"]["stopped_at"] is None


def test_ids_and_choices() -> None:
    item = rows.FormField("solved", "choice", "是否解决", "", True, None, (("yes", "已解决"),))
    assert schema_of(rows.FormField)().dump(item)["choices"] == [["yes", "已解决"]]
    photo = rows.Photo(UUID(int=7), 10, 20, "现场")
    assert schema_of(rows.Photo)().dump(photo)["id"] == str(UUID(int=7))


def test_what_has_no_schema_is_a_mistake_of_ours() -> None:
    @dataclass(frozen=True)
    class Odd:
        value: complex

    with pytest.raises(TypeError):
        schema_of(Odd)
