"""The filing conditions that a case may fall under, in words, each with the limit it brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.decision import Table
from engine.errors import ShaodaoError
from engine.i18n import _
from engine.run.clocks import LIMITS
from engine.sla.limit import read_limit
from engine.sla.words import limit_words
from processes.catalogue.standards import STANDARDS, Standard, standards_of
from processes.reads.reader import Reader
from processes.reads.rows import Filing
from processes.view import unblown

HANDLING: Final = "handle"  # the clock that a standard's limit is about


def known_standards(reader: Reader) -> tuple[Standard, ...]:
    """Return the catalogue in force; where none was ever deployed, nothing."""
    table = reader.folders.table(reader.connection, STANDARDS, reader.now)
    return standards_of(table) if table else ()


def filings_of(reader: Reader, case: Mapping[str, Any]) -> tuple[Filing, ...]:
    """Return what may be chosen for a case with these values of `case.*`; two statements."""
    found = [each for each in known_standards(reader) if each.category == case["category"]]
    limits = reader.folders.table(reader.connection, LIMITS, reader.now) if found else None
    return tuple(filing(reader, each, limits, case) for each in found)


def before_report(*, category: str, urgency: str) -> dict[str, Any]:
    """Return the values of `case.*` that limits look at, for a case that is being reported."""
    values = {"category": category, "urgency": urgency, "mode": "normal"}
    return {**values, "whistle_type": unblown(values)}


def filing(
    reader: Reader, standard: Standard, limits: Table | None, case: Mapping[str, Any]
) -> Filing:
    """Return a standard in words."""
    name, condition = in_language(standard, reader.locale)
    asked = {"clock": HANDLING, "case": {**case, "standard": standard.code}}
    return Filing(standard.code, name, condition, limit_of(reader, limits, asked))


def limit_of(reader: Reader, limits: Table | None, asked: Mapping[str, Any]) -> str:
    """Return what the table of limits answers, in words; nothing where it has no answer."""
    try:
        return reader.say(limit_words(read_limit(limits.decide(asked).value))) if limits else ""
    except ShaodaoError:
        return ""


def in_language(standard: Standard, locale: str) -> tuple[str, str]:
    """Return name and filing condition of a standard in a page's language."""
    if locale == "zh":
        return standard.name, standard.condition
    return standard.name_en, standard.condition_en


def condition_of(reader: Reader, code: str | None) -> str:
    """Return a standard's name and condition in words, its code where the catalogue lost it."""
    if not code:
        return ""
    found = next((each for each in known_standards(reader) if each.code == code), None)
    if found is None:
        return code
    name, condition = in_language(found, reader.locale)
    return reader.say(_("{name}：{condition}", name=name, condition=condition))
