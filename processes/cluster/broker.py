"""Celery on Redis or RabbitMQ, told what we need of it: carry a queue's name, soon or never.

Nothing of ours depends on the broker's memory, so nothing in it is durable: messages expire after
seconds, no result is kept, and a message whose worker died comes again only for good measure.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Final

from celery import Celery

from engine.run.queues import Queue
from engine.run.worker import LEASE

TASK: Final = "shaodao.work"
EXPIRES: Final = 15  # seconds; by then the watch has called again
SPELL: Final = 20.0  # seconds that a worker stays at a message at most
# Only after the lease of what it had claimed may a message be given to another worker.
VISIBLE: Final = 2 * LEASE.total_seconds()
ENOUGH: Final = 100  # messages in a queue: all hands have been called
REACH_WITHIN: Final = 2  # seconds
ANSWER_WITHIN: Final = 5  # seconds


def celery_on(url: str, **options: Any) -> Celery:
    """Return the Celery application of a broker; `options` go to its transport."""
    app = Celery("shaodao", broker=url)
    app.conf.update(
        task_acks_late=True,
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        result_backend=None,
        worker_prefetch_multiplier=1,
        task_default_delivery_mode="transient",
        task_queues={name_of(queue): {} for queue in Queue},
        task_default_queue=name_of(Queue.TIMERS),
        task_create_missing_queues=False,
        task_serializer="json",
        accept_content=["json"],
        broker_connection_timeout=REACH_WITHIN,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a broker that comes back finds us
        broker_transport_options=options,
        worker_cancel_long_running_tasks_on_connection_loss=False,  # a spell is short
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_proc_alive_timeout=60.0,
        enable_utc=True,
    )
    return app


def name_of(queue: Queue) -> str:
    """Return a queue's name at the broker."""
    return f"shaodao.{queue.name.lower()}"


def working(url: str) -> Celery:
    """Return the application for workers: of several queues with messages the first comes first."""
    options = {"queue_order_strategy": "priority"} if is_redis(url) else {}
    return celery_on(url, visibility_timeout=VISIBLE, **options)


def is_redis(url: str) -> bool:
    """Tell the kind of a broker by its address."""
    return url.startswith("redis")


class Broker:
    """The sending side: no attempt takes longer than a few seconds, none is repeated."""

    def __init__(self, url: str) -> None:
        patience: dict[str, Any] = (
            {"socket_connect_timeout": REACH_WITHIN, "socket_timeout": ANSWER_WITHIN}
            if is_redis(url)
            else {
                "confirm_publish": True,  # else a connection that was cut takes all and loses it
                "read_timeout": ANSWER_WITHIN,
                "write_timeout": ANSWER_WITHIN,
            }
        )
        self._url, self._patience = url, patience
        self._made: tuple[int, Celery] | None = None

    @property
    def _app(self) -> Celery:
        """Return this process's own application: connections are not shared across a fork."""
        if self._made is None or self._made[0] != os.getpid():
            self._made = (os.getpid(), celery_on(self._url, max_retries=0, **self._patience))
        return self._made[1]

    def send(self, queue: Queue) -> None:
        """Send a message that expires soon, unless enough lie there: Redis drops none itself."""
        name = name_of(queue)
        if self._lying(name) < ENOUGH:
            self._app.send_task(TASK, args=[queue.name], queue=name, expires=EXPIRES, retry=False)

    def _lying(self, name: str) -> int:
        """Count the messages nobody has taken; a queue that is not there yet is made."""
        with self._app.pool.acquire(block=True) as connection:
            channel = connection.default_channel
            declared = channel.queue_declare(queue=name, durable=True, auto_delete=False)
        return int(declared.message_count)

    def check(self) -> None:
        """Open a connection and close it. Raises what the broker's client raises."""
        with self._app.connection_for_write() as connection:
            connection.connect()
            connection.default_channel.close()

    def close(self) -> None:
        """Give back the connections."""
        self._app.close()


def command_of(processes: int, name: str) -> list[str]:
    """Return the command that starts Celery's worker: `processes` hands, the claim loop in each."""
    return [
        *(sys.executable, "-m", "celery", "--app=processes.cluster.entry", "--quiet", "worker"),
        *("--pool=prefork", f"--concurrency={processes}", f"--hostname={name}"),
        *("--without-gossip", "--without-mingle", "--loglevel=WARNING"),
    ]
