"""Marshmallow schemas: what comes in is written out here, what goes out is derived from the rows.

The frozen rows of `processes/reads` are the contract already; a schema written by hand beside each
of them would be a second copy that can drift.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from marshmallow import Schema, fields, post_dump, validate

SIMPLE: Mapping[Any, type[fields.Field[Any]]] = {
    str: fields.String,
    int: fields.Integer,
    float: fields.Float,
    bool: fields.Boolean,
    UUID: fields.UUID,
    date: fields.Date,
    Any: fields.Raw,
}
PAGE_SIZES = validate.Range(min=1, max=100)


@cache
def schema_of(row: type[Any]) -> type[Schema]:
    """Return the schema of a frozen row, named like it and described by its docstring."""
    hints = get_type_hints(row)
    members = {field.name: field_of(hints[field.name]) for field in dataclass_fields(row)}
    meta = type("Meta", (), {"description": (row.__doc__ or "").strip()})
    return type(f"{row.__name__}Schema", (Schema,), {**members, "Meta": meta})


def field_of(hint: Any, *, optional: bool = False) -> fields.Field[Any]:
    """Return the field for a type annotation of a row."""
    options: dict[str, Any] = {"required": True, "allow_none": optional}
    if hint in SIMPLE:
        return SIMPLE[hint](**options)
    if hint is datetime:
        return fields.AwareDateTime(format="iso", default_timezone=UTC, **options)
    if is_dataclass(hint):
        row: Any = hint
        return fields.Nested(schema_of(row), **options)
    return field_of_generic(hint, options)


def field_of_generic(hint: Any, options: dict[str, Any]) -> fields.Field[Any]:
    """Return the field for `X | None`, `tuple[…]` and mappings."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (present,) = (each for each in arguments if each is not type(None))
        return field_of(present, optional=True)
    if origin in (tuple, list):
        if origin is list or arguments[1:] == (...,):
            return fields.List(field_of(arguments[0]), **options)
        return fields.List(fields.Raw(), **options)
    if origin is dict or issubclass(origin, Mapping):
        return fields.Dict(keys=fields.String(), values=fields.Raw(), **options)
    raise TypeError(f"no schema for {hint!r}")


class Problem(Schema):
    """A refusal as RFC 9457 problem details; `code` is stable, `detail` is for people."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        data_key="fields",
        attribute="fields",
        metadata={"description": "A sentence for each field that is wrong."},
    )


class PageQuery(Schema):
    """Where a list goes on, and how much of it is wanted."""

    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=500),
        metadata={"description": "`next_cursor` of the page before; absent for the first page."},
    )
    limit = fields.Integer(load_default=50, validate=PAGE_SIZES)


class InboxQuery(PageQuery):
    """A tab of the inbox."""

    tab = fields.String(load_default="all", validate=validate.Length(max=40))


class CasesQuery(PageQuery):
    """Which cases are listed."""

    status = fields.String(load_default="", validate=validate.Length(max=40))
    category = fields.String(load_default="", validate=validate.Length(max=40))
    urgency = fields.String(load_default="", validate=validate.Length(max=40))
    unit = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={"description": "An area the case lies in, or a unit that takes part in it."},
    )
    since = fields.Date(load_default=None)
    until = fields.Date(load_default=None, metadata={"description": "That day included."})
    overdue = fields.Boolean(load_default=False)


class SearchBody(PageQuery):
    """A question: a number or its end, two or more signs of a text, a whole telephone number."""

    query = fields.String(required=True, validate=validate.Length(max=100))


class YearQuery(Schema):
    """Which year of a calendar."""

    year = fields.Integer(load_default=None, validate=validate.Range(min=2000, max=2060))


class TimetableBody(Schema):
    """Working hours, as docs/deadlines.md writes them; without `valid_from` they hold from now."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=100))
    timetable = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    valid_from = fields.AwareDateTime(load_default=None, allow_none=True)


class DayBody(Schema):
    """A special day."""

    date = fields.String(required=True, validate=validate.Length(max=10))
    kind = fields.String(required=True, metadata={"description": "rest or work"})
    name = fields.String(required=True, validate=validate.Length(min=1, max=100))


class DaysBody(Schema):
    """Special days and what vouches for them; without `calendar` they are all calendars'."""

    days = fields.List(fields.Nested(DayBody), required=True, validate=validate.Length(max=400))
    source = fields.String(required=True, validate=validate.Length(min=1, max=200))
    calendar = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=32))


class UnitsQuery(Schema):
    """Which units are listed."""

    kind = fields.String(load_default=None, validate=validate.Length(max=40))


class PeopleQuery(Schema):
    """Whom to look for."""

    query = fields.String(required=True, validate=validate.Length(min=1, max=100))


class RosterQuery(Schema):
    """Whose duty, and from which day on."""

    unit = fields.String(required=True, validate=validate.Length(max=40))
    first = fields.Date(load_default=None, metadata={"description": "Today where left out."})


class ReportBody(Schema):
    """A report of a problem found."""

    title = fields.String(load_default="", validate=validate.Length(max=200))
    description = fields.String(required=True, validate=validate.Length(max=5000))
    category = fields.String(required=True, metadata={"description": "A category's code."})
    area = fields.String(required=True, metadata={"description": "Code of a grid or community."})
    joint_area = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={"description": "The neighbour of `area`, on the boundary of both."},
    )
    standard = fields.String(load_default="", validate=validate.Length(max=64))
    filing_condition = fields.String(load_default="", validate=validate.Length(max=64))
    address = fields.String(load_default="", validate=validate.Length(max=200))
    reporter_name = fields.String(load_default="", validate=validate.Length(max=50))
    reporter_phone = fields.String(load_default="", validate=validate.Length(max=30))
    urgency = fields.String(load_default="normal")
    source = fields.String(
        load_default="api",
        validate=validate.Length(min=1, max=40),
        metadata={"description": "The channel; with `external_ref` it names a case for good."},
    )
    external_ref = fields.String(load_default=None, validate=validate.Length(max=100))
    reported_at = fields.AwareDateTime(load_default=None, allow_none=True)
    photos = fields.List(
        fields.String(),
        load_default=list,
        validate=validate.Length(max=6),
        metadata={"description": "JPEG, PNG or WebP files in base64."},
    )


class LinkBody(Schema):
    """How a case stands to another, which is named by its number."""

    other = fields.String(load_default="", validate=validate.Length(max=60))
    kind = fields.String(
        load_default="related", metadata={"description": "split, repeat or related"}
    )
    reason = fields.String(load_default="", validate=validate.Length(max=200))


class PhotosBody(Schema):
    """Photos taken at a step."""

    photos = fields.List(
        fields.String(),
        load_default=list,
        validate=validate.Length(max=6),
        metadata={"description": "JPEG, PNG or WebP files in base64."},
    )


class CompleteBody(Schema):
    """A finished step: one of its drawn outcomes, and its form's fields."""

    outcome = fields.String(required=True, validate=validate.Length(max=100))
    data = fields.Dict(keys=fields.String(), values=fields.Raw(), load_default=dict)


class OfferBody(Schema):
    """What is written when an offer is taken: its form's fields."""

    data = fields.Dict(keys=fields.String(), values=fields.Raw(), load_default=dict)


class CauseBody(Schema):
    """Which incidents: the two fields that name a cause."""

    code = fields.String(required=True, validate=validate.Length(max=100))
    cause = fields.String(required=True, validate=validate.Length(max=5000))


class Changed(Schema):
    """What a change of the organisation answers; each tells what applies to it."""

    id = fields.String(metadata={"description": "Of the person, post, substitution or duty."})
    code = fields.String(metadata={"description": "Of the unit."})
    into = fields.String(metadata={"description": "Code of the unit that took the others in."})
    created = fields.Boolean(metadata={"description": "False: it was there already."})
    changed = fields.Boolean(metadata={"description": "False: it was so already."})
    handed_over = fields.Integer(metadata={"description": "Steps and parts that change hands."})
    posts = fields.Integer(metadata={"description": "Posts and duties that change hands."})


class CalendarChanged(Schema):
    """What a change of calendars or deadlines answers; each tells what applies to it."""

    code = fields.String(metadata={"description": "Of the calendar."})
    valid_from = fields.String(metadata={"description": "From when its timetable holds."})
    entered = fields.Integer(metadata={"description": "Days entered."})
    instances = fields.Integer(metadata={"description": "Running parts that are counted again."})


class ClassifyBody(Schema):
    """A filing condition."""

    standard = fields.String(required=True, validate=validate.Length(min=1, max=64))


class PhotosAdded(Schema):
    """The ids of photos that were uploaded, in their order: what a form names them by."""

    ids = fields.List(fields.String(), required=True)


class TableQuery(Schema):
    """Which version of a table, by its id, and from which row on."""

    version = fields.UUID(load_default=None)
    first = fields.Integer(load_default=1, validate=validate.Range(min=1))


class TablesBody(Schema):
    """Decision tables by file name, as DMN; in force from an instant on, from now unless told."""

    files = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r".+\.dmn\Z")),
        values=fields.String(),
        required=True,
        validate=validate.Length(min=1, max=20),
    )
    effective_from = fields.AwareDateTime(load_default=None, allow_none=True)
    basis = fields.String(load_default="", validate=validate.Length(max=200))


class TablesChanged(Schema):
    """What deploying or withdrawing tables answers; each tells what applies to it."""

    tables = fields.List(fields.String(), metadata={"description": "Those with a new version."})
    versions = fields.List(fields.String(), metadata={"description": "Ids of the new versions."})
    effective_from = fields.String(metadata={"description": "From when they hold."})
    doubts = fields.List(fields.Raw(), metadata={"description": "What is doubtful about them."})
    table = fields.String(metadata={"description": "Whose version was withdrawn."})
    version_id = fields.String(metadata={"description": "The version withdrawn."})


class WithdrawBody(Schema):
    """Which version is taken back."""

    version_id = fields.UUID(required=True)


class Answer(Schema):
    """What a command answers."""

    @post_dump(pass_original=True)
    def answered(self, _named: Any, answer: Mapping[str, Any], **_options: Any) -> dict[str, Any]:
        """Let pass what the schema does not name: each command answers its own."""
        return dict(answer)


class Health(Schema):
    """How the service is: "ok", or "degraded" with the reason where it works with less."""

    status = fields.String(required=True)
    code = fields.String()
    detail = fields.String()
