"""What a diagram offers besides the steps is one more form on the case's page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.actor import SYSTEM
from engine.run.commands import DeployFolder
from processes.bootstrap import Product
from tests.processes.reads.test_choices import LABELS, WHISTLE
from tests.web.conftest import Browser
from tests.web.test_story import do, report

As = Callable[[str], Browser]

WHY = (
    '{"fields": [{"name": "why", "type": "textarea", "label": {"zh": "撤哨原因"},'
    ' "required": true}]}'
)
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


def test_an_offers_address_alone_leads_to_the_case(as_: As, number: str) -> None:
    address = ADDRESS.search(as_("community").get(f"/cases/{number}").text)
    assert address is not None
    answer = as_("community").get(address[1])
    assert answer.headers["Location"].endswith(f"/cases/{number}")


def test_whom_an_offer_is_not_made_to_does_not_see_it(as_: As, number: str) -> None:
    assert not ADDRESS.search(as_("supervisor").get(f"/cases/{number}").text)
