"""The organisation: its tree, a unit, a person, and the forms that change them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from marshmallow import EXCLUDE, ValidationError
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response

from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import Text, _
from processes.access import path_of
from processes.permissions import ROLES, allowed
from processes.reads import organisation as reads
from processes.reads.organisation import UnitPage
from processes.reads.units import UnitRow, units
from processes.unit_states import ABOVE_ALL, NETWORK, UnitKind
from web.here import actor, execute, label, locale, now, product
from web.intake import Choices
from web.organisation import DEEDS
from web.pages.blueprint import page
from web.pages.session import inside

KINDS: Mapping[str, Text] = {
    "district": _("区县"),
    "street": _("街道（乡镇）"),
    "community": _("社区（村）"),
    "grid": _("网格"),
    "micro_grid": _("微网格"),
    "department": _("部门"),
}

SMALL = (UnitKind.GRID, UnitKind.MICRO_GRID)  # too many to offer them all
HOSTS: Mapping[str, tuple[str, ...]] = {
    "street": ("district",),
    "community": ("street",),
    "grid": ("community",),
    "micro_grid": ("grid",),
    "department": ("district", "street", "department"),
}


@page("/organisation", action="organisation.read")
def organisation() -> str:
    """Show the top of the tree, or what a search finds."""
    words = request.args.get("q", "").strip()
    with product().engine.database.read() as connection:
        if words:
            found, people = (
                reads.find_units(connection, words),
                reads.find_people(connection, words),
            )
            return render_template(
                "organisation.html", q=words, found=found, people=people, kinds=kind_names()
            )
        roots = reads.top_units(connection)
        below = reads.children(connection, [unit.code for unit in roots])
    return render_template(
        "organisation.html",
        q="",
        roots=roots,
        below=below,
        kinds=kind_names(),
        may_add=manages(ABOVE_ALL),
    )


@page("/organisation/units/<code>", action="organisation.read")
def unit(code: str) -> str:
    """Show a unit and, to whoever manages it, the forms that change it."""
    with product().engine.database.read() as connection:
        found = reads.unit_page(connection, code, now())
        path = path_of(connection, code) or ABOVE_ALL
        everything = units(connection)
    may = found.ended_at is None and manages(path)
    return render_template(
        "unit.html",
        page=found,
        kinds=kind_names(),
        roles=role_names(),
        may=may,
        offered=offered(found, everything) if may else {},
    )


@page("/organisation/people/<uuid:person_id>", action="organisation.read")
def person(person_id: UUID) -> str:
    """Show a person and, to whoever manages the organisation, the forms that change their posts."""
    with product().engine.database.read() as connection:
        found = reads.person_page(connection, person_id, now())
    may = allowed(actor(), "organisation.manage")
    return render_template("person.html", page=found, roles=role_names(), may=may)


@page("/organisation/<deed>", action="organisation.manage", methods=("POST",))
def change(deed: str) -> Response:
    """Do what a form asks and go back to its page, with what was done or why not."""
    if deed not in DEEDS:
        raise NoSuchPage
    back = inside(request.form.get("next"))
    try:
        said = DEEDS[deed].body(unknown=EXCLUDE).load(form_values(deed))
        execute(DEEDS[deed].command(said), key=request.form.get("key"))
    except ValidationError:
        flash(_("请把表单填写完整，日期须是有效的时间。").to(locale()), "bad")
    except (Invalid, Conflict) as refusal:
        flash(refusal.sentence(locale()), "bad")
    except NotFound as refusal:
        if not refusal.code.startswith(("person.", "unit.")):
            raise
        flash(refusal.sentence(locale()), "bad")
    else:
        flash(_("已保存。").to(locale()), "ok")
    return redirect(back, 303)


def form_values(deed: str) -> dict[str, Any]:
    """Return what a form sends as its deed's schema wants it; empty instants are left out."""
    values: dict[str, Any] = {
        name: text for name, text in request.form.items() if name in wanted(deed) and text
    }
    if deed == "merge-units":
        values["units"] = request.form.getlist("units")
    if deed == "split-unit":
        values["shares"] = shares()
    return values


def wanted(deed: str) -> set[str]:
    """Return the names of what a deed is sent."""
    return set(DEEDS[deed].body().fields)


def shares() -> list[dict[str, Any]]:
    """Return the heirs of a split in the order of the form, each with the areas chosen for it."""
    heirs = list(dict.fromkeys(heir for heir in request.form.getlist("heir") if heir))
    return [
        {
            "unit": heir,
            "areas": [
                name.removeprefix("area.")
                for name, chosen in request.form.items()
                if name.startswith("area.") and chosen == str(place)
            ],
        }
        for place, heir in enumerate(heirs)
    ]


def manages(path: str) -> bool:
    """Tell whether the person may change what stands at a path."""
    return allowed(actor(), "organisation.manage", paths=(path,))


def offered(found: UnitPage, everything: tuple[UnitRow, ...]) -> dict[str, Choices]:
    """Return code and name of the units that a unit's forms offer: its heirs, its parents."""
    mine = found.unit
    others = [unit for unit in everything if unit.code != mine.code]
    heirs = [unit for unit in others if unit.kind == mine.kind]
    if mine.kind in SMALL:
        heirs = [unit for unit in heirs if unit.parent == mine.parent]
    hosts = HOSTS.get(mine.kind, ())
    return {"heirs": named(heirs), "parents": named(u for u in others if u.kind in hosts)}


def named(found: Iterable[UnitRow]) -> Choices:
    """Return units as choices."""
    return tuple((unit.code, unit.name) for unit in found)


def kind_names() -> dict[str, str]:
    """Return the kinds of units in words, the network from the top."""
    return {kind: KINDS[kind].to(locale()) for kind in (*NETWORK, "department")}


def role_names() -> dict[str, str]:
    """Return the roles in words."""
    return {role: label("roles", role) for role in ROLES}
