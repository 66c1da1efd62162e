"""Bring an organisation in from an office's own tables: one command, one transaction.

The number of statements does not grow with the rows. Running an import again changes nothing; a
refused row stops no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.case_moves import plan_moves
from processes.organisation_chain import Change, changing, note_all
from processes.organisation_now import Dated, read_now
from processes.organisation_plan import Plan
from processes.organisation_tables import duty_roster, unit_state
from processes.permissions import require
from processes.privacy import Sealed
from processes.sheet_tables import TableRow
from processes.tables import membership, org_unit, person
from processes.unit_states import ABOVE_ALL, Unit, write_states

if TYPE_CHECKING:
    from engine.run.context import Context

COLUMNS = ("code", "name", "kind", "parent", "path", "calendar")
CHANGING = ("code", "name", "parent", "path", "calendar")
ONE_UNIT = (
    org_unit.update()
    .where(org_unit.c.code == bindparam("b_code"))
    .values(
        name=bindparam("b_name"),
        parent=bindparam("b_parent"),
        path=bindparam("b_path"),
        calendar=bindparam("b_calendar"),
    )
)
ONE_PERSON = (
    person.update()
    .where(person.c.id == bindparam("b_id"))
    .values(name=bindparam("b_name"), phone=bindparam("b_phone"))
)


@dataclass(frozen=True, kw_only=True)
class ImportOrganisation(Command):
    """Bring tables in: rows by kind of table, each with the name of its sheet.

    With `dry_run` nothing is written; the answer is the same.
    """

    tables: Mapping[str, tuple[tuple[str, TableRow], ...]]
    dry_run: bool = False


@dataclass(frozen=True)
class OrganisationImport:
    """Does imports; phones are stored sealed (`Sealed(keys, "person")`)."""

    sealed: Sealed

    def run(self, context: Context, command: ImportOrganisation) -> dict[str, Any]:
        """Plan the import and, unless it is a dry run, write it. Answers what became of each row.

        Whoever imports manages the whole organisation: Forbidden for whom it is a part only.
        """
        require(context.actor, "organisation.manage", paths=(ABOVE_ALL,))
        now = read_now(context.connection, self.sealed, context.now)
        plan = Plan(now, context.now, context.ids)
        plan.take_all(command.tables)
        if not command.dry_run:
            self.write(context, plan)
        return {"rows": plan.results, "counts": dict(plan.count())}

    def write(self, context: Context, plan: Plan) -> None:
        """Write what was planned, a statement a table, and its entries in the chain."""
        self.write_people(context.connection, plan)
        write_units(context, plan)
        write_dated(context.connection, membership, plan.new_posts, plan.changed_posts)
        write_dated(context.connection, duty_roster, plan.new_duties, plan.changed_duties)
        note_all(context, changes_of(plan))

    def write_people(self, connection: Connection, plan: Plan) -> None:
        """Write people, their phones sealed."""
        new = [
            {
                "id": each.id,
                "name": each.name,
                "phone": self.sealed.seal(each.phone, column="phone", row=each.id),
                "code": each.code,
            }
            for each in plan.new_people
        ]
        changed = [
            {
                "b_id": each.id,
                "b_name": each.name,
                "b_phone": self.sealed.seal(each.phone, column="phone", row=each.id),
            }
            for each in plan.changed_people
        ]
        many(connection, person.insert(), new)
        many(connection, ONE_PERSON, changed)


def write_units(context: Context, plan: Plan) -> None:
    """Write units, those above first, and let cases follow the areas that moved."""
    new = sorted(plan.new_units.values(), key=lambda unit: unit.path.count("/"))
    rows = [
        {**{name: getattr(unit, name) for name in COLUMNS}, "valid_from": context.now}
        for unit in new
    ]
    many(context.connection, org_unit.insert(), rows)
    states = [{**unit.state(), "valid_from": context.now} for unit in new]
    many(context.connection, unit_state.insert(), states)
    after = [(before, plan.now.units[code]) for code, before in plan.changed_units.items()]
    many(
        context.connection,
        ONE_UNIT,
        [{f"b_{name}": getattr(unit, name) for name in CHANGING} for _before, unit in after],
    )
    dated = [unit for before, unit in after if unit.state() != before.state()]
    if dated:
        write_states(context.connection, dated, context.now)
    plan_moves(
        context,
        [(unit.code, before.path) for before, unit in after if unit.path != before.path],
    )


def write_dated(
    connection: Connection, table: sa.Table, new: list[Dated], changed: list[Dated]
) -> None:
    """Write posts or duties."""
    names = [column.name for column in table.columns]
    many(
        connection, table.insert(), [{name: getattr(each, name) for name in names} for each in new]
    )
    noted: dict[str, Any] = {"note": bindparam("b_note")} if "note" in names else {}
    one = table.update().where(table.c.id == bindparam("b_id"))
    many(
        connection,
        one.values(valid_to=bindparam("b_valid_to"), **noted),
        [
            {"b_id": each.id, "b_valid_to": each.valid_to}
            | ({"b_note": each.note} if noted else {})
            for each in changed
        ],
    )


def many(connection: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    """Send a statement for all rows at once, not at all for none."""
    if rows:
        connection.execute(statement, rows)


def changes_of(plan: Plan) -> Iterator[Change]:
    """Yield what the chain says of an import: the same as of the single commands."""
    for unit in plan.new_units.values():
        said = {"name": unit.name, "kind": unit.kind, "parent": unit.parent}
        yield Change("unit.added", unit.code, said)
    for code, before in plan.changed_units.items():
        yield from changes_of_unit(before, plan.now.units[code])
    for each in plan.new_people:
        yield Change("person.added", str(each.id))
    for each in plan.changed_people:
        yield Change("person.changed", str(each.id))
    yield from changes_of_dated("membership.added", plan.new_posts)
    yield from changes_of_dated("membership.changed", plan.changed_posts)
    yield from changes_of_dated("duty.set", plan.new_duties)
    yield from changes_of_dated("duty.changed", plan.changed_duties)


def changes_of_unit(before: Unit, after: Unit) -> Iterator[Change]:
    """Yield what changed of a unit; one that only followed its parent did not change."""
    for kind, name in (
        ("unit.renamed", "name"),
        ("unit.moved", "parent"),
        ("unit.calendar_set", "calendar"),
    ):
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            yield Change(kind, after.code, {name: is_now, "before": was})


def changes_of_dated(kind: str, rows: Iterable[Dated]) -> Iterator[Change]:
    """Yield entries of posts or duties, each about its person."""
    for each in rows:
        dates = {"from": each.valid_from, "to": each.valid_to}
        yield Change(kind, str(each.person_id), {"role": each.role, "unit": each.unit, **dates})


def organisation_import_handlers(sealed: Sealed) -> dict[type[Command], Handler]:
    """Return the handler of this page's command."""
    return {ImportOrganisation: changing(OrganisationImport(sealed).run)}
