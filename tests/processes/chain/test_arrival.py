"""Who must come, and by when: emergencies always, joint enforcement at the agreed hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.db.tables import sla_clock
from engine.sla.iso import ZONE
from processes.tables import case_file
from tests.processes.street import DONE, LEAD, TEAM, Street

AGREED = datetime(2026, 3, 4, 9, 30, tzinfo=ZONE)
MEETS = {"place": "on_site", "convener": "community", "meeting_at": AGREED.isoformat()}


def clock(street: Street, code: str) -> Any:
    """Return the one clock of a code on the case."""
    query = sa.select(sla_clock).where(
        sla_clock.c.root_id == street.case.id, sla_clock.c.code == code
    )
    (row,) = street.office.rows(query)
    return row


def blown(street: Street, whistle_type: str, **route: Any) -> None:
    """Blow a whistle of a type and route it."""
    street.report(category="manhole")
    street.do("community_review", "whistle", whistle_type=whistle_type, request="联合查处。")
    street.do("street_review", "issue")
    street.do("routing", "route", units=LEAD, **{**MEETS, **route})


def test_one_unit_that_an_emergency_goes_to_must_come_too(street: Street) -> None:
    """Nobody routes it, so nobody says where: an emergency is met on site (users.md, step 8)."""
    begun = street.office.clock.now()
    street.report(category="arcade", urgency="danger")
    assert {"answer", "arrive", "on_site_meeting", "confirm_issue"} <= street.steps()
    assert clock(street, "arrive").due_at == begun + timedelta(minutes=30)
    street.do("answer", "answer", **TEAM)
    assert street.status == "awaiting_arrival"
    street.do("arrive", "arrived")
    street.do("on_site_meeting", "divide", tasks="市政围挡。")
    street.do("handle", "done", **DONE)
    assert "release" in street.steps()


def test_an_everyday_whistle_to_one_unit_is_answered_online(street: Street) -> None:
    street.whistled()
    assert street.steps() == {"answer"}


def test_joint_enforcement_meets_at_the_agreed_hour(street: Street) -> None:
    blown(street, "joint_enforcement")
    arrive = clock(street, "arrive")
    assert arrive.due_at == AGREED
    assert arrive.rule["agreed"]
    assert clock(street, "on_site_meeting").due_at == AGREED + timedelta(hours=4)
    street.answered()
    street.overdue("arrive")
    assert clock(street, "arrive").breached_at == AGREED
    assert street.told().count(("supervisor", "arrive_due")) == 1


def test_an_hour_that_is_past_is_no_agreement(street: Street) -> None:
    past = datetime(2026, 3, 1, 9, 30, tzinfo=ZONE)
    blown(street, "joint_enforcement", meeting_at=past.isoformat())
    assert clock(street, "arrive").rule["source"].startswith("本系统默认：未另行约定时间的")


def test_an_agreed_hour_does_not_put_off_an_emergency(street: Street) -> None:
    begun = street.office.clock.now()
    street.report(category="manhole", urgency="danger")
    street.do("routing", "route", units=LEAD, **MEETS)
    assert clock(street, "arrive").due_at == begun + timedelta(minutes=30)


def test_in_wartime_what_is_reported_is_met_first_and_signed_afterwards(street: Street) -> None:
    """An administrator declares it; cases keep the mode in which they came (users.md, T15)."""
    street.report(category="arcade")
    assert street.steps() == {"community_review"}
    before = street.case.id
    street.practice(mode="wartime")
    street.report(category="arcade")
    assert {"answer", "arrive", "on_site_meeting", "confirm_issue"} <= street.steps()
    street.practice(mode="normal")
    modes = dict(street.office.rows(sa.select(case_file.c.id, case_file.c.mode)))
    assert modes == {before: "normal", street.case.id: "wartime"}
