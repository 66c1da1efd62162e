"""Changes of the organisation as they come in over the web: one table for API and pages.

Each deed has a schema of what is sent and a function that makes the command of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from marshmallow import Schema, ValidationError, fields, validate

from engine.errors import Invalid, NotFound
from engine.i18n import _
from engine.run.commands import Command
from engine.sla.iso import ZONE
from processes.duty import EndDuty, SetDuty
from processes.handing_over import Share
from processes.organisation import AddMembership, AddPerson, AddSubstitution, AddUnit
from processes.post_moves import EndMembership, EndSubstitution, HandOverPosts
from processes.tables import person
from processes.unit_changes import MoveUnit, RenameUnit, SetUnitCalendar
from processes.unit_ends import AbolishUnit, HandOver, MergeUnits, SplitUnit
from web.here import as_uuid, product

WHO = "A person's id, staff number, or name where nobody else has it."


class Moment(fields.Field[datetime]):
    """An instant in ISO 8601; without an offset it is Shanghai's, as browsers send it."""

    def _deserialize(self, value: Any, *_place: Any, **_rest: Any) -> datetime:
        try:
            read = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise ValidationError("Not a valid datetime.") from error
        return read if read.tzinfo else read.replace(tzinfo=ZONE)


def text(*, most: int = 100, required: bool = True, about: str = "") -> fields.String:
    """Return a field of one line of text."""
    said: dict[str, Any] = {"metadata": {"description": about}} if about else {}
    if required:
        return fields.String(required=True, validate=validate.Length(min=1, max=most), **said)
    return fields.String(load_default="", validate=validate.Length(max=most), **said)


def share_schema() -> type[Schema]:
    """Return the schema of what one heir of a split unit takes."""
    areas = fields.List(fields.String(), load_default=list)
    return Schema.from_dict({"unit": text(), "areas": areas}, name="Share")


@dataclass(frozen=True)
class Deed:
    """A change: what it is about, what is sent, and the command made of it."""

    about: str
    body: type[Schema]
    command: Callable[[dict[str, Any]], Command]


def deed(
    name: str, about: str, command: Callable[[dict[str, Any]], Command], /, **body: Any
) -> tuple[str, Deed]:
    """Return a deed under its name."""
    title = "".join(part.title() for part in name.split("-")) + "Body"
    return name, Deed(about, Schema.from_dict(body, name=title), command)


def somebody(named: str) -> UUID:
    """Return the person that a text names. Raises NotFound, or Invalid where several have it."""
    if (known := as_uuid(named)) is not None:
        return known
    same = sa.or_(person.c.code == named.strip(), person.c.name == named.strip())
    with product().engine.database.read() as connection:
        found = connection.execute(sa.select(person.c.id, person.c.code).where(same)).all()
    exact = [row.id for row in found if row.code == named.strip()] or [row.id for row in found]
    if not exact:
        raise NotFound("person.unknown_name", _("没有找到“{name}”，请先登记。", name=named))
    if len(exact) > 1:
        raise Invalid("person.several", _("有多名“{name}”，请改填工号。", name=named))
    return UUID(str(exact[0]))


def people_of(said: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return what was sent with the named texts put into people's ids."""
    return {
        **{name: value for name, value in said.items() if name not in names},
        **{f"{name}_id": somebody(said[name]) for name in names},
    }


def code_or_none(value: str) -> str | None:
    """Return a code, None for nothing."""
    return value.strip() or None


DEEDS: Mapping[str, Deed] = dict(
    (
        deed(
            "add-unit",
            "Create a unit; asked for twice it is the same unit.",
            lambda said: AddUnit(
                **{
                    **said,
                    "parent": code_or_none(said["parent"]),
                    "calendar": code_or_none(said["calendar"]),
                }
            ),
            code=text(most=32),
            name=text(),
            kind=text(about="district, street, community, grid, micro_grid or department."),
            parent=text(required=False),
            calendar=text(required=False),
        ),
        deed(
            "rename-unit",
            "Give a unit another name.",
            lambda said: RenameUnit(**said),
            code=text(),
            name=text(),
        ),
        deed(
            "set-calendar",
            "Let a unit work by another calendar; empty: by that of the unit above.",
            lambda said: SetUnitCalendar(
                code=said["code"], calendar=code_or_none(said["calendar"])
            ),
            code=text(),
            calendar=text(required=False),
        ),
        deed(
            "move-unit",
            "Hang a unit with all below it under another; its cases follow.",
            lambda said: MoveUnit(code=said["code"], parent=code_or_none(said["parent"])),
            code=text(),
            parent=text(required=False),
        ),
        deed(
            "merge-units",
            "Let units become part of another that exists.",
            lambda said: MergeUnits(units=tuple(said["units"]), into=said["into"]),
            units=fields.List(fields.String(), required=True),
            into=text(),
        ),
        deed(
            "split-unit",
            "Divide a unit among others that exist; the first takes what no share names.",
            lambda said: SplitUnit(
                code=said["code"],
                shares=tuple(Share(each["unit"], tuple(each["areas"])) for each in said["shares"]),
            ),
            code=text(),
            shares=fields.List(fields.Nested(share_schema()), required=True),
        ),
        deed(
            "abolish-unit",
            "End a unit; who has cases in hand needs a successor.",
            lambda said: AbolishUnit(code=said["code"], successor=code_or_none(said["successor"])),
            code=text(),
            successor=text(required=False),
        ),
        deed(
            "hand-over",
            "Give everything a unit has in hand to another.",
            lambda said: HandOver(**said),
            unit=text(),
            successor=text(),
        ),
        deed(
            "add-person",
            "Register a person.",
            lambda said: AddPerson(**said),
            name=text(),
            phone=text(required=False, most=30),
            code=text(required=False, most=40, about="Staff number."),
        ),
        deed(
            "add-membership",
            "Give a person a role at a unit.",
            lambda said: AddMembership(**people_of(said, "person")),
            person=text(about=WHO),
            role=text(),
            unit=text(),
            valid_from=Moment(load_default=None, allow_none=True),
            valid_to=Moment(load_default=None, allow_none=True),
        ),
        deed(
            "end-membership",
            "End a post, now or at a stated instant.",
            lambda said: EndMembership(**said),
            membership_id=fields.UUID(required=True),
            at=Moment(load_default=None, allow_none=True),
        ),
        deed(
            "add-substitution",
            "Let a person act in the posts of another who is away.",
            lambda said: AddSubstitution(**people_of(said, "absent", "substitute")),
            absent=text(about=WHO),
            substitute=text(about=WHO),
            valid_from=Moment(required=True),
            valid_to=Moment(required=True),
        ),
        deed(
            "end-substitution",
            "End a substitution now.",
            lambda said: EndSubstitution(**said),
            substitution_id=fields.UUID(required=True),
        ),
        deed(
            "hand-over-posts",
            "Let a successor take every post of a person.",
            lambda said: HandOverPosts(**people_of(said, "person", "successor")),
            person=text(about=WHO),
            successor=text(about=WHO),
        ),
        deed(
            "set-duty",
            "Put a person on duty for a unit in a role.",
            lambda said: SetDuty(**people_of(said, "person")),
            unit=text(),
            role=text(),
            person=text(about=WHO),
            valid_from=Moment(required=True),
            valid_to=Moment(required=True),
            note=text(required=False),
        ),
        deed(
            "end-duty",
            "Take a duty back; one that has begun ends now.",
            lambda said: EndDuty(**said),
            duty_id=fields.UUID(required=True),
        ),
    )
)
