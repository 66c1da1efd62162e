"""Make the demo district in a home: by virtual time, so that it has days behind it at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from engine.db.tables import table_version
from engine.errors import Broken
from engine.now import ManualClock
from processes.bootstrap import Product, open_product, prepare
from processes.settings import Settings
from web.accounts import HANDLERS
from web.demo.play import Player
from web.demo.script import read_script
from web.demo.settle import settle, settled
from web.demo.timeline import Timeline

BEFORE: Final = timedelta(hours=1)  # the district is settled, then the first case is reported


@dataclass(frozen=True)
class Made:
    """What came of it. `skipped` cases lie before the home's decision tables came into force."""

    new: bool
    cases: int = 0
    skipped: int = 0


def make(settings: Settings, now: datetime) -> Made:
    """Make the district and play its cases up to `now`. Where it stands already, change nothing."""
    with as_it_stands(settings) as home:
        if home is not None and settled(home.engine):
            return Made(new=False)
        used = home is not None and in_use(home)
    script = read_script(now)
    with timeline_of(settings, script[0].at - BEFORE, used=used) as timeline:
        since = timeline.tables_since()
        tales = [tale for tale in script if tale.at >= since]
        Player(timeline, settle(timeline.product.engine)).play(tales)
        timeline.reach(now)
        timeline.seal()
    return Made(new=True, cases=len(tales), skipped=len(script) - len(tales))


@contextmanager
def as_it_stands(settings: Settings) -> Iterator[Product | None]:
    """Open a home and prepare nothing; None where there are not even keys."""
    try:
        product = open_product(settings)
    except Broken:
        yield None
        return
    with closing(product):
        yield product


def in_use(product: Product) -> bool:
    """Tell whether a home's database was ever prepared."""
    with product.engine.database.read() as connection:
        return sa.inspect(connection).has_table(table_version.name)


@contextmanager
def timeline_of(settings: Settings, start: datetime, *, used: bool) -> Iterator[Timeline]:
    """Open a home on a virtual clock at `start`, prepared at `start` where it was empty.

    One that was `used` is prepared by the real clock: what we ship anew is in force from today.
    """
    clock = ManualClock(start)
    if used:
        prepare(settings).close()
        product = open_product(settings, clock=clock, handlers=HANDLERS)
    else:
        product = prepare(settings, clock=clock, handlers=HANDLERS)
    with closing(product):
        yield Timeline(product, clock)
