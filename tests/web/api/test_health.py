"""What a load balancer is told: a broker that is gone takes no host out of service."""

from __future__ import annotations

from engine.run.nudge import Nobody
from processes.bootstrap import Product
from tests.web.conftest import Browser


class Unheard(Nobody):
    """A broker that does not answer."""

    def fails(self) -> bool:
        return True


def test_a_host_without_its_broker_works_on_and_says_so(product: Product, visitor: Browser) -> None:
    product.engine.nudge = Unheard()
    answer = visitor.get("/api/v1/health/ready")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["code"]) == ("degraded", "broker.unreachable")
    assert "消息中间件" in answer.json["detail"]
