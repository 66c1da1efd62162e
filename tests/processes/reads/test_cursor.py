"""Cursors carry a sort key to the next page and nothing else; what is made up is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.db.types import from_microseconds, to_microseconds
from engine.errors import Invalid
from processes.reads.case import latest_parts
from processes.reads.cursor import read_cursor, write_cursor

FAR = to_microseconds(datetime(9999, 1, 1, tzinfo=UTC))  # where steps without a clock are sorted
INSTANTS = st.integers(0, FAR).map(from_microseconds)


@settings(max_examples=60)
@given(priority=st.integers(0, 2), instant=INSTANTS, ident=st.uuids())
def test_what_was_written_is_read_back(priority: int, instant: datetime, ident: UUID) -> None:
    text = write_cursor(priority, instant, ident)
    assert read_cursor(text, int, datetime, UUID) == [priority, instant, ident]
    assert text.isascii()


@settings(max_examples=100)
@given(text=st.text(max_size=400))
def test_made_up_text_is_one_sentence_and_never_a_crash(text: str) -> None:
    with suppress(Invalid):
        read_cursor(text, int, datetime, UUID)


def test_a_cursor_of_another_list_is_refused() -> None:
    of_cases = write_cursor(datetime(2026, 3, 2, tzinfo=UTC), UUID(int=7))
    with pytest.raises(Invalid) as refused:
        read_cursor(of_cases, int, datetime, UUID)
    assert refused.value.code == "cursor.malformed"


def test_of_a_unit_s_parts_the_latest_is_shown() -> None:
    class Part:
        def __init__(self, unit: str | None, name: str) -> None:
            self.unit, self.name = unit, name

    parts = (Part("SZ", "first"), Part("CG", "only"), Part(None, "a piece"), Part("SZ", "again"))
    assert [each.name for each in latest_parts(parts)] == ["again", "only"]
