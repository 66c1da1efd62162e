"""Mapping files: how a row of a foreign table becomes a report. One TOML format (docs/mappings.md).

A mapping is read once and checked whole; converting a row is then pure. What a row gets wrong is
said in one sentence; what the file gets wrong is said before the first row is touched.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import Invalid
from engine.i18n import _
from engine.sla.iso import shown

T = TypeVar("T")

FIELDS: Final = (
    "external_ref",
    "reported_at",
    "title",
    "description",
    "category",
    "urgency",
    "area",
    "address",
    "reporter_name",
    "reporter_phone",
)
REPLAY: Final = "replay"
KEYS: Final = frozenset({"name", "zone", "encoding", "fields", "values", "areas"})
REQUIRED: Final = ("external_ref", "description", "category", "area")


@dataclass(frozen=True)
class FieldRule:
    """Where one field of a report comes from.

    `columns` are tried in order: the first that is filled (and, with `values`, known there) wins.
    `constant` stands for every row. `default` is taken where no column gives anything.
    """

    columns: tuple[str, ...] = ()
    constant: str = ""
    default: str = ""
    values: str = ""  # name of a table under [values]
    format: str = ""  # of an instant, as strptime reads it; ISO 8601 without


@dataclass(frozen=True)
class UnitRule:
    """A unit that is created where it does not exist yet."""

    code: str
    name: str
    kind: str
    parent: str | None = None


@dataclass(frozen=True)
class AreaRules:
    """How names of areas become units: known names with their codes, under one named parent."""

    create: bool = False
    kind: str = "community"
    parent: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    above: tuple[UnitRule, ...] = ()  # the parent and what stands over it, from the top

    def units(self, code: str) -> tuple[UnitRule, ...]:
        """Return the units to create for an area, from the top; none where not allowed."""
        if not self.create:
            return ()
        name = next(name for name, each in self.codes.items() if each == code)
        return (*self.above, UnitRule(code, name, self.kind, self.parent or None))


@dataclass(frozen=True)
class CaseMapping:
    """A whole mapping. `name` becomes the source of the cases it brings in."""

    name: str
    zone: ZoneInfo
    encoding: str
    fields: Mapping[str, FieldRule]
    values: Mapping[str, Mapping[str, str]]
    areas: AreaRules

    def columns(self) -> frozenset[str]:
        """Return every column the file must have."""
        return frozenset(column for rule in self.fields.values() for column in rule.columns)

    def convert(self, row: Mapping[str, str]) -> dict[str, Any]:
        """Return the fields of a report. Raises Invalid("import.…") for what cannot be read."""
        found: dict[str, Any] = {
            name: self.text(name, rule, row) for name, rule in self.fields.items()
        }
        for name in REQUIRED:
            if not found[name]:
                raise Invalid("import.field_empty", _("这一行缺少必填内容 {name}。", name=name))
        found["area"] = self._area(found["area"])
        if "reported_at" in found:
            layout = self.fields["reported_at"].format
            found["reported_at"] = self.instant(found["reported_at"], layout)
        return {name: value for name, value in found.items() if value not in ("", None)}

    def text(self, name: str, rule: FieldRule, row: Mapping[str, str]) -> str:
        """Return a field's text, "" where the row has none. Raises Invalid("import.…_unknown")."""
        if rule.constant:
            return rule.constant
        filled = [text for column in rule.columns if (text := row[column].strip())]
        if not rule.values:
            return filled[0] if filled else rule.default
        known = self.values[rule.values]
        for text in filled:
            if text in known:
                return known[text]
        if rule.default or not filled:
            return rule.default
        raise Invalid(
            f"import.{name}_unknown",
            _("映射文件里没有“{text}”的对应值，请补充后再导入。", text=shown(filled[0])),
        )

    def _area(self, name: str) -> str:
        """Return an area's code."""
        if name not in self.areas.codes:
            raise Invalid(
                "import.area_unknown",
                _("映射文件里没有名为“{name}”的区域，请补充代码后再导入。", name=shown(name)),
            )
        return self.areas.codes[name]

    def instant(self, text: str, layout: str = "") -> datetime | None:
        """Return an instant, in the mapping's zone where the text names none; None for "".

        Raises Invalid("import.date").
        """
        if not text:
            return None
        try:
            read = datetime.strptime(text, layout) if layout else datetime.fromisoformat(text)  # noqa: DTZ007 - zone added below
        except ValueError as error:
            sentence = _("“{text}”不是有效的日期时间。", text=shown(text))
            raise Invalid("import.date", sentence) from error
        return read if read.tzinfo else read.replace(tzinfo=self.zone)


def read_mapping(path: Path) -> CaseMapping:
    """Read and check a mapping file. Raises Invalid("mapping.…").

    What a replay needs beside it is read by processes/replay/rules.py.
    """
    raw = read_toml(path)
    raw.pop(REPLAY, None)
    return parsed(path, raw)


def read_toml(path: Path) -> dict[str, Any]:
    """Return a mapping file as it is written. Raises Invalid("mapping.…")."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid("mapping.missing", _("找不到映射文件 {path}。", path=path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise wrong(path, _("不是合法的 TOML：{cause}", cause=error)) from error


def parsed(path: Path, raw: dict[str, Any]) -> CaseMapping:
    """Build the mapping from its TOML, and check that it holds together."""
    try:
        refuse_other_than_text(raw)
        areas = dict(raw.get("areas", {}))
        above = tuple(build(UnitRule, unit) for unit in areas.pop("above", ()))
        if unknown := raw.keys() - KEYS:
            raise KeyError(min(unknown))
        mapping = CaseMapping(
            name=raw["name"],
            zone=ZoneInfo(raw.get("zone", "Asia/Shanghai")),
            encoding=raw.get("encoding", "utf-8"),
            fields={name: field_rule(rule) for name, rule in raw["fields"].items()},
            values=raw.get("values", {}),
            areas=build(AreaRules, {**areas, "above": above}),
        )
        refuse_misshapen(mapping)
    except ZoneInfoNotFoundError as error:
        raise wrong(path, _("没有名为 {zone} 的时区", zone=raw["zone"])) from error
    except KeyError as error:
        raise wrong(path, _("缺少 {name}，或不认识它", name=error.args[0])) from error
    except (TypeError, AttributeError, ValueError) as error:
        raise wrong(path, _("有一节的写法不对，请对照 docs/mappings.md")) from error
    check(path, mapping)
    return mapping


def refuse_other_than_text(value: Any, name: str = "") -> None:
    """Refuse numbers and dates, which TOML knows and codes, names and columns never are."""
    if isinstance(value, dict):
        for key, each in value.items():
            refuse_other_than_text(each, key)
    elif isinstance(value, list):
        for each in value:
            refuse_other_than_text(each)
    elif not isinstance(value, bool if name == "create" else str):
        raise TypeError(name)


def refuse_misshapen(mapping: CaseMapping) -> None:
    """Refuse a text where a table of texts stands, or the other way round."""
    tables = [mapping.areas.codes, *mapping.values.values()]
    columns = [column for rule in mapping.fields.values() for column in rule.columns]
    single = [mapping.name, mapping.encoding, mapping.areas.kind, mapping.areas.parent]
    cells = [cell for table in tables if isinstance(table, dict) for cell in table.values()]
    if not all(isinstance(table, dict) for table in tables):
        raise TypeError("tables")
    if not all(isinstance(text, str) for text in (*columns, *single, *cells)):
        raise TypeError("texts")


def field_rule(raw: dict[str, Any]) -> FieldRule:
    """Read one field's rule; `column` is short for `columns` with one."""
    rest = {name: value for name, value in raw.items() if name not in ("column", "columns")}
    columns = [raw["column"]] if "column" in raw else raw.get("columns", [])
    return build(FieldRule, {**rest, "columns": tuple(columns)})


def build(kind: type[T], raw: dict[str, Any]) -> T:
    """Make a rule of what a table says. Raises KeyError for a key it does not have."""
    if unknown := raw.keys() - {each.name for each in fields(kind)}:  # type: ignore[arg-type]
        raise KeyError(min(unknown))
    return kind(**raw)


def check(path: Path, mapping: CaseMapping) -> None:
    """Refuse fields that reports do not have, missing ones, and maps that are not there."""
    for name in REQUIRED:
        if name not in mapping.fields:
            raise wrong(path, _("[fields] 里缺少 {name}", name=name))
    for name, rule in mapping.fields.items():
        if name not in FIELDS:
            raise wrong(path, _("[fields] 里不认识 {name}", name=name))
        if bool(rule.columns) == bool(rule.constant):
            raise wrong(path, _("字段 {name} 应写 column 或 constant 其中之一", name=name))
        if rule.values and rule.values not in mapping.values:
            raise wrong(
                path,
                _("字段 {name} 用到的 [values.{values}] 不存在", name=name, values=rule.values),
            )


def wrong(path: Path, cause: Any) -> Invalid:
    """Say what is wrong with a mapping file."""
    return Invalid("mapping.wrong", _("映射文件 {path} 有误：{cause}。", path=path, cause=cause))
