"""What a load balancer is told: why a host cannot work, and what it works without."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from engine.db.failures import Unreachable, Unwritable
from engine.run.nudge import Nobody
from processes.bootstrap import Product
from tests.web.conftest import Browser

Usage = namedtuple("Usage", "total used free")


class Unheard(Nobody):
    """A broker that does not answer."""

    def fails(self) -> bool:
        return True


def told(visitor: Browser) -> tuple[int, str, str]:
    """Return what readiness says: status, code, sentence."""
    answer = visitor.get("/api/v1/health/ready")
    return answer.status_code, answer.json["code"], answer.json["detail"]


def test_a_host_without_its_broker_works_on_and_says_so(product: Product, visitor: Browser) -> None:
    product.engine.nudge = Unheard()
    answer = visitor.get("/api/v1/health/ready")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["code"]) == ("degraded", "broker.unreachable")
    assert "消息中间件" in answer.json["detail"]


def raising(refusal: Exception) -> Callable[[], datetime]:
    def clock() -> datetime:
        raise refusal

    return clock


@pytest.mark.parametrize("refusal", [Unreachable(), Unwritable()], ids=lambda each: each.code)
def test_a_host_without_its_database_is_out_and_says_why(
    product: Product,
    visitor: Browser,
    refusal: Unreachable | Unwritable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(product.engine.database, "clock", raising(refusal))
    assert told(visitor)[:2] == (503, refusal.code)
    assert visitor.get("/api/v1/health/live").status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(1, 200), (3, 503), (-3, 503)])
def test_a_host_whose_clock_is_off_by_more_than_two_seconds_is_out(
    product: Product,
    visitor: Browser,
    seconds: int,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = product.engine.clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(product.engine.database, "clock", lambda: there)
    answer = visitor.get("/api/v1/health/ready")
    assert answer.status_code == status
    if status == 503:
        assert answer.json["code"] == "host.clock_apart"
        assert "3 秒" in answer.json["detail"]


def test_a_host_without_room_is_out_before_it_is_full(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "processes.readiness.shutil.disk_usage", lambda _home: Usage(1 << 40, 1 << 40, 31 << 20)
    )
    assert told(visitor)[:2] == (503, "host.disk_full")
