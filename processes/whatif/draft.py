"""The draft to be tried: a table `limits`, a calendar, or both."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.decision import Table, read_dmn
from engine.errors import Invalid, NotFound
from engine.i18n import Text, _
from engine.run.clocks import LIMITS
from engine.sla.calendar import STANDARD, Calendar, make_calendar
from engine.sla.holidays import SpecialDay
from engine.sla.timetable import read_timetable
from processes.calendars.commands import days_of
from processes.calendars.known import entered_days
from processes.tables import calendar

DRAFT = "draft"  # the version of a calendar that was never entered
MOST_BYTES = 4_000_000

KNOWN_CODE = sa.select(calendar.c.code).where(calendar.c.code == sa.bindparam("code")).limit(1)


@dataclass(frozen=True)
class Draft:
    """What is tried. Without `limits` each clock keeps its own; without `calendar` likewise.

    `drawing` are the files of a draft drawing by name: cases are then played on it anew, with
    `limits_file`, the file that `limits` was read from.
    """

    limits: Table | None = None
    calendar: Calendar | None = None
    drawing: Mapping[str, bytes] = field(default_factory=dict)
    limits_file: bytes | None = None


def drafted(
    limits: bytes | None = None,
    calendar: Calendar | None = None,
    drawing: Mapping[str, bytes] | None = None,
) -> Draft:
    """Return the draft that some files say. Raises Invalid("whatif.no_limits", "table.…")."""
    return Draft(read_limits(limits) if limits else None, calendar, drawing or {}, limits)


def read_limits(data: bytes) -> Table:
    """Return the table `limits` of a DMN file. Raises Invalid("whatif.no_limits", "table.…")."""
    refuse_big(data)
    for table in read_dmn(data):
        if table.key == LIMITS:
            return table
    sentence = _("文件里没有编号为“{key}”的决策表，请换成时限表。", key=LIMITS)
    raise Invalid("whatif.no_limits", sentence)


def read_calendar(connection: Connection, data: bytes) -> Calendar:
    """Return the calendar that TOML writes, with the days entered so far below its own.

    Its keys are a timetable's (engine/sla/timetable.py), `code` (which calendar it stands for, the
    standard one unless told) and `days`, each with `date`, `kind` and `name`. Raises
    Invalid("whatif.bad_calendar", "calendar.…"), NotFound("calendar.not_found").
    """
    refuse_big(data)
    written = toml_of(data)
    code, days = written.pop("code", STANDARD), written.pop("days", [])
    if not isinstance(code, str) or not isinstance(days, list):
        raise bad_calendar(_("code 要是文字，days 要是列表"))
    if code != STANDARD and connection.scalar(KNOWN_CODE, {"code": code}) is None:
        raise NotFound("calendar.not_found", _("没有代码为“{code}”的工作日历。", code=code))
    national, local = entered_days(connection, code)
    own = [SpecialDay(day.date, day.kind, day.name, DRAFT) for day in days_of(days)]
    timetable = read_timetable(written)
    return make_calendar(
        timetable, code=code, version=DRAFT, national=national, local=[*local, *own]
    )


def toml_of(data: bytes) -> dict[str, Any]:
    """Return what a TOML file says. Raises Invalid("whatif.bad_calendar")."""
    try:
        written: Mapping[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_calendar(_("不是 TOML")) from error
    except RecursionError as error:
        raise bad_calendar(_("嵌套太深")) from error
    return plain_dates(dict(written))


def plain_dates(written: dict[str, Any]) -> dict[str, Any]:
    """Return TOML with its dates as texts, so that `2026-05-01` may stand with or without quotes.

    Only where dates belong: in `days` and at the edges of `seasons`.
    """
    for name in ("days", "seasons"):
        if isinstance(written.get(name), list):
            written[name] = [as_texts(each) for each in written[name]]
    return written


def as_texts(entry: Any) -> Any:
    """Return a table of TOML with its dates as texts; anything else as it is."""
    if not isinstance(entry, dict):
        return entry
    return {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in entry.items()
    }


def refuse_big(data: bytes) -> None:
    """Refuse a file beyond what a folder may hold. Raises Invalid("whatif.too_big")."""
    if len(data) > MOST_BYTES:
        raise Invalid("whatif.too_big", _("草案文件超过 4 MB，请拆小后再试。"))


def bad_calendar(reason: Text) -> Invalid:
    """Return the refusal of a calendar that cannot be read."""
    return Invalid("whatif.bad_calendar", _("草案日历写得不对：{reason}。", reason=reason))
