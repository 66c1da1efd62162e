"""What a report must be before it becomes a case."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Invalid
from processes.reports import (
    LONGEST_TITLE,
    check_reference,
    check_urgency,
    checked_description,
    checked_instant,
    checked_word,
    title_of,
)

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def code_of(refused: pytest.ExceptionInfo[Invalid]) -> str:
    return refused.value.code


def test_the_title_is_the_first_sentence() -> None:
    assert title_of("康庄路井盖破损。夜里看不见，请尽快修。") == "康庄路井盖破损"


def test_a_long_first_sentence_is_cut_with_a_sign_that_says_so() -> None:
    title = title_of("积水" * 40)
    assert len(title) == LONGEST_TITLE
    assert title.endswith("…")


@given(st.text(min_size=1))
@settings(max_examples=100)
def test_every_accepted_description_gives_a_title(text: str) -> None:
    with suppress(Invalid):
        description = checked_description(text)
        assert 0 < len(title_of(description)) <= LONGEST_TITLE
        assert "\x00" not in description


@pytest.mark.parametrize("text", ["", "  \n ", "。。", "\x00"])
def test_saying_nothing_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_description(text)
    assert code_of(refused) == "case.description_empty"
    assert "description" in refused.value.details["fields"]


def test_too_much_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        checked_description("长" * 4001)
    assert code_of(refused) == "case.description_too_long"
    with pytest.raises(Invalid) as refused:
        checked_word("address", "路" * 201)
    assert code_of(refused) == "case.text_too_long"


def test_a_clock_slightly_ahead_counts_as_now() -> None:
    assert checked_instant(NOW + timedelta(minutes=4), NOW) == NOW
    assert checked_instant(None, NOW) == NOW


EAST = timezone(timedelta(hours=14))


@pytest.mark.parametrize(
    ("instant", "code"),
    [
        (NOW + timedelta(days=1), "case.reported_in_future"),
        (datetime(1915, 4, 15, tzinfo=UTC), "case.reported_too_early"),
        (datetime.min.replace(tzinfo=EAST), "case.reported_too_early"),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))), "case.reported_in_future"),
        (datetime(2026, 3, 1), "case.reported_at_naive"),  # noqa: DTZ001 - what is refused
    ],
)
def test_an_instant_that_cannot_be_is_refused(instant: datetime, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_instant(instant, NOW)
    assert code_of(refused) == code


@pytest.mark.parametrize("reference", ["", "张三 138", "a\x00b", "a\nb", "x" * 101])
def test_a_source_s_number_is_no_text(reference: str) -> None:
    check_reference("RX-1107/2026")
    with pytest.raises(Invalid) as refused:
        check_reference(reference)
    assert code_of(refused) == "case.reference_invalid"


def test_an_urgency_is_one_of_three() -> None:
    check_urgency("danger")
    with pytest.raises(Invalid):
        check_urgency("asap")
