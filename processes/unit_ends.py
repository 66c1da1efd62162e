"""Units that end: merged into another, split among several, abolished; and work handed over.

An ended unit keeps its code, its past and its cases. Its path is hung under its heir, so that the
one question of permissions ("does the unit of a post lie on the path?") gives the heir whatever is
still addressed to it, a step that a diagram opens for it tomorrow included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine.errors import Conflict, Invalid
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.handing_over import Share, load_of, plan_hand_over
from processes.organisation_chain import changing, note
from processes.organisation_tables import unit_successor
from processes.post_moves import end_posts, move_posts
from processes.tables import org_unit
from processes.unit_changes import managed, refuse_cycle, rehang
from processes.unit_states import Unit, UnitKind, check_place, end_states, write_states

if TYPE_CHECKING:
    from engine.run.context import Context

MERGED, SPLIT, ABOLISHED = "merged", "split", "abolished"


@dataclass(frozen=True, kw_only=True)
class MergeUnits(Command):
    """Let some units become part of another of their kind, which exists already."""

    units: tuple[str, ...]
    into: str


@dataclass(frozen=True, kw_only=True)
class SplitUnit(Command):
    """Divide a unit among others of its kind, which exist already.

    Areas of a share are units below the split one, which move under the heir, or (of a department)
    areas whose cases the heir takes. The first heir takes what no share names, and the people.
    """

    code: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, kw_only=True)
class AbolishUnit(Command):
    """End a unit. Who has open cases in hand needs a successor to take them."""

    code: str
    successor: str | None = None


@dataclass(frozen=True, kw_only=True)
class HandOver(Command):
    """Give everything a unit has in hand to another; the unit itself goes on."""

    unit: str
    successor: str


def merge_units(context: Context, command: MergeUnits) -> dict[str, Any]:
    """Merge. Answers how many steps and parts change hands.

    Raises Conflict("unit.merge_self", "unit.cycle"), Invalid("unit.kinds_differ",
    "unit.merge_nothing").
    """
    if not command.units:
        raise Invalid("unit.merge_nothing", _("请选择要并入的单位。"))
    if command.into in command.units:
        raise Conflict("unit.merge_self", _("单位不能并入它自己，请选择另一个单位。"))
    into = managed(context, command.into)
    moved = 0
    for code in dict.fromkeys(command.units):
        unit = managed(context, code)
        check_heir(unit, into)
        moved += retire(context, unit, (Share(into.code),), MERGED)
    return {"into": into.code, "handed_over": moved}


def split_unit(context: Context, command: SplitUnit) -> dict[str, Any]:
    """Split. Answers how many steps and parts change hands."""
    if len(command.shares) < 2:
        raise Invalid("unit.split_one", _("拆分至少需要两个承接单位。"))
    areas = [area for share in command.shares for area in share.areas]
    twice = next((area for area in areas if areas.count(area) > 1), None)
    if twice is not None:
        raise Conflict("unit.split_twice", _("“{area}”只能划给一个承接单位。", area=twice))
    unit = managed(context, command.code)
    for share in command.shares:
        check_heir(unit, managed(context, share.unit))
    moved = retire(context, unit, command.shares, SPLIT)
    return {"code": unit.code, "handed_over": moved}


def abolish_unit(context: Context, command: AbolishUnit) -> dict[str, Any]:
    """Abolish. Raises Conflict("unit.has_children", "unit.holds_cases") where it cannot be."""
    unit = managed(context, command.code)
    if command.successor is not None:
        heir = managed(context, command.successor)
        check_heir(unit, heir)
        moved = retire(context, unit, (Share(heir.code),), ABOLISHED)
        return {"code": unit.code, "handed_over": moved}
    refuse_children(context, unit)
    if in_hand := load_of(context.connection, unit.code):
        raise Conflict(
            "unit.holds_cases",
            _(
                "“{name}”还有 {items} 个待办、{parts} 件在办事项，请指定承接单位。",
                name=unit.name,
                items=in_hand.items,
                parts=in_hand.parts,
            ),
            fields={"successor": _("请指定承接单位。")},
        )
    end_posts(context, unit.code)
    close(context, unit)
    note(context, "unit.abolished", unit.code, successors=[])
    return {"code": unit.code, "handed_over": 0}


def hand_over(context: Context, command: HandOver) -> dict[str, Any]:
    """Hand over. Answers how many steps and parts change hands."""
    unit, heir = managed(context, command.unit), managed(context, command.successor)
    if unit.code == heir.code:
        raise Conflict("unit.hand_over_self", _("承接单位不能是原单位，请选择另一个单位。"))
    if unit.kind != heir.kind:
        raise kinds_differ(unit, heir)
    moved = load_of(context.connection, unit.code)
    plan_hand_over(context, unit.code, (Share(heir.code),))
    note(context, "unit.handed_over", unit.code, successor=heir.code)
    return {"code": unit.code, "handed_over": moved.items + moved.parts}


def check_heir(unit: Unit, heir: Unit) -> None:
    """Refuse an heir of another kind, the unit itself, or one that stands below it."""
    refuse_cycle(unit, heir)
    if unit.kind != heir.kind:
        raise kinds_differ(unit, heir)


def kinds_differ(unit: Unit, heir: Unit) -> Invalid:
    """Return the refusal of an heir that is another kind of unit."""
    return Invalid(
        "unit.kinds_differ",
        _("“{heir}”与“{unit}”不是同类单位，不能承接。", heir=heir.name, unit=unit.name),
    )


def retire(context: Context, unit: Unit, shares: Sequence[Share], kind: str) -> int:
    """End a unit in favour of its heirs; the number of statements does not grow with its cases."""
    in_hand = load_of(context.connection, unit.code)
    adopt_children(context, unit, shares)
    heir = managed(context, shares[0].unit)
    move_posts(context, unit.code, heir.code)
    rehang(context, unit, f"{heir.path}{unit.code}/")
    close(context, unit)
    context.connection.execute(
        unit_successor.insert(),
        [
            {"unit": unit.code, "successor": share.unit, "kind": kind, "at": context.now}
            for share in shares
        ],
    )
    plan_hand_over(context, unit.code, shares)
    note(context, f"unit.{kind}", unit.code, successors=[share.unit for share in shares])
    return in_hand.items + in_hand.parts


def adopt_children(context: Context, unit: Unit, shares: Sequence[Share]) -> None:
    """Hang the units right below an ending one under its heirs."""
    taker = {area: share.unit for share in shares for area in share.areas}
    children = living_children(context, unit.code)
    if unit.kind != UnitKind.DEPARTMENT:
        refuse_strange_areas(taker, children)
    adopted = []
    for child in children:
        heir = managed(context, taker.get(child.code, shares[0].unit))
        check_place(child.kind, heir)
        rehang(context, child, f"{heir.path}{child.code}/")
        adopted.append(Unit(**{**vars(child), "parent": heir.code}))
        context.connection.execute(
            org_unit.update().where(org_unit.c.code == child.code).values(parent=heir.code)
        )
        note(context, "unit.moved", child.code, parent=heir.code, before=unit.code)
    if adopted:
        write_states(context.connection, adopted, context.now)


def refuse_strange_areas(taker: dict[str, str], children: Sequence[Unit]) -> None:
    """Refuse areas of a split that do not stand right below the unit."""
    strange = min(taker.keys() - {child.code for child in children}, default=None)
    if strange is not None:
        raise Invalid(
            "unit.split_area", _("“{area}”不是这个单位的直接下级，请重新划分。", area=strange)
        )


def living_children(context: Context, code: str) -> list[Unit]:
    """Return the units right below one, those that have ended left out."""
    rows = context.connection.execute(
        select(
            org_unit.c.code,
            org_unit.c.name,
            org_unit.c.kind,
            org_unit.c.parent,
            org_unit.c.path,
            org_unit.c.calendar,
        )
        .where(org_unit.c.parent == code, org_unit.c.valid_to.is_(None))
        .order_by(org_unit.c.code)
    )
    return [Unit(**row) for row in rows.mappings()]


def refuse_children(context: Context, unit: Unit) -> None:
    """Refuse to end a unit that others stand under."""
    children = living_children(context, unit.code)
    if children:
        raise Conflict(
            "unit.has_children",
            _(
                "“{name}”之下还有 {count} 个单位，请先调整它们，或指定承接单位。",
                name=unit.name,
                count=len(children),
            ),
        )


def close(context: Context, unit: Unit) -> None:
    """Mark a unit as ended now."""
    context.connection.execute(
        org_unit.update().where(org_unit.c.code == unit.code).values(valid_to=context.now)
    )
    end_states(context.connection, (unit.code,), context.now)


def unit_end_handlers() -> dict[type[Command], Handler]:
    """Return the handlers of this page's commands."""
    return {
        MergeUnits: changing(merge_units),
        SplitUnit: changing(split_unit),
        AbolishUnit: changing(abolish_unit),
        HandOver: changing(hand_over),
    }
