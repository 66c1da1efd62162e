"""Forms as clerks meet them: every mistake at once, in words, before anything is changed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.forms import EMPTY_FORM, Type, read_form
from engine.forms.clean import DEFAULT_LENGTH
from engine.forms.field import KINDS
from engine.forms.read import FIELD_KEYS, FORM_KEYS

PAGE = Path(__file__).parents[2] / "docs" / "forms.md"


def words(zh: str) -> dict[str, str]:
    return {"zh": zh, "en": zh.upper()}


CHECK = json.dumps(
    {
        "title": words("核查"),
        "fields": [
            {"name": "result", "type": "textarea", "label": words("办理结果"), "required": True},
            {
                "name": "reason",
                "type": "text",
                "label": words("返工原因"),
                "required_for": ["rework"],
                "max_length": 10,
            },
            {
                "name": "solved",
                "type": "choice",
                "label": words("是否解决"),
                "choices": [{"code": "yes", **words("是")}, {"code": "no", **words("否")}],
            },
            {
                "name": "means",
                "type": "choices",
                "label": words("措施"),
                "choices": [{"code": "a", **words("甲")}, {"code": "b", **words("乙")}],
            },
            {"name": "people", "type": "integer", "label": words("人数"), "min": 1, "max": 50},
            {"name": "seen", "type": "checkbox", "label": words("到过现场")},
            {"name": "day", "type": "date", "label": words("日期")},
            {"name": "eta", "type": "datetime", "label": words("预计到场")},
            {"name": "phone", "type": "phone", "label": words("电话")},
            {"name": "joined", "type": "reference", "label": words("并入")},
            {"name": "units", "type": "units", "label": words("单位"), "default": "dispatch"},
        ],
    }
)
FORM = read_form(CHECK)


def problems(values: dict[str, Any], outcome: str = "pass") -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        FORM.check(values, outcome=outcome)
    assert refusal.value.code == "form.invalid"
    return {name: str(text) for name, text in refusal.value.details["fields"].items()}


def test_what_holds_is_kept_clean() -> None:
    cleaned = FORM.check(
        {
            "result": "  已清运\r\n现场干净 ",
            "reason": "",
            "solved": "yes",
            "means": ["b", "a", "b"],
            "people": "12",
            "seen": "on",
            "day": "2026-05-01",
            "eta": "2026-05-01T09:00",
            "phone": "0357-2021234 转 12",
            "joined": " qy-2026-000001 ",
            "units": [{"unit": "SZ", "kind": "lead"}, {"unit": "CG", "kind": "assist"}],
        },
        outcome="pass",
    )
    assert cleaned == {
        "result": "已清运\n现场干净",
        "solved": "yes",
        "means": ["a", "b"],
        "people": 12,
        "seen": True,
        "day": "2026-05-01",
        "eta": "2026-05-01T01:00:00+00:00",
        "phone": "0357-2021234 转 12",
        "joined": "QY-2026-000001",
        "units": [{"unit": "SZ", "kind": "lead"}, {"unit": "CG", "kind": "assist"}],
    }
    codes, free = FORM.split(cleaned)
    assert free == {"result": "已清运\n现场干净", "phone": "0357-2021234 转 12"}
    assert set(codes) == set(cleaned) - set(free)


def test_all_mistakes_are_told_at_once() -> None:
    found = problems({"people": 51, "solved": "perhaps", "secret": 1}, "rework")
    assert found == {
        "secret": "这一步没有“secret”这一项",
        "result": "请填写“办理结果”",
        "reason": "请填写“返工原因”",
        "solved": "“是否解决”没有这个选项",
        "people": "“人数”不能大于 50",
    }


def test_a_field_may_be_needed_for_one_outcome_only() -> None:
    assert FORM.check({"result": "好"}, outcome="pass") == {"result": "好", "seen": False}
    assert set(problems({"result": "好"}, "rework")) == {"reason"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("result", 3),
        ("result", "   "),
        ("result", "有\x00字符"),
        ("result", "长" * 2_001),
        ("reason", "一二三四五六七八九十多"),
        ("reason", "两\n行"),
        ("solved", ["yes"]),
        ("means", "a"),
        ("means", [["a"]]),
        ("people", "many"),
        ("people", 0),
        ("people", 1.5),
        ("people", True),
        ("people", "9" * 30),
        ("seen", "maybe"),
        ("seen", 1),
        ("day", "2026-02-30"),
        ("day", 20260501),
        ("eta", "tomorrow"),
        ("joined", "第一件"),
        ("joined", 12),
        ("phone", "call me"),
        ("phone", "()()()"),
        ("units", "SZ"),
        ("units", ["SZ"]),
        ("units", [{"unit": "SZ", "kind": "boss"}]),
        ("units", [{"unit": "", "kind": "lead"}]),
        ("units", [{"unit": "SZ", "kind": "assist"}]),
        ("units", [{"unit": "SZ", "kind": "lead"}, {"unit": "CG", "kind": "lead"}]),
        ("units", [{"unit": "SZ", "kind": "lead"}, {"unit": "SZ", "kind": "assist"}]),
        ("units", [{"unit": "SZ", "kind": "lead", "salary": 1}]),
        ("units", [{"unit": "SZ", "kind": "lead", "duty_item": {"a": 1}}]),
        ("units", [{"unit": "SZ", "kind": "lead", "duty_item": "张三住三号楼"}]),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_the_field_s_label(name: str, value: Any) -> None:
    found = problems({"result": "好", name: value})
    assert list(found) == [name]
    label = next(field.label.to("zh") for field in FORM.fields if field.name == name)
    assert f"“{label}”" in found[name]


def test_a_box_that_must_be_ticked_is_not_filled_in_by_leaving_it() -> None:
    label = words("已确认")
    form = read_form(
        json.dumps(
            {"fields": [{"name": "ok", "type": "checkbox", "label": label, "required": True}]}
        )
    )
    assert form.check({"ok": True}) == {"ok": True}
    with pytest.raises(Invalid, match="请填写“已确认”"):
        form.check({"ok": False})


def test_defaults_are_read_from_the_data() -> None:
    rows = [{"unit": "SZ", "kind": "lead", "duty_item": "road"}]
    assert FORM.defaults({"dispatch": rows}) == {"units": rows}
    assert FORM.check({"result": "好", **FORM.defaults({"dispatch": rows})})["units"] == rows
    assert FORM.defaults({}) == {}


def test_lines_over_the_fields_tell_what_the_data_say_and_take_nothing() -> None:
    shows = [{"label": words("依据"), "value": "duty.clause"}]
    form = read_form(json.dumps({"shows": shows, "fields": []}))
    ((line, value),) = form.told({"duty": {"clause": "PH-01"}})
    assert (line.label.to("zh"), value) == ("依据", "PH-01")
    assert form.told({}) == []
    assert form.looks
    with pytest.raises(Invalid, match="没有“duty”这一项"):
        form.check({"duty": "PH-02"})


@pytest.mark.parametrize(
    "shows",
    [
        {},
        ["duty"],
        [{"label": words("依据")}],
        [{"label": "依据", "value": "duty"}],
        [{"label": words("依据"), "value": 3}],
        [{"label": words("依据"), "value": "open('x')"}],
        [{"label": words("依据"), "value": "duty", "name": "x"}],
        [{"label": words("依据"), "value": "duty", "words": 3}],
        [{"label": words("依据"), "value": "duty"}] * 11,
    ],
)
def test_lines_that_could_not_be_shown_are_refused(shows: object) -> None:
    with pytest.raises(Invalid):
        read_form(json.dumps({"shows": shows, "fields": []}))


def test_a_step_without_a_form_takes_no_fields() -> None:
    assert EMPTY_FORM.check({}) == {}
    with pytest.raises(Invalid, match="没有“note”这一项"):
        EMPTY_FORM.check({"note": "x"})


def test_labels_speak_the_reader_s_language() -> None:
    with pytest.raises(Invalid) as refusal:
        FORM.check({"result": "good", "people": 99})
    assert "人数" in refusal.value.sentence("zh")
    assert FORM.title is not None
    assert FORM.title.to("en") == "核查"


TEXT = {"name": "a", "type": "text", "label": words("甲")}


@pytest.mark.parametrize(
    "change",
    [
        {"name": "A"},
        {"name": "outcome"},
        {"name": "有"},
        {"name": None},
        {"type": "password"},
        {"type": None},
        {"label": None},
        {"label": "甲"},
        {"label": {"en": "A"}},
        {"help": ["x"]},
        {"required": "yes"},
        {"required_for": "rework"},
        {"required_for": [1]},
        {"asked_for": "rework"},
        {"max_length": 0},
        {"max_length": True},
        {"min": 1},
        {"choices": [{"code": "a", **words("甲")}]},
        {"type": "choice"},
        {"type": "choice", "choices": []},
        {"type": "choice", "choices": ["a"]},
        {"type": "choice", "choices": [{"code": "a"}]},
        {"type": "choice", "choices": [{"code": "a", **words("甲")}] * 2},
        {"type": "integer", "min": 3, "max": 1},
        {"type": "integer", "min": 1.5},
        {"default": 3},
        {"default": "open('x')"},
        {"placeholder": "x"},
    ],
)
def test_a_field_that_could_not_be_filled_in_is_refused_by_name(change: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        read_form(json.dumps({"fields": [TEXT | change]}))
    assert refusal.value.code == "form.bad_field"
    assert "表单字段" in str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        "[]",
        "{}",
        '{"fields": {}}',
        '{"fields": [1]}',
        '{"fields": [], "script": ""}',
        '{"fields": [' * 3_000,
        json.dumps({"fields": [TEXT] * 61}),
        json.dumps({"fields": [TEXT, TEXT]}),
        " " * 300_000,
    ],
    ids=range(11),
)
def test_a_file_that_is_no_form_is_refused(data: bytes | str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_form(data)
    assert refusal.value.code in ("form.malformed", "form.bad_field")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
NAMES = st.sampled_from([field.name for field in FORM.fields] + ["other"])


@given(st.dictionaries(NAMES, JSON, max_size=4))
@settings(max_examples=100, deadline=None)
def test_whatever_is_sent_gives_clean_values_or_one_refusal(values: dict[str, Any]) -> None:
    try:
        cleaned = FORM.check(values)
    except Invalid as refusal:
        found = refusal
    else:
        assert FORM.check(cleaned) == cleaned
        return
    assert found.details["fields"]


def rows_of(heading: str) -> set[str]:
    section = PAGE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))


def test_the_page_lists_what_the_reader_knows() -> None:
    assert rows_of("The file") == FORM_KEYS
    assert rows_of("A field") == FIELD_KEYS
    assert rows_of("Types") == {kind.value for kind in Type}
    assert rows_of("Kinds of units") == set(KINDS)
    for limit in DEFAULT_LENGTH.values():
        assert f"{limit:,}" in PAGE.read_text()
