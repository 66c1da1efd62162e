"""Script tasks: lines in order, data untouched, operations of the host."""

from typing import Any

import pytest

from engine.errors import Invalid
from engine.expr import compile_script


def test_later_lines_see_earlier_ones_and_the_data_stays_as_it_was() -> None:
    data = {"round": 1, "area": {"code": "QY"}}
    script = compile_script(
        """
        # a second whistle goes one rung up
        round = round + 1
        label = "第" + text(round) + "轮 " + area.code
        """
    )
    assert script.run(data) == {"round": 2, "label": "第2轮 QY"}
    assert data == {"round": 1, "area": {"code": "QY"}}
    assert script.names == ("round", "area.code")
    assert script.assigns == ("round", "label")


def test_operations_are_called_in_order_with_plain_values() -> None:
    heard: list[Any] = []
    script = compile_script('at = date("2026-05-01")\nnotify("SZ", role="dept", at=at)\nn = 1')
    answer = script.run({}, operations={"notify": lambda *a, **k: heard.append((a, k))})
    assert answer == {"at": "2026-05-01", "n": 1}
    assert heard == [(("SZ",), {"role": "dept", "at": "2026-05-01"})]
    assert script.operations == ("notify",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import os", 1),
        ("x = 1\nx.y = 2", 2),
        ("x = y = 1", 1),
        ("x, y = 1, 2", 1),
        ("x += 1", 1),
        ("x: int = 1", 1),
        ("(x := 1)", 1),
        ("while True: pass", 1),
        ("for a in b:\n  x = 1", 1),
        ("def f(): pass", 1),
        ("x = 1\n\nexit", 3),
        ("raise SystemExit", 1),
        ("a.notify(1)", 1),
        ("notify(**a)", 1),
        ("true = 1", 1),
        ("__builtins__ = 1", 1),
        ("del x", 1),
        ("x = 1\ny = 2 +", 2),
    ],
)
def test_a_line_of_another_kind_is_refused_with_its_number(text: str, line: int) -> None:
    with pytest.raises(Invalid) as refusal:
        compile_script(text)
    assert refusal.value.code.startswith("script.")
    assert refusal.value.details["line"] == line


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(Invalid, match="open"):
        compile_script('open("/etc/passwd")').run({})


def test_data_that_doubles_with_every_line_is_stopped() -> None:
    lines = ["a0 = [1, 1]"] + [f"a{i + 1} = [a{i}, a{i}]" for i in range(60)]
    with pytest.raises(Invalid) as refusal:
        compile_script("\n".join(lines)).run({})
    assert refusal.value.code == "script.too_big"


def test_an_empty_script_does_nothing() -> None:
    assert compile_script("  # later\n").run({"a": 1}) == {}
