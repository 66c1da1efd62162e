"""Reports as they come in over the web, from the page or the API, and what a form offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from processes.access import reach
from processes.classifying import unfitting
from processes.intake import ReportCase
from processes.organisation import UnitKind
from processes.reads.units import AREAS, UnitRow, units
from web import reading
from web.here import actor, execute, label, product
from web.photos import kept

Choices = tuple[tuple[str, str], ...]

PATROL: Final = frozenset({"grid_worker", "community_secretary"})  # who finds things on the spot
DEPARTMENT: Final = frozenset({"dept", "dept_leader", "dept_head"})


def report(values: Mapping[str, Any], *, photos: Iterable[bytes], key: str | None = None) -> str:
    """Keep the photos, run ReportCase and return the new case's number.

    Raises Invalid("case.standard_unknown") for a standard that is not of the category.
    """
    if code := values.get("standard"):
        offered = reading.filings(category=values["category"], urgency=values["urgency"])
        if code not in {filing.code for filing in offered}:
            raise unfitting()
    told = {**values, "external_ref": values.get("external_ref") or None}
    answer = execute(ReportCase(**told, photos=kept(photos)), key=key)
    return str(answer["number"])


def choices(section: str) -> Choices:
    """Return the codes of a section of the shared labels with their words."""
    return tuple((code, label(section, code)) for code in product().shipped.labels.codes(section))


def sources() -> Choices:
    """Return the channels a person may say a report came by, the usual one first.

    Who patrols finds things and passes on what residents say; a department whistles for itself;
    a desk hears of everything from others, so that nothing goes past acceptance.
    """
    roles = {post.role for post in actor().posts}
    codes: tuple[str, ...]
    if roles & PATROL:
        codes = ("patrol", "resident", "hotline")
    elif roles & DEPARTMENT:
        codes = ("department",)
    else:
        codes = ("resident", "hotline")
    return tuple((code, label("sources", code)) for code in codes)


def areas() -> Choices:
    """Return where the person may report: what their posts cover, else every area."""
    everywhere = all_areas()
    names = {unit.code: unit.name for unit in everywhere}
    mine = own_units()
    offered = [unit for unit in everywhere if unit.code in mine] or everywhere
    return tuple((unit.code, full_name(unit, names)) for unit in offered)


def everywhere() -> Choices:
    """Return all areas: a place may lie on a boundary with one that the person does not cover."""
    found = all_areas()
    names = {unit.code: unit.name for unit in found}
    return tuple((unit.code, full_name(unit, names)) for unit in found)


def own_area() -> str:
    """Return the one grid or community that a post of the person is at, "" where it is not clear.

    A whole street is no place: whoever sits there has to say which community it is in.
    """
    codes = {post.unit for post in actor().posts}
    streets = {UnitKind.STREET}
    own = [unit.code for unit in all_areas() if unit.code in codes and unit.kind not in streets]
    return own[0] if len(own) == 1 else ""


def all_areas() -> tuple[UnitRow, ...]:
    """Return streets, communities and grids in the order of the tree."""
    with product().engine.database.read() as connection:
        return units(connection, kinds=AREAS)


def own_units() -> set[str]:
    """Return the codes of all units that the person's posts cover."""
    with product().engine.database.read() as connection:
        return {code for part in reach(connection, actor()) for code in part.units}


def full_name(unit: UnitRow, names: Mapping[str, str]) -> str:
    """Return a unit's name behind that of the one above it, so that no two look alike."""
    above = names.get(unit.parent or "")
    return f"{above} {unit.name}" if above else unit.name
