"""Closed whistles played on the drawing in force: under the mode and the settings of their time."""

from __future__ import annotations

from datetime import date
from typing import Any

from processes.whatif.draft import drafted
from processes.whatif.past import Period
from processes.whatif.structural import Played, replay_on
from tests.processes.street import DONE, TEAM, Street

FORMS: dict[str, dict[str, Any]] = {
    "community_review": {"whistle_type": "request", "request": "请市政换灯。"},
    "answer": TEAM,
    "answer_second": TEAM,
    "handle": DONE,
}
YEARS = Period(date(2020, 1, 1), date(2030, 1, 1))


def played_again(street: Street) -> Played:
    """Play all that was closed on the drawing that ships."""
    product = street.office.product
    drawing = (product.shipped.folder / "whistle" / "whistle.bpmn").read_bytes()
    draft = drafted(drawing={"whistle.bpmn": drawing})
    library = product.engine.library
    with product.engine.database.read() as connection:
        return replay_on(connection, draft, YEARS, library=library, shipped=product.shipped)


def go(street: Street, *acts: tuple[str, str]) -> None:
    """Do steps, each some minutes after the one before: what is done at once has no order."""
    for step, outcome in acts:
        street.office.wait(minutes=5)
        street.do(step, outcome, **FORMS.get(step, {}))


def close(street: Street, *acts: tuple[str, str]) -> None:
    """Bring a case to its end by some steps and the ratings."""
    go(street, *acts, ("release", "release"), ("check", "pass"))
    street.office.wait(minutes=5)
    street.rated()
    assert street.status == "closed"


def test_a_case_is_played_under_the_settings_of_its_time_and_in_its_mode(street: Street) -> None:
    street.practice(blow_right="community", mode="urgent")
    street.report()
    go(street, ("community_review", "whistle"))
    assert "street_review" not in street.steps()
    street.practice(signoff="yes")  # in the middle of the case
    street.overdue("answer")  # by the limit of urgent times
    close(street, ("answer_second", "answer"), ("handle", "done"), ("department_signoff", "sign"))
    first = street.case
    street.office.wait(minutes=5)
    street.practice(blow_right="street", mode="normal", signoff="no")
    street.report()
    go(street, ("community_review", "whistle"), ("street_review", "issue"))
    close(street, ("answer", "answer"), ("handle", "done"))
    assert [first.mode, street.case.mode] == ["urgent", "normal"]
    played = played_again(street)
    assert [(each.act, each.reason) for each in played.diverging] == []
    assert (played.result.cases, played.only_then, played.only_now) == (2, {}, {})
    judged = played.result.figures()
    assert judged["late_then"] == judged["late_now"] > 0
    assert (judged["to_late"], judged["to_time"], judged["left_out"]) == (0, 0, 0)
