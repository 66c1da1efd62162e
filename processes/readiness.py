"""Whether this host can work: asked by load balancers, answered with the reason where it cannot."""

from __future__ import annotations

import shutil
from typing import Final

from engine.errors import Broken
from engine.i18n import _
from processes.bootstrap import Product
from processes.host_clock import refuse_clock_apart

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
