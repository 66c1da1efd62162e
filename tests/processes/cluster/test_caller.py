"""A broker may be slow, gone or back again: people notice nothing, the log says it once."""

from __future__ import annotations

import threading

import pytest
from structlog.testing import capture_logs

from engine.run.queues import Queue
from processes.cluster.caller import Caller


class FakePost:
    """Keeps what it is given. `down` makes it fail; an unset `open` makes it hang."""

    def __init__(self) -> None:
        self.sent: list[Queue] = []
        self.down = False
        self.open = threading.Event()
        self.open.set()
        self.closed = threading.Event()

    def send(self, queue: Queue) -> None:
        self.check()
        self.sent.append(queue)

    def check(self) -> None:
        self.open.wait(10)
        if self.down:
            raise ConnectionError("nobody there")

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def post() -> FakePost:
    return FakePost()


@pytest.fixture
def caller(post: FakePost, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """A caller whose thread is played by the test."""
    monkeypatch.setattr(Caller, "_attend", lambda _caller: None)
    return Caller(post)


def test_what_is_urgent_is_told_first_and_each_queue_once(caller: Caller, post: FakePost) -> None:
    caller({Queue.TIMERS})
    caller({Queue.EFFECTS, Queue.TIMERS})
    caller.pass_on()
    assert post.sent == [Queue.EFFECTS, Queue.TIMERS]
    caller.pass_on()
    assert post.sent == [Queue.EFFECTS, Queue.TIMERS]


def test_a_broker_that_is_down_is_logged_once_and_told_later(
    caller: Caller, post: FakePost
) -> None:
    post.down = True
    with capture_logs() as lines:
        for _command in range(3):
            caller({Queue.EFFECTS})
            caller.pass_on()
    assert [line["event"] for line in lines] == ["broker.unreachable"]
    assert caller.fails()

    post.down = False
    with capture_logs() as lines:
        caller.pass_on()
    assert [line["event"] for line in lines] == ["broker.reached"]
    assert post.sent == [Queue.EFFECTS]
    assert not caller.fails()


def test_a_broker_nobody_calls_is_looked_at_all_the_same(caller: Caller, post: FakePost) -> None:
    post.down = True
    caller.pass_on()
    assert caller.fails()


def test_a_broker_that_hangs_holds_nobody_up(post: FakePost) -> None:
    post.open.clear()
    caller = Caller(post)
    for _command in range(1000):
        caller({Queue.EFFECTS})
    assert post.sent == []
    post.open.set()
    caller.close()
    assert post.closed.is_set()
    assert set(post.sent) <= {Queue.EFFECTS}
    assert len(post.sent) <= 2, "a thousand commands are one call, and one while it hung"
