"""Celery's way in, `celery --app=processes.cluster.entry worker`: our settings, our log."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging

from engine.run.leases import worker_name
from engine.run.nudge import Nudge
from engine.run.worker import Worker
from processes.bootstrap import open_product
from processes.cluster.broker import SPELL, TASK, working
from processes.cluster.hands import Hands
from processes.logs import log_to_stderr
from processes.settings import Settings, required_broker

settings = Settings.read(os.environ)
app: Celery = working(required_broker(settings))


def open_worker() -> tuple[Worker, Nudge]:
    """Open the product in this process."""
    product = open_product(settings)
    return product.worker(worker_name()), product.engine.nudge


hands = Hands(open_worker, seconds=SPELL)


def work(queue: object) -> None:
    """Do what is due, down to a queue."""
    hands.work(queue)


def log_as_ours(**_options: object) -> None:
    """Write our lines, not Celery's."""
    log_to_stderr()


app.task(name=TASK)(work)
setup_logging.connect(log_as_ours, weak=False)
