"""Trends of a unit: a page for supervisors with bars drawn by the server, and the same as CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from flask import render_template, request
from werkzeug.wrappers import Response

from engine.i18n import Text, _
from processes.facts import CLOSED, LATE, MEASURES, OBJECTED, ON_TIME, REPORTED
from processes.reads.trends import Sums, Trends
from web import reading
from web.here import locale
from web.pages.blueprint import page
from web.spreadsheet import csv_file

WORDS: Final[Mapping[str, Text]] = {
    REPORTED: _("上报数"),
    CLOSED: _("办结数"),
    ON_TIME: _("按期数"),
    LATE: _("超期数"),
    OBJECTED: _("异议退单数"),
}
LENGTHS: Final[Mapping[int, Text]] = {
    14: _("近 14 天"),
    30: _("近 30 天"),
    90: _("近 90 天"),
    365: _("近一年"),
}
USUAL: Final = 30
BY_MONTH_FROM: Final = 100  # days; with more, each bar is a month
HEIGHT: Final = 100  # of a picture, in its own units
STEP, BAR = 10.0, 3.6  # width of two bars with their gap, and of one


@dataclass(frozen=True)
class Bar:
    """A bar of a picture. `tone` is its measure, `label` says in words what it stands for."""

    x: float
    y: float
    height: float
    tone: str
    label: str


@dataclass(frozen=True)
class Picture:
    """Two measures beside each other, time after time; `top` is what the full height stands for."""

    title: str
    names: tuple[tuple[str, str], ...]  # measure, word
    bars: tuple[Bar, ...]
    width: float
    top: int
    first: str
    last: str


@page("/trends", action="overdue.read")
def trends() -> str:
    """Show a unit, the person's own unless told."""
    found = reading.trends(request.args.get("unit", ""), length_asked())
    times = [*bars_of(found.days)]
    return render_template(
        "trends.html",
        page=found,
        length=length_asked(),
        lengths={days: text.to(locale()) for days, text in LENGTHS.items()},
        words={measure: text.to(locale()) for measure, text in WORDS.items()},
        pictures=(
            drawn(times, _("上报与办结"), REPORTED, CLOSED),
            drawn(times, _("按期与超期"), ON_TIME, LATE),
        ),
        times=times,
    )


@page("/trends.csv", action="overdue.read")
def trends_csv() -> Response:
    """Hand out a unit's days."""
    found = reading.trends(request.args.get("unit", ""), length_asked())
    name = f"trends-{found.unit}-{found.days[0][0]}-{found.days[-1][0]}.csv"
    return csv_file(name, lines(found))


def lines(found: Trends) -> Iterator[list[str | int]]:
    """Yield the head, each day, each unit below and each category."""
    yield [_("统计日").to(locale()), *(WORDS[measure].to(locale()) for measure in MEASURES)]
    for day, sums in found.days:
        yield [day.isoformat(), *cells(sums)]
    for line in (*found.units, *found.categories):
        yield [line.label, *cells(line.sums)]
    yield [found.unit_name, *cells(found.whole)]


def cells(sums: Sums) -> list[int]:
    """Return the numbers in the order of the measures."""
    return [sums.counts[measure] for measure in MEASURES]


def length_asked() -> int:
    """Return over how many days; what is not offered is the usual length."""
    asked = request.args.get("days", "")
    return int(asked) if asked in map(str, LENGTHS) else USUAL


def bars_of(days: Sequence[tuple[date, Sums]]) -> Iterator[tuple[str, Sums]]:
    """Yield days, or months where there are many days, by their name."""
    shape = "%Y-%m" if len(days) >= BY_MONTH_FROM else "%m-%d"
    for name, group in groupby(days, key=lambda each: each[0].strftime(shape)):
        yield name, added(sums for _day, sums in group)


def added(sums: Iterable[Sums]) -> Sums:
    """Add up."""
    whole: Counter[str] = Counter()
    for each in sums:
        whole.update(each.counts)
    return Sums(whole)


def drawn(times: Sequence[tuple[str, Sums]], title: Text, *measures: str) -> Picture:
    """Return the picture of two measures."""
    top = max((sums.counts[each] for _name, sums in times for each in measures), default=0)
    bars = tuple(
        bar(
            n * STEP + BAR * place + (STEP - 2 * BAR) / 2,
            sums.counts[measure] / (top or 1),
            tone=measure,
            label=f"{name} {WORDS[measure].to(locale())} {sums.counts[measure]}",
        )
        for n, (name, sums) in enumerate(times)
        for place, measure in enumerate(measures)
        if sums.counts[measure]
    )
    return Picture(
        title=title.to(locale()),
        names=tuple((each, WORDS[each].to(locale())) for each in measures),
        bars=bars,
        width=STEP * len(times),
        top=top,
        first=times[0][0],
        last=times[-1][0],
    )


def bar(x: float, share: float, *, tone: str, label: str) -> Bar:
    """Return a bar that stands on the ground."""
    height = round(HEIGHT * share, 1)
    return Bar(round(x, 1), HEIGHT - height, height, tone, label)
