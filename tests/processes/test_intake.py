"""A report becomes a case file with a number, and nothing of it lies open that identifies a person."""

from __future__ import annotations

import threading
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from engine.db.tables import event, event_value, instance, work_item
from engine.errors import Conflict, Invalid, NotFound, ShaodaoError
from processes.intake import ReportCase
from processes.photos import KeptPhoto
from processes.privacy import Sealed
from processes.tables import attachment, case_file
from tests.conftest import EPOCH
from tests.processes.conftest import WORKER, Office


def test_a_report_opens_a_case_and_the_community_has_it_next(office: Office) -> None:
    answer = office.report(description="康庄路路灯不亮。已有三天。", urgency="urgent")
    assert answer["number"] == "QY-2026-000001"
    assert answer["title"] == "康庄路路灯不亮"
    case = office.case(answer["number"])
    assert (case.grid, case.community, case.street) == ("QY-03-02", "QY-03", "QY")
    assert (case.status, case.priority) == ("community_review", 1)
    assert case.received_at == EPOCH
    item = office.item("community_review")
    assert (item.unit, item.root_id, item.priority) == ("QY-03", case.id, 1)


def test_numbers_follow_one_another_by_street_and_year(office: Office) -> None:
    assert office.report()["number"] == "QY-2026-000001"
    assert office.report(area="QY-03")["number"] == "QY-2026-000002"
    assert office.report(area="QX")["number"] == "QX-2026-000001"
    office.clock.forward(days=304, hours=15, minutes=30)  # half past midnight in Shanghai
    assert office.report()["number"] == "QY-2027-000001"


def test_two_who_report_at_once_get_two_numbers(office: Office) -> None:
    numbers: list[str] = []
    threads = [
        threading.Thread(target=lambda: numbers.append(office.report()["number"]))
        for _each in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 4


def test_what_identifies_the_reporter_is_sealed_and_the_phone_can_be_found(office: Office) -> None:
    number = office.report(
        reporter_name="张三", reporter_phone="138 1234 5678", address="康庄路12号"
    )["number"]
    case = office.case(number)
    stored = repr(tuple(case))
    assert not any(word in stored for word in ("张三", "5678", "康庄路"))
    sealed = Sealed(office.product.keys, "case_file")
    assert sealed.open(case.reporter_name, column="reporter_name", row=case.id) == "张三"
    assert case.phone_index == sealed.phone_index("+86 13812345678")


def test_the_trail_keeps_codes_and_only_the_digest_of_words(office: Office) -> None:
    number = office.report(description="康庄路路灯不亮")["number"]
    (entry,) = office.rows(sa.select(event).where(event.c.kind == "case.reported"))
    assert number in bytes(entry.body).decode()
    assert "康庄路" not in bytes(entry.body).decode()
    words = office.rows(sa.select(event_value.c.value).where(event_value.c.seq == entry.seq))
    assert ("康庄路路灯不亮",) in words


def test_the_same_report_from_the_same_source_is_told_its_number(office: Office) -> None:
    number = office.report(source="hotline", external_ref="A-1")["number"]
    with pytest.raises(Conflict) as refused:
        office.report(source="hotline", external_ref="A-1")
    assert refused.value.code == "case.repeated"
    assert number in str(refused.value)
    office.report(source="other", external_ref="A-1")
    assert len(office.rows(sa.select(case_file.c.id))) == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"category": "ufo"}, "case.category_unknown"),
        ({"area": "QY-99"}, "case.area_unknown"),
        ({"area": "SZ"}, "case.area_unknown"),
        ({"description": "  "}, "case.description_empty"),
        ({"urgency": "soon"}, "case.urgency_unknown"),
        ({"reported_at": EPOCH + timedelta(days=1)}, "case.reported_in_future"),
        ({"reporter_name": "长" * 300}, "case.text_too_long"),
    ],
)
def test_a_wrong_report_is_refused_at_its_field_and_leaves_nothing(
    office: Office, wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        office.report(**wrong)
    assert refused.value.code == code
    assert set(refused.value.details["fields"]) == set(wrong)
    for table in (case_file, instance, work_item, event):
        assert office.rows(sa.select(sa.func.count()).select_from(table)) == [(0,)]


def test_photos_belong_to_the_case_and_their_hashes_to_the_trail(office: Office) -> None:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    kept = office.product.photos.keep(out.getvalue())
    number = office.report(photos=(kept,))["number"]
    (row,) = office.rows(sa.select(attachment))
    assert row.case_id == office.case(number).id
    (entry,) = office.rows(sa.select(event).where(event.c.kind == "case.reported"))
    assert kept.sha256 in bytes(entry.body).decode()


def test_a_photo_that_was_never_uploaded_is_refused(office: Office) -> None:
    lost = KeptPhoto("aa" * 32, "bb" * 32, "image/jpeg", 1, 1, 1)
    with pytest.raises(NotFound):
        office.report(photos=(lost,))


def test_a_double_click_is_one_report(office: Office) -> None:
    command = ReportCase(description="积水", category="litter", area="QY-03-02")
    first = office.do(command, WORKER, key="click")
    assert office.do(command, WORKER, key="click") == first
    with pytest.raises(ShaodaoError):
        office.do(ReportCase(description="别的", category="litter", area="QY"), WORKER, key="click")
    assert len(office.rows(sa.select(case_file.c.id))) == 1


def test_of_two_who_bring_the_same_report_at_once_one_is_refused(office: Office) -> None:
    outcomes: list[str] = []

    def bring() -> None:
        try:
            office.report(source="hotline", external_ref="A-1")
            outcomes.append("taken")
        except Conflict as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=bring) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["case.repeated"] * 3 + ["taken"]
