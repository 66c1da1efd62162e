"""One machine needs no broker; who sets one is told what is missing."""

from __future__ import annotations

import builtins
import sys
import threading
from typing import Any

import pytest

from engine.errors import Broken, Invalid
from engine.run.leases import worker_name
from engine.run.nudge import Nobody
from engine.run.queues import Queue
from engine.run.worker import LEASE
from processes.cluster import nudge_by
from processes.cluster.broker import SPELL, VISIBLE, command_of, name_of, working
from processes.cluster.started import beside
from processes.settings import Settings, required_broker


def test_without_a_broker_nobody_is_told() -> None:
    nudge = nudge_by(None)
    nudge(Queue)
    assert isinstance(nudge, Nobody)
    assert not nudge.fails()


def test_a_broker_without_the_extra_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_celery(name: str, *rest: Any) -> Any:
        if name.startswith("celery"):
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "processes.cluster.broker")
    monkeypatch.setattr(builtins, "__import__", no_celery)
    with pytest.raises(Broken) as refusal:
        nudge_by("redis://nowhere")
    assert refusal.value.code == "cluster.not_installed"
    assert "shaodao[cluster]" in str(refusal.value)


def test_celery_by_name_needs_a_broker() -> None:
    with pytest.raises(Invalid) as refusal:
        required_broker(Settings.read({}))
    assert refusal.value.code == "setting.no_broker"


def test_celery_is_told_to_take_one_message_at_a_time_and_to_keep_nothing() -> None:
    conf = working("redis://nowhere").conf
    assert conf.task_acks_late
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert list(conf.task_queues) == [name_of(queue) for queue in Queue]
    assert conf.broker_transport_options["queue_order_strategy"] == "priority"
    assert LEASE.total_seconds() < VISIBLE == conf.broker_transport_options["visibility_timeout"]
    assert LEASE.total_seconds() > SPELL
    assert "queue_order_strategy" not in working("amqp://nowhere").conf.broker_transport_options
    assert f"--hostname={worker_name()}" in command_of(3, worker_name())


def test_hands_that_end_unasked_end_the_watch_with_a_sentence() -> None:
    over = threading.Event()
    with pytest.raises(Broken) as refusal, beside([sys.executable, "-c", ""], over.set):
        over.wait(30)
    assert refusal.value.code == "worker.hands_gone"


def test_hands_that_are_told_to_end_do() -> None:
    with beside([sys.executable, "-c", "import time; time.sleep(60)"], lambda: None):
        pass
