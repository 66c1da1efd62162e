"""Photos taken at a step: uploaded first, named by its form, shown beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import Conflict, Forbidden, Invalid
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import CompleteWorkItem
from processes.bootstrap import prepare
from processes.reads.case import case_page
from processes.settings import Settings
from processes.step_photos import MOST, AddPhotos
from tests.processes.reads.chain import chain
from tests.processes.reads.conftest import ReadOffice
from tests.processes.test_photos import picture

FORM = {
    "fields": [
        {"name": "leader", "type": "text", "label": {"zh": "带队人"}},
        {"name": "scene", "type": "photo", "label": {"zh": "现场照片"}, "required": True},
    ]
}


@pytest.fixture
def office(
    database_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[ReadOffice]:
    """An office whose departments answer with photos."""
    shipped = chain(tmp_path / "shipped")
    form = tmp_path / "shipped" / "whistle" / "answer.form.json"
    form.write_text(json.dumps(FORM), encoding="utf-8")
    settings = Settings(home=tmp_path / "home", database=database_url)
    product = prepare(settings, clock=clock, ids=ids, shipped=shipped)
    opened = ReadOffice(product, clock)
    opened.people()
    yield opened
    product.close()


def add(office: ReadOffice, unit: str, count: int = 1) -> list[str]:
    item = office.item("answer", unit).id
    kept = tuple(office.product.photos.keep(picture(size=(8 + n, 8))) for n in range(count))
    actor = office.liaison if unit == "SZ" else office.rival
    found: list[str] = office.do(AddPhotos(item_id=item, photos=kept), actor)["ids"]
    return found


def answer(office: ReadOffice, photos: list[str]) -> None:
    item = office.item("answer", "SZ").id
    office.do(
        CompleteWorkItem(item_id=item, outcome="answer", data={"scene": photos}), office.liaison
    )


def test_photos_stand_beside_the_step_that_names_them(office: ReadOffice) -> None:
    number = office.to_departments()
    used, _left_out = add(office, "SZ", 2)
    answer(office, [used])
    with office.read() as reader:
        page = case_page(reader, office.supervisor, number, keys=office.product.keys)
    assert page.photos == (), "none came with the report"
    told = [line for line in page.history if line.photos]
    assert [[str(photo.id) for photo in line.photos] for line in told] == [[used]]


def test_only_photos_of_this_step_are_taken(office: ReadOffice) -> None:
    office.to_departments()
    with pytest.raises(Invalid, match="现场照片"):
        answer(office, [])
    with pytest.raises(Invalid, match="没有上传成功"):
        answer(office, add(office, "CG"))
    with pytest.raises(Invalid, match="已经上传"):
        answer(office, ["lamp.jpg"])


def test_whoever_may_not_do_the_step_adds_no_photos(office: ReadOffice) -> None:
    office.to_departments()
    item = office.item("answer", "SZ").id
    with pytest.raises(Forbidden):
        office.do(AddPhotos(item_id=item, photos=()), office.rival)
    answer(office, add(office, "SZ"))
    with pytest.raises(Conflict):
        office.do(AddPhotos(item_id=item, photos=()), office.liaison)


def test_a_step_takes_no_more_photos_than_anybody_means(office: ReadOffice) -> None:
    office.to_departments()
    for _n in range(MOST // 6):
        add(office, "SZ", 6)
    with pytest.raises(Invalid, match="最多"):
        add(office, "SZ")
