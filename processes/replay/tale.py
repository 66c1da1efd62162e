"""A row becomes a tale: the report, what was promised, what people did and when. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.errors import Invalid
from engine.i18n import _
from engine.sla.iso import shown
from processes.mapping import CaseMapping, FieldRule
from processes.replay.rules import ActRule, InstantRule, ReplayRules

ON_TIME: Final = "on_time"
OVERDUE: Final = "overdue"

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Act:
    """A step done. `at` None: at once. `never`: the source knows of no such act."""

    outcome: str
    data: Mapping[str, Any]
    at: datetime | None = None
    never: bool = False


@dataclass(frozen=True, kw_only=True)
class Tale:
    """A recorded case. `recorded` is the source's verdict, None where it gives none.

    `acts` are by element; where one is told several times, the steps use them up in order.
    """

    at: datetime
    report: Mapping[str, Any]
    promised: Mapping[str, datetime]
    acts: Mapping[str, tuple[Act, ...]]
    recorded: str | None


class Teller:
    """Makes tales of rows, by a mapping."""

    def __init__(self, mapping: CaseMapping, rules: ReplayRules) -> None:
        self._mapping = mapping
        self._rules = rules

    def group(self, row: Row) -> str:
        """Return the name under which a row is counted."""
        return self._mapping.text("group", self._rules.group, row)

    def tale(self, row: Row, history: Sequence[Row]) -> Tale:
        """Return the tale of a row. Raises Invalid("import.…") for what cannot be read."""
        report = self._mapping.convert(row)
        at = report.get("reported_at")
        if at is None:
            raise Invalid(
                "import.field_empty", _("这一行缺少必填内容 {name}。", name="reported_at")
            )
        promised = {
            code: due
            for code, rule in self._rules.clocks.items()
            if (due := self._instant(rule, row, history)) is not None
        }
        acts: dict[str, tuple[Act, ...]] = {}
        for rule in self._rules.acts:
            acts[rule.element] = (*acts.get(rule.element, ()), self._act(rule, row, history))
        return Tale(
            at=at, report=report, promised=promised, acts=acts, recorded=self._recorded(row)
        )

    def _act(self, rule: ActRule, row: Row, history: Sequence[Row]) -> Act:
        data = self._values(rule.data, row)
        if rule.at is None:
            return Act(outcome=rule.outcome, data=data)
        at = self._instant(rule.at, row, history)
        return Act(outcome=rule.outcome, data=data, at=at, never=at is None)

    def _instant(self, rule: InstantRule, row: Row, history: Sequence[Row]) -> datetime | None:
        if rule.history:
            fits = (
                seen
                for seen in history
                if all(seen[column].strip() == said for column, said in rule.where.items())
            )
            row = next(fits, {rule.column: ""})
        return self._mapping.instant(row[rule.column].strip(), rule.format)

    def _values(self, data: Any, row: Row) -> Any:
        """Fill in what an act's data take from the row."""
        if isinstance(data, FieldRule):
            return self._mapping.text("value", data, row)
        if isinstance(data, Mapping):
            return {name: self._values(each, row) for name, each in data.items()}
        return [self._values(each, row) for each in data] if isinstance(data, list) else data

    def _recorded(self, row: Row) -> str | None:
        rule = self._rules.verdict
        if rule is None:
            return None
        word = row[rule.column].strip()
        known = {rule.on_time: ON_TIME, rule.overdue: OVERDUE, "": None}
        if word not in known:
            raise Invalid(
                "import.verdict_unknown",
                _("“{word}”不是映射文件里写明的按期或超期。", word=shown(word)),
            )
        return known[word]
