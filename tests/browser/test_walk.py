"""A case carried from report to closing by clicking, through all roles, on a desk and on a phone."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from engine.now import ManualClock
from processes.bootstrap import Product
from tests.browser.chromium import DESKTOP, PHONE, Size
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def photo() -> dict:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((800, 600)).save(file, "JPEG")
    return {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def test_probe(visit: Visit, clock: ManualClock, product: Product) -> None:
    size = PHONE
    v = visit(size=size).open("/login")
    v.look("login")
    g = visit("grid", size=size)
    g.look("inbox")
    g.choose("上报")
    g.look("report")
    g.page.get_by_label("拍照或选取照片").set_input_files([photo()])
    g.page.get_by_label("路灯故障").check()
    g.page.get_by_label("紧急", exact=True).check()
    g.fill(description="春晖路口三盏路灯不亮，夜里行人看不清路。", address="春晖路 12 号")
    g.look("report-filled")
    g.page.locator('button[type=submit]:visible', has_text="上报").click()
    g.draw()
    g.look("case")
    print(g.history(), g.marked("way-now"), g.marked("way-done"))
