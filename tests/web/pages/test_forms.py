"""What browsers send, as values for the form's check."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from processes.reads.rows import FormField
from web.pages.forms import read_step


def field(name: str, kind: str) -> FormField:
    return FormField(name, kind, name, "", required=False)


def read(pairs: list[tuple[str, str]], *fields: FormField) -> dict[str, Any]:
    return read_step(MultiDict(pairs), fields)


def test_values_have_the_type_of_their_field() -> None:
    values = read(
        [
            ("result", " 已修复 "),
            ("people", "3"),
            ("tools", "saw"),
            ("tools", "rope"),
            ("ok", "on"),
        ],
        field("result", "textarea"),
        field("people", "integer"),
        field("tools", "choices"),
        field("ok", "checkbox"),
    )
    assert values == {"result": "已修复", "people": 3, "tools": ["saw", "rope"], "ok": True}


def test_a_number_that_is_none_is_left_to_the_check() -> None:
    assert read([("people", "三")], field("people", "integer")) == {"people": "三"}


def test_units_come_in_rows_and_rows_without_a_unit_are_left_out() -> None:
    pairs = [
        ("units.unit", "SZ"),
        ("units.kind", "lead"),
        ("units.unit", ""),
        ("units.kind", "assist"),
    ]
    assert read(pairs, field("units", "units")) == {"units": [{"unit": "SZ", "kind": "lead"}]}


def test_empty_and_unknown_fields_are_not_sent_on() -> None:
    pairs = [("note", "  "), ("csrf_token", "x"), ("outcome", "pass")]
    assert read(pairs, field("note", "text"), field("unticked", "checkbox")) == {"unticked": False}
