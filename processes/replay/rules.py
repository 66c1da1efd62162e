"""The section `[replay]` of a mapping file: who did what when, and what the source says of it.

Read once and checked whole (docs/replay.md), before the first row is touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.errors import Invalid
from engine.i18n import _
from processes.mapping import (
    REPLAY,
    CaseMapping,
    FieldRule,
    UnitRule,
    build,
    field_rule,
    read_toml,
    wrong,
)

FIXED: Final = "fixed"
VALUE_KEYS: Final = frozenset({"column", "columns"})  # what makes a table of `data` a value


@dataclass(frozen=True, kw_only=True)
class InstantRule:
    """Where an instant is read: a column of the row, or of the case's first fitting history row."""

    column: str
    format: str = ""  # as strptime reads it; ISO 8601 without
    history: bool = False
    where: Mapping[str, str] = field(default_factory=dict)  # column of the history -> what it says


@dataclass(frozen=True, kw_only=True)
class ActRule:
    """How a step is done: with which outcome and data, and when. Without `at`: at once."""

    element: str
    outcome: str = ""  # the first that is drawn, where nothing is said
    at: InstantRule | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HistoryRule:
    """A second table beside the first, of what was seen of each case, oldest first."""

    file: str
    key: str  # its column with the case's external_ref


@dataclass(frozen=True, kw_only=True)
class VerdictRule:
    """What the source says: the column, and its words for in time and for late."""

    column: str
    on_time: str
    overdue: str


@dataclass(frozen=True, kw_only=True)
class ReplayRules:
    """How recorded cases are played. `clock` is whose breach is compared."""

    clock: str
    group: FieldRule
    acts: tuple[ActRule, ...] = ()
    clocks: Mapping[str, InstantRule] = field(default_factory=dict)  # with a fixed due time
    verdict: VerdictRule | None = None
    history: HistoryRule | None = None
    units: tuple[UnitRule, ...] = ()
    until: str = ""  # the instant to which the source tells of cases that are still open

    def columns(self) -> frozenset[str]:
        """Return the columns that the file must have for it."""
        instants = [*self.clocks.values(), *(act.at for act in self.acts if act.at)]
        named = {each.column for each in instants if not each.history}
        named |= {column for act in self.acts for rule in values(act.data) for column in rule}
        named |= {self.verdict.column} if self.verdict else set()
        return frozenset(named | set(self.group.columns))

    def history_columns(self) -> frozenset[str]:
        """Return the columns that the history must have."""
        read = [act.at for act in self.acts if act.at and act.at.history]
        named = {column for each in read for column in (each.column, *each.where)}
        return frozenset(named | ({self.history.key} if self.history else set()))


def values(data: Any) -> Iterator[tuple[str, ...]]:
    """Yield the columns of each value in an act's data, however deep it stands."""
    if isinstance(data, FieldRule):
        yield data.columns
    elif isinstance(data, Mapping):
        for each in data.values():
            yield from values(each)
    elif isinstance(data, list):
        for each in data:
            yield from values(each)


def read_rules(path: Path, mapping: CaseMapping) -> ReplayRules:
    """Read and check what a mapping file says of replays.

    Raises Invalid("mapping.…"), Invalid("import.date") for an `until` that is no instant.
    """
    raw = read_toml(path).get(REPLAY)
    if not isinstance(raw, dict):
        raise Invalid(
            "mapping.no_replay",
            _("映射文件 {path} 没有 [replay] 一节，不能回放，写法见 docs/replay.md。", path=path),
        )
    try:
        rules = parsed(dict(raw))
    except KeyError as error:
        raise wrong(path, _("缺少 {name}，或不认识它", name=error.args[0])) from error
    except (TypeError, AttributeError, ValueError) as error:
        raise wrong(path, _("[replay] 的写法不对，请对照 docs/replay.md")) from error
    check(path, mapping, rules)
    return rules


def parsed(raw: dict[str, Any]) -> ReplayRules:
    """Build the rules from their TOML. Raises KeyError, TypeError for what is not as it must be."""
    made: dict[str, Any] = {"clock": raw.pop("clock"), "group": field_rule(raw.pop("group"))}
    made["acts"] = tuple(act_rule(dict(each)) for each in raw.pop("acts", ()))
    clocks = raw.pop("clocks", {})
    made["clocks"] = {code: clock_rule(dict(each)) for code, each in clocks.items()}
    made["units"] = tuple(build(UnitRule, each) for each in raw.pop("units", ()))
    for name, kind in (("verdict", VerdictRule), ("history", HistoryRule)):
        if name in raw:
            made[name] = build(kind, raw.pop(name))
    return build(ReplayRules, {**raw, **made})


def act_rule(raw: dict[str, Any]) -> ActRule:
    """Read an act: the keys of its instant stand beside its own."""
    own: dict[str, Any] = {name: raw.pop(name) for name in ("element", "outcome") if name in raw}
    own["data"] = value_rules(raw.pop("data", {}))
    own["at"] = build(InstantRule, raw) if raw else None
    return build(ActRule, own)


def clock_rule(raw: dict[str, Any]) -> InstantRule:
    """Read a clock's due time: `fixed` is the one rule that a column can give."""
    if raw.pop("rule") != FIXED:
        raise ValueError("rule")
    return build(InstantRule, raw)


def value_rules(data: Any) -> Any:
    """Make a rule of each table of an act's data that names a column."""
    if isinstance(data, dict):
        if VALUE_KEYS & data.keys():
            return field_rule(data)
        return {name: value_rules(each) for name, each in data.items()}
    return [value_rules(each) for each in data] if isinstance(data, list) else data


def check(path: Path, mapping: CaseMapping, rules: ReplayRules) -> None:
    """Refuse rules that name what is not there, and an `until` that is no instant."""
    if "reported_at" not in mapping.fields:
        raise wrong(path, _("回放要有字段 {name}", name="reported_at"))
    mapping.instant(rules.until)
    instants = [*rules.clocks.values(), *(act.at for act in rules.acts if act.at)]
    if rules.history is None and any(each.history for each in instants):
        raise wrong(path, _("用到了 history，却没有 [replay.history]"))
    if any(each.history for each in rules.clocks.values()):
        raise wrong(path, _("固定到期时间要取自原表的列"))
    if any(each.where and not each.history for each in instants):
        raise wrong(path, _("where 只能和 history 一起用"))
    for name in tables_named(rules):
        if name not in mapping.values:
            raise wrong(
                path, _("字段 {name} 用到的 [values.{values}] 不存在", name="data", values=name)
            )


def tables_named(rules: ReplayRules) -> set[str]:
    """Return the tables of values that groups and data use."""
    found = {rules.group.values}

    def look(data: Any) -> None:
        if isinstance(data, FieldRule):
            found.add(data.values)
        elif isinstance(data, dict | list):
            for each in data.values() if isinstance(data, dict) else data:
                look(each)

    for act in rules.acts:
        look(act.data)
    return found - {""}
