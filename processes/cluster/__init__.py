"""Many hosts: a message broker tells workers that a queue has work (docs/howto/cluster.md).

The only package that knows Celery. The message carries the name of a queue and nothing else; what
is to be done stands in the `job` table, and the claim loop is the one of a single machine.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from engine.errors import Broken
from engine.i18n import _
from engine.run.leases import worker_name
from engine.run.nudge import Nobody, Nudge
from engine.run.worker import Worker
from processes.cluster.started import beside
from processes.cluster.watch import Watch
from processes.settings import required_broker

if TYPE_CHECKING:
    from processes.bootstrap import Product


def nudge_by(broker: str | None) -> Nudge:
    """Return how this installation tells its workers. Raises Broken("cluster.not_installed")."""
    if broker is None:
        return Nobody()
    try:
        from processes.cluster.broker import Broker  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise not_installed() from error
    from processes.cluster.caller import Caller  # noqa: PLC0415 - with it

    return Caller(Broker(broker))


def by_celery(product: Product, processes: int) -> tuple[Worker, AbstractContextManager[None]]:
    """Return the watch of this host, and Celery's worker with so many processes beside it.

    Raises Invalid("setting.no_broker").
    """
    required_broker(product.settings)
    from processes.cluster.broker import command_of  # noqa: PLC0415 - an extra

    name = worker_name()
    watch = product.worker(name, Watch)
    return watch, beside(command_of(processes, name), watch.stop)


def not_installed() -> Broken:
    """Return what is said where the extra is missing."""
    return Broken(
        "cluster.not_installed",
        _("设置了 SHAODAO_BROKER，但没有安装集群组件，请运行 pip install 'shaodao[cluster]'。"),
    )
