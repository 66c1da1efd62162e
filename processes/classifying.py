"""Saying under which filing condition of the standards catalogue a case falls.

Whoever reports may say it; else whoever takes the case in, or routes it. Clocks that run already
keep their limit: a limit binds when its clock starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa

from engine.errors import Conflict, Invalid
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.catalogue import Standard, standards_in_force
from processes.events import CaseClassified
from processes.links import PARTS, readable, unknown
from processes.permissions import require
from processes.reports import refusal
from processes.tables import case_file

if TYPE_CHECKING:
    from engine.run.context import Context

CASE: Final = sa.select(
    case_file.c.id,
    case_file.c.path,
    case_file.c.reported_by,
    case_file.c.category,
    case_file.c.standard,
    case_file.c.closed_at,
).where(case_file.c.number == sa.bindparam("number"))


@dataclass(frozen=True, kw_only=True)
class ClassifyCase(Command):
    """Say what was seen, as the catalogue has it. `standard` is a code of the case's category."""

    number: str
    standard: str


def locate(context: Context, command: ClassifyCase) -> UUID:
    """Find the case; for whoever may not read it it does not exist."""
    found: UUID = case_of(context, command).id
    return found


def classify(context: Context, command: ClassifyCase) -> dict[str, Any]:
    """Note the standard on the case. Raises Conflict("case.closed"), Invalid("case.standard_…")."""
    case = case_of(context, command)
    if case.closed_at is not None:
        raise Conflict("case.closed", _("这件事项已经结案，不能再改。"))
    known = standards_in_force(context.connection, context.library, context.now)
    chosen = standard_of(known, command.standard, category=case.category)
    context.open(case.id)
    context.connection.execute(
        sa.update(case_file).where(case_file.c.id == case.id).values(standard=chosen.code)
    )
    words = {"condition": f"{chosen.name}：{chosen.condition}"}
    context.emit(
        case.id, CaseClassified(standard=chosen.code, before=case.standard or "", texts=words)
    )
    return {"number": command.number, "standard": chosen.code}


def standard_of(known: Iterable[Standard], code: str, *, category: str) -> Standard:
    """Return a standard of a category. Raises Invalid("case.standard_unknown")."""
    for each in known:
        if (each.code, each.category) == (code, category):
            return each
    raise unfitting()


def unfitting() -> Invalid:
    """Return the refusal of a standard that is not of the case's category."""
    text = _("所选的情况不属于这一类问题，请重新选择。")
    return refusal("standard", "case.standard_unknown", text)


def case_of(context: Context, command: ClassifyCase) -> Any:
    """Return the row of the case that a command is about; two statements."""
    row = context.connection.execute(CASE, {"number": command.number}).one_or_none()
    parts = context.connection.execute(PARTS, {"ids": [row.id] if row else []}).all()
    paths = [part.path for part in parts]
    if row is None or not readable(context.actor, row, paths):
        raise unknown(command.number)
    require(context.actor, "case.classify", paths=(row.path, *paths))
    return row


CLASSIFY_HANDLERS: Final[Mapping[type[Command], Handler]] = {
    ClassifyCase: Handler(run=classify, locate=locate)
}
