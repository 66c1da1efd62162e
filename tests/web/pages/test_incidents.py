"""An operator sees why things stand still, and sets all of one cause going again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engine.actor import SYSTEM
from engine.db.tables import incident
from engine.run.commands import DeployFolder, StartInstance
from processes.bootstrap import Product
from processes.retrying import IN_VAIN
from tests.engine.run import draw
from tests.web.conftest import Browser

TELL = draw.process(
    "tell",
    draw.start(),
    draw.service("send", "notify", param__role='"dept"', param__unit='"SZ"', param__message='"m"'),
    draw.end(),
    draw.flows("begin > send", "send > finish"),
    lanes={"dept": "begin send finish"},
)
STOPPED = 7
CAUSE = "短信通道没有响应。"


class Channel:
    """What carries notices; it is down until it is mended."""

    def __init__(self) -> None:
        self.down, self.asked = True, 0

    def __call__(self, _operating: Any, **_said: Any) -> None:
        self.asked += 1
        if self.down:
            raise ConnectionError(CAUSE)


@pytest.fixture
def channel(product: Product, monkeypatch: pytest.MonkeyPatch) -> Channel:
    """Seven cases that stopped for one cause."""
    made = Channel()
    operations = {**product.engine.plugins.operations, "notify": made}
    object.__setattr__(product.engine.plugins, "operations", operations)
    files = {"tell.bpmn": TELL.encode()}
    product.engine.execute(DeployFolder(folder="tell", files=files), SYSTEM)
    for _case in range(STOPPED):
        product.engine.execute(StartInstance(definition="tell"), SYSTEM)
    return made


def test_all_of_one_cause_go_on_at_one_click(
    channel: Channel, product: Product, as_: Callable[[str], Browser]
) -> None:
    admin = as_("admin")
    (found,) = admin.get("/api/v1/incidents/causes").get_json()["rows"]
    assert (found["count"], found["elements"]) == (STOPPED, ["send"])
    assert f"{STOPPED} 条" in admin.get("/incidents").text

    channel.down = False
    clicked = admin.post("/incidents/retry", {"code": found["code"], "cause": found["cause"]})
    assert clicked.status_code == 303
    page = admin.get("/incidents").text
    assert f"恢复 {STOPPED} 条" in page
    assert "没有异常" in page
    with product.engine.database.read() as connection:
        by = set(connection.scalars(sa.select(incident.c.resolved_by)))
    assert len(by) == 1
    assert by != {None}, "the trail says who set them going"


def test_a_channel_that_is_still_down_is_not_asked_for_every_case(
    channel: Channel, as_: Callable[[str], Browser]
) -> None:
    admin = as_("admin")
    (found,) = admin.get("/api/v1/incidents/causes").get_json()["rows"]
    channel.asked = 0
    cause = {"code": found["code"], "cause": found["cause"]}
    came = admin.send("/api/v1/incidents/retry", cause).get_json()
    assert came == {"recovered": 0, "failing": IN_VAIN, "left": STOPPED}
    assert channel.asked == IN_VAIN


def test_who_may_only_look_has_no_button(channel: Channel, as_: Callable[[str], Browser]) -> None:
    supervisor = as_("supervisor")
    page = supervisor.get("/incidents").text
    assert f"{STOPPED} 条" in page
    assert "全部重试" not in page
