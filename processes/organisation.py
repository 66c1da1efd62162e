"""The organisation: units in a tree, and people. Their posts are in processes/posts.py.

Changes go through the engine's door like all others and leave an entry in the organisation's
chain; an identical unit asked for twice is the same unit, not a conflict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict, Invalid
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.organisation_chain import changing, note
from processes.organisation_tables import unit_successor
from processes.permissions import require
from processes.posts import (
    AddMembership,
    AddSubstitution,
    actor_of,
    add_membership,
    add_substitution,
    posts_of,
)
from processes.privacy import Sealed
from processes.tables import org_unit, person
from processes.unit_states import (
    ABOVE_ALL,
    Unit,
    UnitKind,
    check_place,
    find_units,
    living,
    write_states,
)

if TYPE_CHECKING:
    from engine.run.context import Context

__all__ = [
    "AddMembership",
    "AddPerson",
    "AddSubstitution",
    "AddUnit",
    "People",
    "UnitKind",
    "actor_of",
    "organisation_handlers",
    "posts_of",
    "strangers",
]

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")
LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class AddUnit(Command):
    """Create a unit under `parent` (None: a root). `code` is its name for good.

    `calendar` is the code of its working calendar; None: that of the unit above.
    """

    code: str
    name: str
    kind: str
    parent: str | None = None
    calendar: str | None = None


@dataclass(frozen=True, kw_only=True)
class AddPerson(Command):
    """Register a person. Accounts to log in with are the web's business.

    `code` is the staff number, where there is one: no two people have the same.
    """

    name: str
    phone: str = ""
    code: str = ""


def strangers(connection: Connection, codes: Sequence[str]) -> frozenset[str]:
    """Return which of some codes name no department: steps are given to departments only.

    An abolished department still takes steps where another went on with what it had.
    """
    inherited = sa.exists().where(unit_successor.c.unit == org_unit.c.code)
    known = connection.scalars(
        sa.select(org_unit.c.code).where(
            org_unit.c.code.in_(codes),
            org_unit.c.kind == UnitKind.DEPARTMENT,
            sa.or_(org_unit.c.valid_to.is_(None), inherited),
        )
    )
    return frozenset(codes) - frozenset(known)


def add_unit(context: Context, command: AddUnit) -> dict[str, Any]:
    """Create the unit. Answers its code and whether it is new.

    Raises Invalid (code, kind, place), NotFound (parent), Conflict where the code means another
    unit or the parent is abolished.
    """
    check_unit(command)
    parent = living(context.connection, command.parent) if command.parent else None
    above = parent.path if parent else ABOVE_ALL
    require(context.actor, "organisation.manage", paths=(above,))
    unit = Unit(
        code=command.code,
        name=command.name.strip(),
        kind=command.kind,
        parent=command.parent,
        path=f"{above}{command.code}/",
        calendar=command.calendar,
    )
    known = find_units(context.connection, (unit.code,)).get(unit.code)
    if known is not None:
        return same_unit(known, unit)
    check_place(unit.kind, parent)
    row = {name: getattr(unit, name) for name in ("code", "name", "kind", "parent", "path")}
    context.connection.execute(
        org_unit.insert(), {**row, "calendar": unit.calendar, "valid_from": context.now}
    )
    write_states(context.connection, (unit,), context.now)
    note(context, "unit.added", unit.code, name=unit.name, kind=unit.kind, parent=unit.parent)
    return {"code": unit.code, "created": True}


def check_unit(command: AddUnit) -> None:
    """Refuse a code, name or kind that no unit can have."""
    if not CODE.fullmatch(command.code):
        raise Invalid(
            "unit.code",
            _("单位代码“{code}”只能由字母、数字和短横线组成，最长 32 位。", code=command.code),
        )
    check_name(command.name)
    if command.kind not in list(UnitKind):
        raise Invalid("unit.kind", _("没有名为“{kind}”的单位类型。", kind=command.kind))


def check_name(name: str) -> None:
    """Refuse an empty or endless name."""
    if not name.strip():
        raise Invalid("unit.name_empty", _("请填写单位名称。"))
    if len(name.strip()) > LONGEST_NAME:
        raise Invalid("unit.name_long", _("单位名称最长 {most} 个字。", most=LONGEST_NAME))


def same_unit(known: Unit, wanted: Unit) -> dict[str, Any]:
    """Answer for a unit that exists already; refuse if it was meant to be another."""
    same = (known.name, known.kind, known.parent) == (wanted.name, wanted.kind, wanted.parent)
    if not same or known.valid_to is not None:
        raise Conflict(
            "unit.exists",
            _("单位代码“{code}”已被“{name}”使用，请换一个代码。", code=known.code, name=known.name),
        )
    return {"code": known.code, "created": False}


@dataclass(frozen=True)
class People:
    """Registers people; their phones are stored sealed (`Sealed(keys, "person")`)."""

    sealed: Sealed

    def add(self, context: Context, command: AddPerson) -> dict[str, Any]:
        """Register a person. Whoever manages any part of the organisation may."""
        require(context.actor, "organisation.manage")
        name = command.name.strip()
        if not name:
            raise Invalid("person.name_empty", _("请填写姓名。"))
        if len(name) > LONGEST_NAME:
            raise Invalid("person.name_long", _("姓名最长 {most} 个字。", most=LONGEST_NAME))
        code = command.code.strip() or None
        if code:
            refuse_known_code(context.connection, code)
        new = context.ids.new()
        phone = self.sealed.seal(command.phone.strip(), column="phone", row=new)
        row = {"id": new, "name": name, "phone": phone, "code": code}
        context.connection.execute(person.insert(), row)
        note(context, "person.added", new)
        return {"id": str(new)}


def refuse_known_code(connection: Connection, code: str) -> None:
    """Refuse a staff number that somebody has."""
    holder = connection.scalar(sa.select(person.c.name).where(person.c.code == code))
    if holder is not None:
        raise Conflict(
            "person.code_used", _("工号“{code}”已登记给{name}。", code=code, name=holder)
        )


def organisation_handlers(people: People) -> dict[type[Command], Handler]:
    """Return the handlers of this page's commands."""
    return {
        AddUnit: changing(add_unit),
        AddPerson: changing(people.add),
        AddMembership: changing(add_membership),
        AddSubstitution: changing(add_substitution),
    }
