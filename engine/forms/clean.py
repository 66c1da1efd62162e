"""One cleaner a field type: what was sent in, the value that scope data keep out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from engine.errors import Invalid
from engine.forms.field import LEAD, Field, Type
from engine.i18n import Text, _
from engine.sla.iso import parse_date, parse_instant

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
PHONE = re.compile(r"\+?[\d\s()\-]{3,24}(?:(?:转|x|ext\.?)\s*\d{1,6})?", re.ASCII | re.IGNORECASE)
UNIT = re.compile(r"[A-Za-z0-9][\w.\-]{0,39}", re.ASCII)
CODE = re.compile(r"[\w.\-]{1,64}", re.ASCII)  # stands in the trail: no words may pass for one
MOST_UNITS = 300
MOST_PHOTOS = 6
MAX_INTEGER = 2**53 - 1
DEFAULT_LENGTH: Mapping[Type, int] = {Type.TEXT: 200, Type.TEXTAREA: 2_000}
TRUE, FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")


class Wrong(Exception):
    """A value does not fit its field; becomes that field's sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def clean(field: Field, value: Any) -> Any:
    """Return the value a field keeps of what was sent, ready for JSON. Raises Wrong."""
    return CLEANERS[field.type](field, value)


def is_empty(value: Any) -> bool:
    """Return whether nothing was filled in."""
    return value is None or value in ("", [], ()) or (isinstance(value, str) and not value.strip())


def _written(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(_("“{label}”要填文字", label=field.label))
    return value.strip()


def _text(field: Field, value: Any) -> str:
    text = _written(field, value).replace("\r\n", "\n")
    if CONTROL.search(text):
        raise Wrong(_("“{label}”里有不能显示的字符，请删去", label=field.label))
    if field.type is Type.TEXT and "\n" in text:
        raise Wrong(_("“{label}”只能写一行", label=field.label))
    limit = field.max_length or DEFAULT_LENGTH[field.type]
    if len(text) > limit:
        count = len(text)
        raise Wrong(
            _(
                "“{label}”最多 {limit} 个字，现在有 {count} 个",
                label=field.label,
                limit=limit,
                count=count,
            )
        )
    return text


def _integer(field: Field, value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,15}\s*", value, re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_INTEGER:
        raise Wrong(_("“{label}”要填整数", label=field.label))
    if field.min is not None and value < field.min:
        raise Wrong(_("“{label}”不能小于 {limit}", label=field.label, limit=field.min))
    if field.max is not None and value > field.max:
        raise Wrong(_("“{label}”不能大于 {limit}", label=field.label, limit=field.max))
    return value


def _choice(field: Field, value: Any) -> str:
    found = next((choice.code for choice in field.choices if choice.code == value), None)
    if found is None:
        raise Wrong(_("“{label}”没有这个选项", label=field.label))
    return found


def _choices(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise Wrong(_("“{label}”要填一组选项", label=field.label))
    chosen = {_choice(field, each) for each in value}
    return [choice.code for choice in field.choices if choice.code in chosen]


def _checkbox(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in TRUE + FALSE:
        return value.strip().lower() in TRUE
    raise Wrong(_("“{label}”只能勾选或不勾选", label=field.label))


def _date(field: Field, value: Any) -> str:
    try:
        return parse_date(_written(field, value)).isoformat()
    except Invalid:
        raise Wrong(_("“{label}”不是日期，请写成 2026-05-01", label=field.label)) from None


def _datetime(field: Field, value: Any) -> str:
    try:
        return parse_instant(_written(field, value)).isoformat()
    except Invalid:
        raise Wrong(_("“{label}”不是时间，请写成 2026-05-01T09:00", label=field.label)) from None


def _phone(field: Field, value: Any) -> str:
    text = _written(field, value)
    if not PHONE.fullmatch(text) or sum(c.isdigit() for c in text) < 3:
        raise Wrong(_("“{label}”不是电话号码", label=field.label))
    return text


def _units(field: Field, value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list | tuple) or len(value) > MOST_UNITS:
        raise Wrong(_("“{label}”要填一组单位", label=field.label))
    found = [_unit(field, each) for each in value]
    codes = [each["unit"] for each in found]
    for code in codes:
        if codes.count(code) > 1:
            raise Wrong(_("“{label}”里单位“{unit}”重复了", label=field.label, unit=code))
    if LEAD in field.kinds and sum(each["kind"] == LEAD for each in found) != 1:
        raise Wrong(_("“{label}”要有且只有一个主办单位", label=field.label))
    return found


def _unit(field: Field, row: Any) -> dict[str, str]:
    if not isinstance(row, Mapping) or not set(row) <= {"unit", "kind", "duty_item"}:
        raise Wrong(_("“{label}”的每一行要有单位和类别", label=field.label))
    unit, kind, duty_item = row.get("unit"), row.get("kind"), row.get("duty_item")
    if not isinstance(unit, str) or not UNIT.fullmatch(unit):
        raise Wrong(_("“{label}”里有一行没有选单位", label=field.label))
    if kind not in field.kinds:
        raise Wrong(_("“{label}”里单位“{unit}”的承办方式不对", label=field.label, unit=unit))
    kept = {"unit": unit, "kind": str(kind)}
    if duty_item:
        if not isinstance(duty_item, str) or not CODE.fullmatch(duty_item):
            raise Wrong(_("“{label}”里单位“{unit}”的职责事项不对", label=field.label, unit=unit))
        kept["duty_item"] = duty_item
    return kept


def _photos(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MOST_PHOTOS:
        raise Wrong(_("“{label}”最多 {limit} 张照片", label=field.label, limit=MOST_PHOTOS))
    try:
        return list(dict.fromkeys(str(UUID(each)) for each in value))
    except (ValueError, TypeError, AttributeError):
        raise Wrong(_("“{label}”要填已经上传的照片", label=field.label)) from None


def _reference(field: Field, value: Any) -> str:
    number = _written(field, value).upper()
    if not CODE.fullmatch(number):
        raise Wrong(_("“{label}”要填编号，只含字母、数字和横线", label=field.label))
    return number


CLEANERS: Mapping[Type, Callable[[Field, Any], Any]] = {
    Type.TEXT: _text,
    Type.TEXTAREA: _text,
    Type.INTEGER: _integer,
    Type.CHOICE: _choice,
    Type.CHOICES: _choices,
    Type.CHECKBOX: _checkbox,
    Type.DATE: _date,
    Type.DATETIME: _datetime,
    Type.PHONE: _phone,
    Type.UNITS: _units,
    Type.PHOTO: _photos,
    Type.REFERENCE: _reference,
}
