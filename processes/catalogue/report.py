"""What an import of a catalogue found, for people to read before they agree to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.i18n import Text, _
from processes.catalogue.entries import Entry, Reading


@dataclass(frozen=True)
class Contradiction:
    """Two rows that name one filing condition of one sub-class and ask different things of it."""

    first: Entry
    second: Entry


@dataclass(frozen=True)
class Report:
    """Figures and lists of a reading. `several_limits` counts sub-classes, `several_units` rows."""

    rows: int
    sub_classes: int
    by_unit: dict[str, int]
    several_limits: int
    several_units: int
    prose: tuple[Entry, ...]
    seasonal: tuple[Entry, ...]
    contradictions: tuple[Contradiction, ...]
    refused: tuple[tuple[int, Text], ...]
    headers: tuple[int, ...]


def report_of(reading: Reading) -> Report:
    """Return the report of a reading."""
    entries = reading.entries
    limits: defaultdict[str, set[tuple[int | None, str | None]]] = defaultdict(set)
    for each in entries:
        limits[each.sub_class].add((each.value, each.unit))
    return Report(
        rows=len(entries),
        sub_classes=len(limits),
        by_unit=dict(Counter(each.unit.value for each in entries if each.unit).most_common()),
        several_limits=sum(len(each) > 1 for each in limits.values()),
        several_units=sum(len(each.units) > 1 for each in entries),
        prose=tuple(each for each in entries if each.limit_text),
        seasonal=tuple(each for each in entries if each.season),
        contradictions=tuple(contradictions(entries)),
        refused=tuple((each.line, each.reason.text) for each in reading.refused),
        headers=tuple(reading.headers),
    )


def contradictions(entries: Sequence[Entry]) -> Iterator[Contradiction]:
    """Yield rows with one condition and different limits or closings; signs do not count."""
    known: dict[tuple[str, str], Entry] = {}
    for each in entries:
        plain = "".join(sign for sign in each.condition if sign.isalnum())
        first = known.setdefault((each.sub_class, plain), each)
        if said(first) != said(each):
            yield Contradiction(first, each)


def said(entry: Entry) -> tuple[object, ...]:
    """Return what a row asks."""
    return entry.value, entry.unit, entry.limit_text, entry.closing


def lines(report: Report) -> Iterator[Text]:
    """Yield the report in sentences."""
    yield _(
        "读到 {rows} 条标准，{sub_classes} 个小类。",
        rows=report.rows,
        sub_classes=report.sub_classes,
    )
    for unit, count in report.by_unit.items():
        yield _("时限单位 {unit}：{count} 条。", unit=unit, count=count)
    yield _("同一小类有几种时限的 {count} 个。", count=report.several_limits)
    yield _("写了几个处置单位的 {count} 条。", count=report.several_units)
    for each in report.prose:
        yield _("第 {line} 行的时限照原文保留：{text}", line=each.line, text=each.limit_text)
    for each in report.seasonal:
        yield _("第 {line} 行随季节而定：{text}", line=each.line, text=each.season)
    for pair in report.contradictions:
        yield _(
            "第 {first} 行和第 {second} 行立案条件相同，要求不同。",
            first=pair.first.line,
            second=pair.second.line,
        )
    for line in report.headers[1:]:
        yield _("第 {line} 行是又一个表头，已略过。", line=line)
    for line, reason in report.refused:
        yield _("第 {line} 行读不了：{reason}", line=line, reason=reason)
