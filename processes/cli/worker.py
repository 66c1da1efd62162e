"""`shaodao worker`: do due jobs in a process of its own, until told to stop."""

from __future__ import annotations

import signal

import click

from engine.i18n import _
from engine.run.leases import worker_name
from processes.cli.common import language, opened, say
from processes.logs import log_to_stderr


@click.command(
    "worker", help=_("单独运行后台任务：到期、催办、封存。按 Ctrl-C 停止。").to(language())
)
def command() -> None:
    """Work until SIGTERM or SIGINT; the job at hand is finished first."""
    log_to_stderr()
    with opened() as product:
        worker = product.worker(worker_name())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: worker.stop())
        say(_("后台任务已开始。"), err=True)
        worker.run()
