"""All that runs of a case: its instances, open steps, clocks and events, each in one statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import (
    incident,
    instance,
    job,
    sla_clock,
    subscription,
    work_item,
    work_item_barred,
)
from engine.run.rows import TIMER
from processes.reads.deadlines import CLOCKS
from processes.reads.definitions import Drawn
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.tables import org_unit

INSTANCES: Final = (
    sa.select(
        instance.c.id,
        instance.c.definition_id,
        instance.c.process,
        instance.c.parent_id,
        instance.c.parent_element,
        instance.c.unit,
        instance.c.status,
        instance.c.started_at,
        instance.c.ended_at,
        org_unit.c.name.label("unit_name"),
    )
    .outerjoin(org_unit, org_unit.c.code == instance.c.unit)
    .where(instance.c.root_id == sa.bindparam("root"))
    .order_by(instance.c.started_at, instance.c.id)
)
ITEMS: Final = (
    sa.select(work_item, org_unit.c.name.label("unit_name"), org_unit.c.path)
    .outerjoin(org_unit, org_unit.c.code == work_item.c.unit)
    .where(work_item.c.root_id == sa.bindparam("root"), work_item.c.status == "open")
    .order_by(work_item.c.sort_at, work_item.c.id)
)
OFFERS: Final = (
    sa.select(subscription, org_unit.c.name.label("unit_name"), org_unit.c.path)
    .join(instance, instance.c.id == subscription.c.instance_id)
    .outerjoin(org_unit, org_unit.c.code == subscription.c.unit)
    .where(instance.c.root_id == sa.bindparam("root"), subscription.c.role.is_not(None))
    .order_by(subscription.c.since, subscription.c.instance_id, subscription.c.token)
)
BARRED: Final = (
    sa.select(work_item_barred.c.item_id, work_item_barred.c.person_id)
    .join(work_item, work_item.c.id == work_item_barred.c.item_id)
    .where(work_item.c.root_id == sa.bindparam("root"), work_item.c.status == "open")
)
INCIDENTS: Final = (
    sa.select(incident.c.instance_id, incident.c.element, incident.c.cause)
    .join(instance, instance.c.id == incident.c.instance_id)
    .where(instance.c.root_id == sa.bindparam("root"), incident.c.resolved_at.is_(None))
    .order_by(incident.c.raised_at, incident.c.id)
)


NEXT: Final = (
    sa.select(job.c.instance_id, job.c.element, job.c.due_at)
    .join(instance, instance.c.id == job.c.instance_id)
    .where(instance.c.root_id == sa.bindparam("root"), job.c.kind == TIMER)
    .order_by(job.c.due_at, job.c.id)
    .limit(1)
)


@dataclass(frozen=True)
class Running:
    """A case's instances, the case itself first, with what is open on them."""

    reader: Reader
    instances: tuple[Row, ...]
    items: tuple[Row, ...]
    clocks: tuple[Row, ...]
    incidents: tuple[Row, ...]
    offers: tuple[Row, ...]
    barred: frozenset[tuple[UUID, UUID]]  # item and person who may not do it
    _drawn: dict[UUID, Drawn] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[UUID, Row]:
        """The instances by id."""
        return {row.id: row for row in self.instances}

    @cached_property
    def clocks_by_id(self) -> dict[str, Row]:
        """The clocks by id as the trail writes it."""
        return {str(clock.id): clock for clock in self.clocks}

    def drawn(self, instance_id: UUID) -> Drawn:
        """Return what an instance runs, with its words."""
        if instance_id not in self._drawn:
            self._drawn[instance_id] = self.reader.drawn(self.by_id[instance_id])
        return self._drawn[instance_id]

    def about(self, instance_id: UUID, unit: str | None) -> str | None:
        """Return the name of the unit whose part an instance is, None where `unit` says it.

        A convener confirms that several units came: each step has to say which one.
        """
        place = self.by_id[instance_id]
        return place.unit_name if place.unit not in (unit, self.instances[0].unit) else None

    def next_timer(self) -> Row | None:
        """Return the drawn timer that fires next; a statement."""
        key = {"root": self.instances[0].id}
        return self.reader.connection.execute(NEXT, key).one_or_none()

    def is_late(self, item: Row) -> bool:
        """Tell whether an open step is past due at the page's instant."""
        return item.due_at is not None and item.due_at <= self.reader.now


def running(reader: Reader, case_id: UUID) -> Running:
    """Return what runs of a case; six statements."""
    key = {"root": case_id}
    clocks = CLOCKS.where(sla_clock.c.root_id == case_id).order_by(sla_clock.c.due_at)
    return Running(
        reader,
        instances=tuple(reader.connection.execute(INSTANCES, key)),
        items=tuple(reader.connection.execute(ITEMS, key)),
        clocks=tuple(reader.connection.execute(clocks)),
        incidents=tuple(reader.connection.execute(INCIDENTS, key)),
        offers=tuple(reader.connection.execute(OFFERS, key)),
        barred=frozenset(
            (row.item_id, row.person_id) for row in reader.connection.execute(BARRED, key)
        ),
    )
