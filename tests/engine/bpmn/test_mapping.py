"""Texts of `in` and `out` properties."""

from __future__ import annotations

import pytest

from engine.bpmn.mapping import read_mapping
from engine.errors import Invalid


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", ()),
        ("unit = item.unit; kind = item.kind", (("unit", "item.unit"), ("kind", "item.kind"))),
        ("result", (("result", "result"),)),
        ("a = 1\nb = 2;", (("a", "1"), ("b", "2"))),
        ('a = "x; y = z"; b = 2', (("a", '"x; y = z"'), ("b", "2"))),
        ("same = a == b", (("same", "a == b"),)),
    ],
)
def test_a_mapping_is_a_list_of_assignments(text: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert read_mapping(text) == pairs


@pytest.mark.parametrize("text", ["a ==", "1 = a", "a.b = c", "a b", 'a = "open', "a ="])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_mapping(text)
    assert refusal.value.code == "mapping.malformed"
