"""`shaodao worker`: do due jobs in a process of its own, until told to stop."""

from __future__ import annotations

import signal
from contextlib import AbstractContextManager, nullcontext

import click

from engine.heap import settle
from engine.i18n import _
from engine.run.leases import worker_name
from engine.run.worker import Worker
from processes.bootstrap import Product
from processes.cli.common import language, opened, say
from processes.cluster import by_celery
from processes.logs import log_to_stderr


@click.command(
    "worker", help=_("单独运行后台任务：到期、催办、封存。按 Ctrl-C 停止。").to(language())
)
@click.option(
    "--celery",
    is_flag=True,
    help=_("由消息中间件（SHAODAO_BROKER）分派给多个进程。").to(language()),
)
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help=_("与 --celery 同用：同时干活的进程数。").to(language()),
)
def command(*, celery: bool, processes: int) -> None:
    """Work until SIGTERM or SIGINT; the job at hand is finished first."""
    log_to_stderr()
    with opened() as product:
        worker, hands = by_celery(product, processes) if celery else alone(product)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: worker.stop())
        say(_("后台任务已开始。"), err=True)
        settle()
        with hands:
            worker.run()


def alone(product: Product) -> tuple[Worker, AbstractContextManager[None]]:
    """Return the worker of one machine, which has no other hands than its own."""
    return product.worker(worker_name()), nullcontext()
