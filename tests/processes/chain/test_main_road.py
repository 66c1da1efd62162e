"""The sixteen steps, one after the other, and what each of them may bring instead."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.errors import Conflict
from processes.tables import rating
from tests.processes.street import DONE, LEAD, REQUESTER, TWO, Street


def test_a_patrol_find_goes_from_report_to_closing_with_one_department(street: Street) -> None:
    street.report()
    assert street.status == "community_review"
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    assert street.status == "street_review"
    street.do("street_review", "issue")
    assert street.stopped() == []
    assert street.status == "awaiting_answer"
    assert (street.case.whistle_type, street.case.first_receiver) == ("request", "SZ")
    street.answered()
    assert street.status == "handling"
    street.do("handle", "done", **DONE)
    assert street.status == "awaiting_release"
    street.do("release", "release")
    assert street.status == "checking"
    street.do("check", "pass")
    assert street.status == "rating"
    street.rated()
    assert street.status == "closed"
    assert street.stopped() == []
