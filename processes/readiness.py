"""Whether this host can work: asked by load balancers, answered with the reason where it cannot."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from typing import Final

from engine.db.connect import Database
from engine.errors import Broken
from engine.i18n import _
from engine.now import Clock
from processes.bootstrap import Product

APART: Final = timedelta(seconds=2)  # hosts further apart would disagree on what is due
LEAST_FREE: Final = 32 * 1024 * 1024  # bytes


def require_ready(product: Product) -> None:
    """Raise Broken where this host should be given no work.

    The database does not answer in time (`database.unreachable`) or lately took no write
    (`database.unwritable`), this host's clock is more than two seconds off the database's
    (`host.clock_apart`), or there is no room where keys, photos and SQLite are (`host.disk_full`).
    """
    refuse_clock_apart(product.engine.database, product.engine.clock)
    if shutil.disk_usage(product.settings.home).free < LEAST_FREE:
        raise Broken("host.disk_full", _("磁盘空间不足，请清理后再用。"))


def refuse_clock_apart(database: Database, clock: Clock) -> None:
    """Raise Broken("host.clock_apart") where the two clocks cannot both be right."""
    before = clock.now()
    there = database.retry(database.clock)
    if there is not None and not before - APART <= there <= clock.now() + APART:
        raise Broken(
            "host.clock_apart",
            _("本机时钟与数据库相差 {seconds} 秒，请校准时间。", seconds=apart(before, there)),
        )


def apart(here: datetime, there: datetime) -> int:
    """Return whole seconds between two clocks."""
    return round(abs(there - here).total_seconds())
