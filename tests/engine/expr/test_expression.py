"""What designers write in conditions, timers and properties, and what it reads."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.errors import Broken, Invalid
from engine.expr import Call, compile_expression, lookup

CASE = {
    "case": {"urgency": "urgent", "priority": 2},
    "check": {"outcome": "pass", "notes": None},
    "departments": {"results": [{"unit": "SZ", "outcome": "done"}, {"unit": "CG"}]},
    "三率": 0.95,
}


def value(text: str, data: dict[str, Any] | None = None) -> Any:
    return compile_expression(text).value(CASE if data is None else data)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('check.outcome == "pass"', True),
        ('check["outcome"] != "rework"', True),
        ('case.urgency in ["urgent", "danger"] and not check.notes', True),
        ("case.priority + 1", 3),
        ("-case.priority", -2),
        ("7 // 2 + 7 % 4 - 3 * 2 / 4", 4.5),
        ("1 < case.priority <= 2", True),
        ("三率 >= 0.9", True),
        ('"二次" + "吹哨"', "二次吹哨"),
        ('"urgent" if case.priority > 1 else "normal"', "urgent"),
        ('{"unit": departments.results[0].unit, "round": 2}', {"unit": "SZ", "round": 2}),
        ('["SZ", "CG"] + [true, null]', ["SZ", "CG", True, None]),
        ("departments.results[-1].unit", "CG"),
        ('check.outcome == "pass"\n  and\tcase.priority == 2', True),
        ("true and not false and null is None", True),
        ('len == "a data key" or len(check) == 2', True),
    ],
)
def test_reads_like_the_diagram_says(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    ["nobody", "case.nothing.at.all", "check.outcome.length", "departments.results[9]", 'x["a"]'],
)
def test_what_is_missing_is_null(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize("text", ["nobody < 3", "3 >= nobody", "nobody > nobody", "1 in nobody"])
def test_an_order_with_null_is_false(text: str) -> None:
    assert value(text) is False


def test_true_is_not_one_and_text_is_not_a_number() -> None:
    assert not value("true == 1")
    assert not value('"1" == 1')
    assert value("1 == 1.0")


def test_time_is_counted() -> None:
    assert value('datetime("2026-05-01T09:00") + hours(2)') == datetime(2026, 5, 1, 3, tzinfo=UTC)
    assert value('date("2026-05-01") + days(3)') == date(2026, 5, 4)
    assert value('datetime("2026-05-02") - datetime("2026-05-01")') == timedelta(days=1)
    assert value('duration("PT30M") * 2 == hours(1)')
    assert value('date("2026-05-01") < date("2026-05-02")')


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("nobody + 1", "expression.wrong_kind", 1),
        ('3 < "4"', "expression.wrong_kind", 1),
        ('case.priority == 2 and "哨" * 3', "expression.wrong_kind", 24),
        ("1 / (case.priority - 2)", "expression.division_by_zero", 1),
        ("9223372036854775807 + 1", "expression.too_big", 1),
        ("1e308 * 10", "expression.too_big", 1),
        ('date("2026-05-01") + hours(1)', "expression.wrong_kind", 1),
        ('date("五一")', "expression.malformed", 1),
        ('due("answer")', "expression.function_not_here", 1),
    ],
)
def test_a_value_that_cannot_be_is_refused_where_it_stands(
    text: str, code: str, column: int
) -> None:
    with pytest.raises(Invalid) as refusal:
        value(text)
    assert refusal.value.code == code
    assert refusal.value.details["column"] == column


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "expression.empty"),
        ("1 +", "expression.syntax"),
        ("a = 1", "expression.syntax"),
        ("a\x00b", "expression.syntax"),
        ("nothing_known(1)", "expression.unknown_function"),
        ("len()", "expression.wrong_arguments"),
        ("len(value=a)", "expression.not_allowed"),
        ("sum(*a)", "expression.not_allowed"),
        ("a is b", "expression.not_allowed"),
        ("{a: 1}", "expression.not_allowed"),
        ("1e999", "expression.too_big"),
        ("b'bytes'", "expression.not_allowed"),
        ("1j", "expression.not_allowed"),
    ],
)
def test_what_is_not_in_the_language_is_refused_at_compile(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        compile_expression(text)
    assert refusal.value.code == code


def test_it_says_which_names_and_calls_it_holds() -> None:
    expression = compile_expression(
        'check.outcome == "pass" and case["urgency"] != case.mode and due("answer", x) > rows[0].at'
    )
    assert expression.names == ("check.outcome", "case.urgency", "case.mode", "x", "rows")
    assert expression.calls == (Call("due", ("answer", None)),)
    assert lookup("case.urgency", CASE) == "urgent"
    assert lookup("case.urgency.more", CASE) is None


def test_the_host_supplies_its_own_functions_and_its_refusals_pass() -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)

    def no_clock(_code: str) -> datetime:
        raise Broken("clock.unknown", None)  # type: ignore[arg-type]

    later = compile_expression('due("answer") + minutes(5)')
    assert later.value({}, {"due": lambda _code: at}) == at + timedelta(minutes=5)
    with pytest.raises(Broken, match=r"None"):
        later.value({}, {"due": no_clock})


def test_a_data_key_cannot_shadow_a_function() -> None:
    assert value("len(rows)", {"len": "mine", "rows": [1, 2]}) == 2


def test_evaluating_changes_no_data() -> None:
    data = {"a": [1]}
    assert value("a + [2]", data) == [1, 2]
    assert data == {"a": [1]}
