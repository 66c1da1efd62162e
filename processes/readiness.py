"""Whether this host can work: asked by load balancers, answered with the reason where it cannot."""

from __future__ import annotations

import shutil
from typing import Final

from engine.errors import Broken, ShaodaoError
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


def degraded(product: Product) -> ShaodaoError | None:
    """Return what a host that is ready does without, None where nothing is missing.

    `broker.unreachable`: workers are not called, and find their work by looking, seconds later.
    """
    if product.engine.nudge.fails():
        return Broken(
            "broker.unreachable",
            _("消息中间件连不上，后台任务改为定时查看，可能晚几秒。"),
        )
    return None
