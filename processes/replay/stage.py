"""The stage: a database without cases, prepared as of the day before the first recorded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from engine.db.tables import table_version
from engine.errors import Conflict, Invalid
from engine.i18n import _
from engine.now import ManualClock
from engine.run.engine import Engine
from processes.bootstrap import Product, prepare
from processes.importing import IMPORTER, Areas
from processes.intake import PROCESS
from processes.mapping import CaseMapping
from processes.organisation import AddUnit
from processes.replay.ear import Ear
from processes.replay.rules import ReplayRules
from processes.settings import Settings
from processes.shipped import Shipped
from processes.tables import case_file

BEFORE: Final = timedelta(days=1)  # tables and units stand before the first case
FIRST_VERSIONS: Final = (
    sa.select(sa.func.min(table_version.c.effective_from).label("since"))
    .group_by(table_version.c.key)
    .subquery()
)
ALL_IN_FORCE: Final = sa.select(sa.func.max(FIRST_VERSIONS.c.since))
ANY_CASE: Final = sa.select(case_file.c.number).limit(1)


@dataclass(frozen=True)
class Stage:
    """A product whose engine lives by `clock` and tells `ear` what it says."""

    product: Product
    engine: Engine
    clock: ManualClock
    ear: Ear


def database_at(place: str) -> str:
    """Return the URL of `--into`: a URL as it is, anything else the path of an SQLite file."""
    return place if "://" in place else f"sqlite:///{Path(place).expanduser().absolute()}"


@contextmanager
def staged(
    settings: Settings, first: datetime, ear: Ear, *, shipped: Shipped | None = None
) -> Iterator[Stage]:
    """Prepare a database as it would have stood a day before `first`.

    Raises Conflict("replay.live_database", "replay.tables_too_young").
    """
    clock = ManualClock(first - BEFORE)
    product = prepare(settings, clock=clock, shipped=shipped)
    try:
        refuse_unfit(product.engine, first)
        plugins = product.engine.plugins
        listening = replace(plugins, projectors=(*plugins.projectors, ear))
        engine = Engine(product.engine.database, listening, clock=clock, ids=product.engine.ids)
        yield Stage(product, engine, clock, ear)
    finally:
        product.close()


def refuse_unfit(engine: Engine, first: datetime) -> None:
    """Refuse a database that somebody works in, and one too young to have seen the cases."""
    with engine.database.read() as connection:
        number = connection.scalar(ANY_CASE)
        since = connection.scalar(ALL_IN_FORCE)
    if number is not None:
        raise Conflict(
            "replay.live_database",
            _(
                "这个数据库里已有案件（如 {number}），不能在其中回放，请用 --into 指定一个新的。",
                number=number,
            ),
        )
    if since is not None and since > first:
        raise Conflict(
            "replay.tables_too_young",
            _("这个数据库的决策表晚于要回放的案件才生效，请用 --into 指定一个新的。"),
        )


def refuse_undrawn(engine: Engine, rules: ReplayRules) -> None:
    """Refuse a mapping that names steps the diagrams in force do not have: they would do nothing.

    Raises Invalid("replay.element_unknown").
    """
    with engine.database.read() as connection:
        folder = engine.library.latest(connection, PROCESS)
    drawn = {node for name in folder.sources for node in folder.process(name).nodes}
    unknown = sorted({act.element for act in rules.acts} - drawn)
    if unknown:
        raise Invalid(
            "replay.element_unknown",
            _("流程里没有“{element}”这一步，请修改映射文件。", element=unknown[0]),
        )


def settle(engine: Engine, mapping: CaseMapping, rules: ReplayRules) -> None:
    """Create the units of a mapping, before the first case: none is older than its unit."""
    areas = Areas(engine, mapping.areas)
    for code in sorted(set(mapping.areas.codes.values())):
        areas.ensure(code)
    for unit in rules.units:
        command = AddUnit(code=unit.code, name=unit.name, kind=unit.kind, parent=unit.parent)
        engine.execute(command, IMPORTER, bulk=True)
