"""A form: checks all its fields at once, and tells codes from free text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.errors import Invalid
from engine.expr import plain
from engine.forms.clean import Wrong, clean, is_empty
from engine.forms.field import Field, Shown, Type
from engine.i18n import Text, _
from engine.labels import Label

NO_FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType({})


@dataclass(frozen=True)
class Form:
    """The fields of a step, in the order shown, under the lines that only tell something."""

    fields: tuple[Field, ...]
    title: Label | None = None
    shows: tuple[Shown, ...] = ()

    def check(self, values: Mapping[str, Any], *, outcome: str = "") -> dict[str, Any]:
        """Return the cleaned values; fields left empty are not among them.

        Raises Invalid("form.invalid") whose `details["fields"]` has a sentence for every field
        that is wrong, unknown ones included.
        """
        problems: dict[str, Text] = {
            name: _("这一步没有“{name}”这一项", name=name[:40])
            for name in values
            if name not in self._names
        }
        cleaned: dict[str, Any] = {}
        for field in self.fields:
            try:
                self._take(field, values.get(field.name), outcome, cleaned)
            except Wrong as wrong:
                problems[field.name] = wrong.text
        if problems:
            raise invalid(problems)
        return cleaned

    def split(self, cleaned: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Return checked values as (codes, words): words enter the trail as digests only."""
        free = {field.name for field in self.fields if field.is_free_text}
        codes = {name: value for name, value in cleaned.items() if name not in free}
        words = {name: str(value) for name, value in cleaned.items() if name in free}
        return codes, words

    def defaults(
        self, data: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]] = NO_FUNCTIONS
    ) -> dict[str, Any]:
        """Return what the form shows at first, evaluated over `data`; empty defaults left out."""
        found = {
            field.name: plain(field.default.value(data, functions))
            for field in self.fields
            if field.default is not None
        }
        return {name: value for name, value in found.items() if not is_empty(value)}

    @property
    def looks(self) -> bool:
        """Whether what it shows at first depends on the data."""
        return bool(self.shows) or any(field.default is not None for field in self.fields)

    def told(self, data: Mapping[str, Any]) -> list[tuple[Shown, str]]:
        """Return the lines over the fields, evaluated over `data`; empty ones left out."""
        found = ((line, plain(line.value.value(data, NO_FUNCTIONS))) for line in self.shows)
        return [(line, str(value)) for line, value in found if not is_empty(value)]

    @property
    def _names(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields)

    def _take(self, field: Field, value: Any, outcome: str, cleaned: dict[str, Any]) -> None:
        if field.type is Type.CHECKBOX and is_empty(value):
            value = False
        if not is_empty(value):
            cleaned[field.name] = clean(field, value)
        # A box that must be ticked is not filled in by leaving it.
        if field.is_needed(outcome) and cleaned.get(field.name) in (None, False):
            raise Wrong(_("请填写“{label}”", label=field.label))


EMPTY_FORM = Form(())
"""The form of a step that asks for nothing but its outcome."""


def invalid(problems: Mapping[str, Text]) -> Invalid:
    """Return the refusal of a form for the sentences of its wrong fields."""
    return Invalid("form.invalid", _sentence(problems), fields=dict(problems))


def _sentence(problems: Mapping[str, Text]) -> Text:
    first = next(iter(problems.values()))
    if len(problems) == 1:
        return _("表单没有填对：{first}", first=first)
    return _("表单有 {count} 处没有填对，第一处：{first}", count=len(problems), first=first)
