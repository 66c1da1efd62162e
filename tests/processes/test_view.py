"""What diagrams see of a case: a level that is not known reads as the one above it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from processes.view import case_view
from tests.processes.conftest import Office


def seen(office: Office, case_id: UUID) -> Mapping[str, Any]:
    with office.product.engine.database.read() as connection:
        return case_view(connection, case_id)


@pytest.mark.parametrize(
    ("area", "levels"),
    [
        ("QY-03-02", ("QY-03-02", "QY-03", "QY")),
        ("QY-03", ("QY-03", "QY-03", "QY")),
        ("QY", ("QY", "QY", "QY")),
        ("QX", ("QX", "QX", "QX")),
    ],
)
def test_levels_of_a_case(office: Office, area: str, levels: tuple[str, str, str]) -> None:
    view = seen(office, UUID(office.report(area=area)["case_id"]))
    assert (view["grid"], view["community"], view["street"]) == levels
    assert office.item("community_review").unit == levels[1]


def test_danger_to_life_is_an_emergency(office: Office) -> None:
    view = seen(office, UUID(office.report(urgency="danger")["case_id"]))
    assert (view["whistle_type"], view["priority"]) == ("emergency", 2)


def test_an_instance_that_is_no_case_has_nothing_to_show(office: Office) -> None:
    assert seen(office, UUID(int=404)) == {}
