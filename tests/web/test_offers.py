"""What a diagram offers besides the steps is one more form on the case's page."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest

from engine.actor import SYSTEM
from engine.run.commands import DeployFolder
from processes.bootstrap import Product
from tests.processes.reads.test_choices import LABELS, WHISTLE
from tests.web.conftest import Browser
from tests.web.test_story import do, photo, report

As = Callable[[str], Browser]

WHY = (
    '{"fields": [{"name": "why", "type": "textarea", "label": {"zh": "撤哨原因"},'
    ' "required": true}, {"name": "scene", "type": "photo", "label": {"zh": "现场照片"}}]}'
)
KEPT = re.compile(r'name="scene.kept" value="([0-9a-f-]{36})"')
LOST = "00000000-0000-4000-8000-000000000000"
ADDRESS = re.compile(r'action="(/cases/[^"]+/offers/[0-9a-f-]{36}/\d+)"')


@pytest.fixture
def number(product: Product, as_: As) -> str:
    files = {
        "whistle.bpmn": WHISTLE.encode(),
        "labels.toml": LABELS.encode(),
        "why.form.json": WHY.encode(),
    }
    product.engine.execute(DeployFolder(folder="whistle", files=files), SYSTEM)
    number = report(as_("grid"))
    do(as_("community"), number, "whistle")
    return number


def test_an_offer_is_taken_on_the_page_and_refused_with_its_sentence(as_: As, number: str) -> None:
    page = as_("community").get(f"/cases/{number}")
    address = ADDRESS.search(page.text)
    assert address is not None, page.text
    refused = as_("community").post(address[1], {"why": ""})
    assert refused.status_code == 422
    assert "撤哨原因" in refused.text
    assert '<details class="offers__one" open>' in refused.text
    taken = as_("community").post(address[1], {"why": "已经修好"})
    assert taken.status_code == 303
    assert not ADDRESS.search(as_("community").get(f"/cases/{number}").text)


def test_an_offers_photo_survives_a_refusal_and_stands_on_the_time_line(
    as_: As, number: str
) -> None:
    community = as_("community")
    address = ADDRESS.search(community.get(f"/cases/{number}").text)
    assert address is not None
    refused = community.post(address[1], {"why": "", "scene": photo()})
    assert refused.status_code == 422
    kept = KEPT.search(refused.text)
    assert kept is not None, "a photo that was sent is kept by its id"
    lost = community.post(address[1], {"why": "已经修好", "scene.kept": LOST})
    assert "没有上传成功" in lost.text
    taken = community.post(address[1], {"why": "已经修好", "scene.kept": kept[1]})
    assert taken.status_code == 303
    shown = community.get(f"/cases/{number}").text
    assert f"/cases/{number}/photos/{kept[1]}" in shown.partition("办理经过")[2]


def test_a_program_uploads_an_offers_photo_first(as_: As, number: str) -> None:
    (offer,) = as_("community").get(f"/api/v1/cases/{number}").json["offers"]
    address = f"/api/v1/instances/{offer['instance_id']}/offers/{offer['token']}"
    picture = base64.b64encode(photo()[0].read()).decode()
    strange = as_("dept").send(f"{address}/photos", {"photos": [picture]})
    assert strange.status_code == 403
    kept = as_("community").send(f"{address}/photos", {"photos": [picture]})
    assert kept.status_code == 200, kept.text
    ids = kept.json["ids"]
    told = {"data": {"why": "已经修好", "scene": ids}}
    assert as_("community").send(address, told).json["instance_id"] == offer["instance_id"]


def test_an_offers_address_alone_leads_to_the_case(as_: As, number: str) -> None:
    address = ADDRESS.search(as_("community").get(f"/cases/{number}").text)
    assert address is not None
    answer = as_("community").get(address[1])
    assert answer.headers["Location"].endswith(f"/cases/{number}")


def test_whom_an_offer_is_not_made_to_does_not_see_it(as_: As, number: str) -> None:
    assert not ADDRESS.search(as_("supervisor").get(f"/cases/{number}").text)
