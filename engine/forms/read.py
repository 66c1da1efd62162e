"""form.json: bytes to a form. A form that could not be filled in is refused with its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from engine.errors import Invalid
from engine.expr import Expression, compile_expression
from engine.forms.field import KINDS, Choice, Field, Shown, Type
from engine.forms.form import Form
from engine.i18n import Text, _
from engine.labels import Label, read_label

MAX_BYTES = 200_000
MAX_FIELDS = 60
MAX_SHOWN = 10
MAX_CHOICES = 500
MAX_LENGTH = 20_000
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}", re.ASCII)
RESERVED = frozenset({"outcome"})  # a work item's own key beside its fields

FORM_KEYS = frozenset({"title", "shows", "fields"})
SHOWN_KEYS = frozenset({"label", "value", "words"})
FIELD_KEYS = frozenset(
    {"name", "type", "label", "help", "required", "required_for", "asked_for", "default"}
    | {"max_length", "min", "max", "choices", "kinds"}
)
ONLY_FOR: Mapping[str, frozenset[Type]] = {
    "max_length": frozenset({Type.TEXT, Type.TEXTAREA}),
    "min": frozenset({Type.INTEGER}),
    "max": frozenset({Type.INTEGER}),
    "choices": frozenset({Type.CHOICE, Type.CHOICES}),
    "kinds": frozenset({Type.UNITS}),
}


def read_form(data: bytes | str) -> Form:
    """Return the form of a form.json.

    Raises Invalid("form.malformed") for what is no such file and Invalid("form.bad_field") with
    the field's name in the sentence.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("form.malformed", _("表单文件太大"))
    try:
        written = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        sentence = _("表单文件第 {line} 行不是正确的 JSON", line=error.lineno)
        raise Invalid("form.malformed", sentence) from None
    if not isinstance(written, dict) or not isinstance(written.get("fields"), list):
        raise Invalid("form.malformed", _("表单文件要有字段列表“fields”"))
    for key in written:
        if key not in FORM_KEYS:
            raise Invalid("form.malformed", _("表单文件不认识“{key}”", key=str(key)[:40]))
    if len(written["fields"]) > MAX_FIELDS:
        raise Invalid("form.malformed", _("表单最多 {limit} 个字段", limit=MAX_FIELDS))
    fields = tuple(_FieldReader(each).field() for each in written["fields"])
    names = [field.name for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise Invalid("form.bad_field", _("表单有两个字段“{name}”", name=name))
    return Form(fields, read_label(written.get("title")), _shows(written.get("shows", [])))


def _shows(written: Any) -> tuple[Shown, ...]:
    """Return the lines over the fields. Raises Invalid("form.malformed")."""
    if not isinstance(written, list) or len(written) > MAX_SHOWN:
        raise Invalid("form.malformed", _("“shows”要写成一组，最多 {limit} 行", limit=MAX_SHOWN))
    return tuple(map(_shown, written))


def _shown(written: Any) -> Shown:
    whole = isinstance(written, dict) and {"label", "value"} <= set(written) <= SHOWN_KEYS
    label = read_label(written["label"]) if whole else None
    if label is None or not all(
        isinstance(written.get(key, ""), str) for key in ("value", "words")
    ):
        raise Invalid("form.malformed", _("“shows”的每一行要写 label 和 value"))
    return Shown(label, compile_expression(written["value"]), written.get("words", ""))


class _FieldReader:
    """Reads one field; holds it, so that each refusal can name it."""

    def __init__(self, written: Any) -> None:
        if not isinstance(written, dict):
            raise Invalid("form.malformed", _("表单的每个字段要写成一组键和值"))
        self.written: dict[str, Any] = written

    def field(self) -> Field:
        """Return the field. Raises Invalid("form.bad_field")."""
        kind = self._type()
        for key in self.written:
            if key not in FIELD_KEYS:
                raise self._refuse(_("不认识“{key}”", key=key[:40]))
            if kind not in ONLY_FOR.get(key, frozenset(Type)):
                raise self._refuse(_("类型“{type}”不能有“{key}”", type=kind.value, key=key))
        least, most = self._whole("min"), self._whole("max")
        if least is not None and most is not None and least > most:
            raise self._refuse(_("min 大于 max"))
        return Field(
            name=self._name(),
            type=kind,
            label=self._label("label") or self._missing("label"),
            help=self._label("help"),
            required=self._flag("required"),
            required_for=self._codes("required_for"),
            asked_for=self._codes("asked_for"),
            max_length=self._length(),
            min=least,
            max=most,
            choices=self._choices(kind),
            kinds=self._kinds(),
            default=self._default(),
        )

    def _name(self) -> str:
        name = self.written.get("name")
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in RESERVED:
            raise self._refuse(
                _("名字要以小写字母开头，只含小写字母、数字和下划线，不能是 outcome")
            )
        return name

    def _type(self) -> Type:
        try:
            return Type(str(self.written.get("type")))
        except ValueError:
            raise self._refuse(_("类型不对，可用 {known}", known="、".join(Type))) from None

    def _label(self, key: str) -> Label | None:
        if key not in self.written:
            return None
        label = read_label(self.written[key])
        if label is None:
            raise self._refuse(_("“{key}”要写成 zh 和 en 两种文字", key=key))
        return label

    def _missing(self, key: str) -> Label:
        raise self._refuse(_("缺“{key}”", key=key))

    def _flag(self, key: str) -> bool:
        value = self.written.get(key, False)
        if not isinstance(value, bool):
            raise self._refuse(_("“{key}”只能是 true 或 false", key=key))
        return value

    def _codes(self, key: str) -> tuple[str, ...]:
        value = self.written.get(key, [])
        if not isinstance(value, list) or not all(_is_code(code) for code in value):
            raise self._refuse(_("“{key}”要写成一组代码", key=key))
        return tuple(value)

    def _whole(self, key: str) -> int | None:
        value = self.written.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self._refuse(_("“{key}”要写成整数", key=key))
        return value

    def _length(self) -> int | None:
        length = self._whole("max_length")
        if length is not None and not 1 <= length <= MAX_LENGTH:
            raise self._refuse(_("“max_length”要在 1 到 {limit} 之间", limit=MAX_LENGTH))
        return length

    def _choices(self, kind: Type) -> tuple[Choice, ...]:
        if kind not in ONLY_FOR["choices"]:
            return ()
        value = self.written.get("choices")
        if not isinstance(value, list) or not 1 <= len(value) <= MAX_CHOICES:
            raise self._refuse(_("要有 1 到 {limit} 个选项“choices”", limit=MAX_CHOICES))
        found = tuple(self._choice(each) for each in value)
        if len({choice.code for choice in found}) != len(found):
            raise self._refuse(_("有两个选项的代码相同"))
        return found

    def _kinds(self) -> tuple[str, ...]:
        chosen = self._codes("kinds") or KINDS
        if not set(chosen) <= set(KINDS):
            raise self._refuse(_("“kinds”只能写 {known}", known="、".join(KINDS)))
        return tuple(kind for kind in KINDS if kind in chosen)

    def _choice(self, written: Any) -> Choice:
        code = written.get("code") if isinstance(written, dict) else None
        label = read_label({k: v for k, v in written.items() if k != "code"}) if code else None
        if not _is_code(code) or label is None:
            raise self._refuse(_("每个选项要写 code、zh 和 en"))
        return Choice(str(code), label)

    def _default(self) -> Expression | None:
        value = self.written.get("default")
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._refuse(_("“default”要写成表达式文字"))
        try:
            return compile_expression(value)
        except Invalid as refusal:
            raise self._refuse(refusal.text) from None

    def _refuse(self, reason: Text) -> Invalid:
        name = str(self.written.get("name") or "?")[:40]
        sentence = _("表单字段“{name}”：{reason}", name=name, reason=reason)
        return Invalid("form.bad_field", sentence, field=name)


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and CODE.fullmatch(value) is not None
