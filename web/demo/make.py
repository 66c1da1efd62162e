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
from processes.bootstrap import open_product, prepare
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
    script = read_script(now)
    with timeline_of(settings, script[0].at - BEFORE) as timeline:
        engine = timeline.product.engine
        if settled(engine):
            return Made(new=False)
        since = timeline.tables_since()
        tales = [tale for tale in script if tale.at >= since]
        Player(timeline, settle(engine)).play(tales)
        timeline.reach(now)
        timeline.seal()
    return Made(new=True, cases=len(tales), skipped=len(script) - len(tales))


@contextmanager
def timeline_of(settings: Settings, start: datetime) -> Iterator[Timeline]:
    """Open a home on a virtual clock at `start`, prepared at `start` where it is empty.

    One that is in use is prepared by the real clock: what we ship anew is in force from today.
    """
    clock = ManualClock(start)
    if in_use(settings):
        prepare(settings).close()
        product = open_product(settings, clock=clock, handlers=HANDLERS)
    else:
        product = prepare(settings, clock=clock, handlers=HANDLERS)
    with closing(product):
        yield Timeline(product, clock)


def in_use(settings: Settings) -> bool:
    """Tell whether a home was prepared before: it has keys, and its database has tables."""
    try:
        product = open_product(settings)
    except Broken:
        return False
    with closing(product), product.engine.database.read() as connection:
        return sa.inspect(connection).has_table(table_version.name)
