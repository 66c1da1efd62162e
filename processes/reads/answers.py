"""What was filled into a form, in words, for the time line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.forms import Field, Form, Type
from engine.i18n import _
from processes.reads.reader import Reader

HERE: Final = ZoneInfo("Asia/Shanghai")
STOPS: Final = "。；;. "  # a field's own stop would stand before the next field's semicolon


def answers(
    reader: Reader, form: Form, values: Mapping[str, Any], *, units: Mapping[str, str]
) -> str:
    """Return the filled fields in the order of the form: "办理情况：…；是否解决：已解决".

    Photos are no words: they are shown beside them.
    """
    said = (
        reader.say(
            _(
                "{label}：{value}",
                label=field.label,
                value=in_words(reader, field, value, units).rstrip(STOPS),
            )
        )
        for field in form.fields
        if field.type is not Type.PHOTO
        and (value := values.get(field.name)) not in (None, "", [], False)
    )
    return reader.say(_("；")).join(said)


def in_words(reader: Reader, field: Field, value: Any, units: Mapping[str, str]) -> str:
    """Return one field's value as people read it."""
    match field.type:
        case Type.CHOICE:
            return chosen(reader, field, value)
        case Type.CHOICES:
            return listed(reader, [chosen(reader, field, each) for each in value])
        case Type.CHECKBOX:
            return reader.say(_("是"))
        case Type.DATETIME:
            return local(str(value))
        case Type.UNITS:
            return listed(reader, [with_kind(reader, each, units) for each in value])
        case _other:
            return str(value)


def chosen(reader: Reader, field: Field, code: str) -> str:
    """Return the words of a choice, its code where the form has changed since."""
    label = next((choice.label for choice in field.choices if choice.code == code), None)
    return reader.say(label) if label else str(code)


def with_kind(reader: Reader, row: Mapping[str, str], units: Mapping[str, str]) -> str:
    """Return a unit with the way it takes part: "水务局（主办）"."""
    name = units.get(row["unit"], row["unit"])
    return reader.say(_("{name}（{kind}）", name=name, kind=reader.word("kinds", row["kind"])))


def listed(reader: Reader, words: list[str]) -> str:
    """Return a list as a sentence has it."""
    return reader.say(_("、")).join(words)


def local(instant: str) -> str:
    """Return a stored instant as the wall clock had it: "05-01 09:30"."""
    return datetime.fromisoformat(instant).astimezone(HERE).strftime("%m-%d %H:%M")
