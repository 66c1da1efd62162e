"""The registry of pure functions, and the page that lists it."""

import re
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Invalid
from engine.expr import HOST_FUNCTIONS, REGISTRY, compile_expression

PAGE = Path(__file__).parents[3] / "docs" / "expressions.md"
ROWS = {
    "rows": [{"unit": "SZ", "n": 3}, {"unit": "CG", "n": 1}, {"unit": "SZ"}],
    "words": ["a", None, 2],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("len(rows) + len(null) + len('哨到')", 5),
        ("sum(pluck(rows, 'n'))", 4),
        ("min(pluck(rows, 'n')) + max(1, 2, 3)", 4),
        ("min([])", None),
        ("abs(-3) + round(2.5) + floor(2.9) + ceil(2.1)", 11),
        ("round(-2.345, 2)", -2.35),
        ("round(7, 3)", 7),
        ("number(' 12 ') + number('1.5')", 13.5),
        (
            "[number('1_0'), number('nan'), number('十二'), number(null), number(3)]",
            [None] * 4 + [3],
        ),
        ("text(3) + text(true) + text(null) + text(date('2026-05-01'))", "3true2026-05-01"),
        ("upper('a') + lower('B') + trim('  c ')", "Abc"),
        ("contains('应哨', '哨') and contains([1, 2], 2) and not contains(null, 1)", True),
        ("starts_with('QY-03', 'QY') and ends_with('QY-03', '03')", True),
        ("join(words)", "a、2"),
        ("join(words, '/')", "a/2"),
        ("[first(rows).unit, last(rows).unit, first([]), last(null)]", ["SZ", "SZ", None, None]),
        ("len(where(rows, 'unit', 'SZ'))", 2),
        ("default(nobody, 5)", 5),
        ("text(days(1) + hours(2) + minutes(3))", "P1DT2H3M"),
        ("text(duration('PT0S'))", "PT0S"),
        ("date(null)", None),
    ],
)
def test_functions_do_what_their_line_says(text: str, expected: Any) -> None:
    assert compile_expression(text).value(ROWS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "len(3)",
        "sum(['a'])",
        "min(1, 'a')",
        "round(1.5, 99)",
        "round(1.5, -9)",
        "upper(3)",
        "pluck('text', 'key')",
        "join(words, 3)",
        "days(1e300)",
        "hours('2')",
        "duration('P1Y')",
        "sum([9223372036854775807, 1])",
    ],
)
def test_what_they_do_not_take_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"第 1 行"):
        compile_expression(text).value(ROWS)


def test_every_function_is_on_the_page_and_nothing_else_is() -> None:
    written = dict(re.findall(r"^\| `(\w+\([^`]*)` \| (.+?) \|$", PAGE.read_text(), re.MULTILINE))
    promised = {f.signature: " ".join(f.about.split()) for f in REGISTRY.values()}
    hosts = {signature for signature in written if signature.split("(")[0] in HOST_FUNCTIONS}
    assert {signature.split("(")[0] for signature in hosts} == HOST_FUNCTIONS
    assert {k: v for k, v in written.items() if k not in hosts} == promised
