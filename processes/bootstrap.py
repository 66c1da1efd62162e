"""The product put together: keys, database, engine and everything `processes` plugs into it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.actor import SYSTEM
from engine.db.connect import Database
from engine.db.migrate import upgrade
from engine.db.tables import table_version
from engine.errors import Invalid
from engine.ids import Ids, SystemIds
from engine.now import Clock, SystemClock
from engine.run.commands import Command, DeployFolder, DeployTables
from engine.run.engine import Engine
from engine.run.plugins import Handler, Plugins
from engine.run.worker import Worker
from engine.secrets import Keys
from processes.access import OrganisationAccess
from processes.calendars.commands import CALENDAR_HANDLERS
from processes.calendars.known import KnownCalendars
from processes.case_moves import CASE_MOVE_JOBS
from processes.catalogue.together import examiner
from processes.charging import Charging
from processes.chores import Sealing, chores
from processes.classifying import CLASSIFY_HANDLERS
from processes.cluster import nudge_by
from processes.duty import duty_handlers
from processes.handing_over import HAND_OVER_JOBS
from processes.host_clock import HostClock
from processes.intake import Intake, ReportCase
from processes.joining import why_not_refer
from processes.links import LINK_HANDLERS
from processes.operations import OPERATIONS
from processes.organisation import People, organisation_handlers, strangers
from processes.organisation_import import organisation_import_handlers
from processes.photos import Photos
from processes.post_moves import post_move_handlers
from processes.practice import PRACTICE_HANDLERS
from processes.privacy import Sealed
from processes.projector import project_case
from processes.reads.definitions import Folders
from processes.settings import Settings
from processes.shipped import Shipped
from processes.statuses import STATUSES
from processes.step_photos import AddOfferPhotos, AddPhotos, StepPhotos, lost_photos
from processes.trends import Trending, mark_days
from processes.trial_results import TRIAL_HANDLERS
from processes.unit_changes import unit_change_handlers
from processes.unit_ends import unit_end_handlers
from processes.view import case_view

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Product:
    """Everything a web server, a worker or a command line needs."""

    settings: Settings
    keys: Keys
    engine: Engine
    photos: Photos
    shipped: Shipped
    calendars: KnownCalendars

    def worker(self, name: str, kind: type[Worker] = Worker) -> Worker:
        """Return a worker: due jobs, sealed minutes, letters."""
        guard = HostClock(self.engine.database, self.engine.clock)
        folders = Folders(self.engine.library, self.shipped.labels)
        charging = Charging(self.engine, folders, self.calendars)
        own = chores(self.engine, self.keys, charging, Trending(self.engine))
        return kind(self.engine, name=name, guard=guard, chores=own)

    def seal(self) -> None:
        """Seal what has moved now, for commands that end without a worker beside them."""
        Sealing(self.engine, self.keys).seal(self.engine.clock.now())

    def close(self) -> None:
        """Give back the connections."""
        self.engine.nudge.close()
        self.engine.database.close()


def open_product(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    handlers: Mapping[type[Command], Handler] | None = None,
    shipped: Shipped | None = None,
) -> Product:
    """Open a prepared home. `handlers` are those of the web's own commands.

    `shipped` are the folders to deploy, those that come with us unless told.

    Raises Broken("keys.missing") where nothing was prepared.
    """
    keys = Keys.load(settings.home)
    photos = Photos(settings.home / "files", keys)
    shipped = shipped or Shipped.find()
    intake = Intake(
        sealed=Sealed(keys, "case_file"),
        photos=photos,
        categories=shipped.labels.codes("categories"),
    )
    calendars = KnownCalendars()
    plugins = Plugins(
        access=OrganisationAccess(),
        handlers={
            ReportCase: Handler(run=intake.report),
            **LINK_HANDLERS,
            **CLASSIFY_HANDLERS,
            AddPhotos: Handler(run=StepPhotos(photos).add),
            AddOfferPhotos: Handler(run=StepPhotos(photos).add_to_offer),
            **CALENDAR_HANDLERS,
            **PRACTICE_HANDLERS,
            **TRIAL_HANDLERS,
            **organisation_handlers(People(Sealed(keys, "person"))),
            **organisation_import_handlers(Sealed(keys, "person")),
            **unit_change_handlers(),
            **unit_end_handlers(),
            **post_move_handlers(),
            **duty_handlers(),
            **(handlers or {}),
        },
        operations=OPERATIONS,
        jobs={**HAND_OVER_JOBS, **CASE_MOVE_JOBS},
        view=case_view,
        projectors=(project_case, mark_days),
        statuses=STATUSES,
        strangers=strangers,
        lost_photos=lost_photos,
        why_not_refer=why_not_refer,
        examine_tables=examiner(shipped.labels),
        calendars=calendars,
    )
    database = Database(settings.database)
    engine = Engine(
        database,
        plugins,
        clock=clock or SystemClock(),
        ids=ids or SystemIds(),
        nudge=nudge_by(settings.broker),
    )
    return Product(settings, keys, engine, photos, shipped, calendars)


def prepare(settings: Settings, **parts: Any) -> Product:
    """Make a home ready and open it: folder, keys, migrations, deploy of `bpmn/`.

    All of it may be repeated: keys are never overwritten, a folder is deployed only if its
    content was never seen before. `parts` are those of `open_product`.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    Keys.create(settings.home)
    upgrade(settings.database)
    product = open_product(settings, **parts)
    deploy_shipped(product)
    return product


def deploy_shipped(product: Product) -> None:
    """Deploy the shared tables, then each folder.

    Tables that do not answer the standards and clocks of this district, which people have changed
    since, leave those in force where they are.
    """
    tables = DeployTables(files=product.shipped.tables(), only_new=True)
    try:
        product.engine.execute(tables, SYSTEM)
    except Invalid as refusal:
        if refusal.code != "table.refused" or not has_tables(product):
            raise
        log.warning("shipped tables left out: %s", refusal.text)
    for key, files in product.shipped.processes():
        product.engine.execute(DeployFolder(folder=key, files=files), SYSTEM)


def has_tables(product: Product) -> bool:
    """Tell whether any decision table was ever deployed here."""
    with product.engine.database.read() as connection:
        return connection.execute(sa.select(table_version.c.id).limit(1)).first() is not None
