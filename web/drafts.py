"""Decision tables as they come in over the web: read by a child process first, as any upload."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from engine import xml
from engine.bpmn.guard import examine_safely
from engine.errors import Invalid
from engine.sla.iso import ZONE, parse_date
from processes.reads.reader import Reader
from processes.reads.table_versions import JudgedTable, draft_pages

NAME: Final = "draft.dmn"


def judged_drafts(reader: Reader, data: bytes, at: datetime) -> tuple[JudgedTable, ...]:
    """Return the tables of a file with what is doubtful about them; nothing is deployed.

    Raises what the reader of DMN says, and Invalid("definition.too_heavy").
    """
    refuse_unread(data)
    return draft_pages(reader, data, at)


def refuse_unread(data: bytes) -> None:
    """Refuse a file of tables that a child process could not read within its bounds.

    Raises what the reader of DMN says, and Invalid("definition.too_heavy").
    """
    for finding in examine_safely({NAME: xml.decode(data)}):
        raise Invalid(finding.code, finding.text)


def start_of(day: str, now: datetime) -> datetime | None:
    """Return the beginning of a day in Shanghai, None for today or none: from now on.

    Raises Invalid("instant.malformed").
    """
    if not day.strip():
        return None
    start = datetime.combine(parse_date(day.strip()), time(), ZONE)
    return None if start.date() == now.astimezone(ZONE).date() else start
