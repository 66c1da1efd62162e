"""Every endpoint × every role × inside and outside the unit, against the permission table.

An endpoint that is not listed here, or that declares no action, fails the test: nothing is open
because it was forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine.actor import Actor, Post
from processes.bootstrap import Product
from processes.permissions import TABLE, allowed
from tests.web.conftest import Browser
from tests.web.office import INSIDE, OUTSIDE
from tests.web.test_story import PATROL, WHISTLE, complete
from web.gate import OPEN_ENDPOINTS, PERSONAL, PUBLIC, action_of
from web.organisation import DEEDS

PATHS = {
    "QX": "/QX/",
    "QY": "/QX/QY/",
    "QZ": "/QX/QZ/",
    "QY-03": "/QX/QY/QY-03/",
    "QY-03-02": "/QX/QY/QY-03/QY-03-02/",
    "SZ": "/QX/SZ/",
}
NOBODY = UUID(int=99)
REFUSED = (403, 404)


@dataclass(frozen=True)
class Probe:
    """How an endpoint is tried. `units`: whose it is; empty where it belongs to no unit."""

    method: str
    address: str
    units: tuple[str, ...] = ()
    role: str = ""  # the lane whose step it is
    own: bool = False  # the case was reported by the grid worker inside
    says: str = "outcome"  # the field of the body that is sent


CASE = ("QY-03-02", "SZ")  # its area, and the department that has a part in it
REVIEW = ("QY-03",)

PROBES = {
    "pages.inbox": Probe("GET", "/inbox"),
    "pages.complete": Probe("POST", "/work-items/{item}", REVIEW, "community_secretary"),
    "pages.case": Probe("GET", "/cases/{number}", CASE, own=True),
    "pages.take_offer": Probe("POST", "/cases/{number}/offers/{nobody}/1", CASE),
    "pages.reveal": Probe("POST", "/cases/{number}/reveal", CASE, own=True),
    "pages.deadline": Probe("GET", "/cases/{number}/deadlines/{nobody}", CASE, own=True),
    "pages.diligence": Probe("GET", "/cases/{number}/diligence/SZ", ("SZ",)),
    "pages.calendar_list": Probe("GET", "/calendars"),
    "pages.calendar_page": Probe("GET", "/calendars/standard"),
    "pages.set_timetable": Probe("POST", "/calendars/timetable"),
    "pages.enter_days": Probe("POST", "/calendars/days"),
    "pages.recount_page": Probe("GET", "/deadlines/recount"),
    "pages.recount_now": Probe("POST", "/deadlines/recount"),
    "api_calendars.list_calendars": Probe("GET", "/api/v1/calendars"),
    "api_calendars.get_calendar": Probe("GET", "/api/v1/calendars/standard"),
    "api_calendars.set_timetable": Probe("POST", "/api/v1/calendars/x/timetables"),
    "api_calendars.enter_days": Probe("POST", "/api/v1/calendar-days"),
    "api_calendars.preview_recount": Probe("GET", "/api/v1/deadlines/recount"),
    "api_calendars.recount_deadlines": Probe("POST", "/api/v1/deadlines/recount", says=""),
    "api_cases.explain_deadline": Probe(
        "GET", "/api/v1/cases/{number}/deadlines/{nobody}", CASE, own=True
    ),
    "api_cases.get_accounts": Probe("GET", "/api/v1/cases/{number}/accounts", CASE, own=True),
    "api_cases.get_diligence": Probe("GET", "/api/v1/cases/{number}/diligence/SZ", ("SZ",)),
    "pages.photo": Probe("GET", "/cases/{number}/photos/{nobody}", CASE, own=True),
    "pages.link": Probe("POST", "/cases/{number}/links", CASE),
    "pages.classify": Probe("POST", "/cases/{number}/classify", CASE),
    "pages.filings": Probe("POST", "/report/filings"),
    "pages.table": Probe("GET", "/tables/dispatch/{nobody}"),
    "pages.report": Probe("GET", "/report"),
    "pages.cases": Probe("GET", "/cases"),
    "pages.search": Probe("GET", "/search"),
    "pages.alike": Probe("POST", "/report/alike"),
    "pages.overdue": Probe("GET", "/overdue"),
    "pages.charged": Probe("GET", "/charged"),
    "pages.charged_csv": Probe("GET", "/charged.csv"),
    "pages.trends": Probe("GET", "/trends"),
    "pages.trends_csv": Probe("GET", "/trends.csv"),
    "api_work_items.list_items": Probe("GET", "/api/v1/work-items"),
    "api_work_items.get_item": Probe(
        "GET", "/api/v1/work-items/{item}", REVIEW, "community_secretary"
    ),
    "api_work_items.complete_item": Probe(
        "POST", "/api/v1/work-items/{item}/complete", REVIEW, "community_secretary"
    ),
    "api_work_items.add_photos": Probe(
        "POST", "/api/v1/work-items/{item}/photos", REVIEW, "community_secretary", says=""
    ),
    "api_cases.report_case": Probe("POST", "/api/v1/cases"),
    "api_cases.list_cases": Probe("GET", "/api/v1/cases"),
    "api_cases.search_cases": Probe("POST", "/api/v1/search"),
    "api_cases.get_case": Probe("GET", "/api/v1/cases/{number}", CASE, own=True),
    "api_cases.get_history": Probe("GET", "/api/v1/cases/{number}/history", CASE, own=True),
    "api_cases.link_cases": Probe("POST", "/api/v1/cases/{number}/links", CASE, says=""),
    "api_cases.classify_case": Probe(
        "POST", "/api/v1/cases/{number}/classify", CASE, says="standard"
    ),
    "api_cases.reveal_reporter": Probe("POST", "/api/v1/cases/{number}/reveal", CASE, own=True),
    "api_cases.take_offer": Probe("POST", "/api/v1/instances/{nobody}/offers/1"),
    "api_cases.add_offer_photos": Probe("POST", "/api/v1/instances/{nobody}/offers/1/photos"),
    "api_cases.list_overdue": Probe("GET", "/api/v1/overdue"),
    "api_definitions.list_definitions": Probe("GET", "/api/v1/definitions"),
    "api_definitions.get_diagram": Probe(
        "GET", "/api/v1/definitions/{definition}/diagrams/whistle.bpmn"
    ),
    "api_definitions.get_definition": Probe("GET", "/api/v1/definitions/{definition}"),
    "api_tables.list_tables": Probe("GET", "/api/v1/tables"),
    "api_tables.get_table": Probe("GET", "/api/v1/tables/dispatch"),
    "api_tables.check_tables": Probe("POST", "/api/v1/tables/check"),
    "api_tables.deploy_tables": Probe("POST", "/api/v1/tables"),
    "api_tables.withdraw_table": Probe("POST", "/api/v1/tables/withdraw"),
    "pages.definitions": Probe("GET", "/definitions"),
    "pages.definition": Probe("GET", "/definitions/{definition}"),
    "pages.decision_table": Probe("GET", "/tables/dispatch"),
    "pages.send_table": Probe("POST", "/tables"),
    "pages.withdraw_table": Probe("POST", "/tables/withdraw"),
    "api_organisation.list_units": Probe("GET", "/api/v1/units"),
    "api_organisation.get_unit": Probe("GET", "/api/v1/units/QY"),
    "api_organisation.list_people": Probe("GET", "/api/v1/people?query=x"),
    "api_organisation.get_person": Probe("GET", "/api/v1/people/{person}"),
    "api_organisation.get_roster": Probe("GET", "/api/v1/roster?unit=QY"),
    **{
        f"api_organisation.{name.replace('-', '_')}": Probe("POST", f"/api/v1/organisation/{name}")
        for name in DEEDS
    },
    "pages.organisation": Probe("GET", "/organisation"),
    "pages.unit": Probe("GET", "/organisation/units/QY"),
    "pages.person": Probe("GET", "/organisation/people/{person}"),
    "pages.roster": Probe("GET", "/roster"),
    "pages.settings": Probe("GET", "/settings"),
    "pages.whatif": Probe("GET", "/whatif"),
    "pages.change": Probe("POST", "/organisation/rename-unit"),
    "pages.incidents": Probe("GET", "/incidents"),
    "pages.retry_incidents": Probe("POST", "/incidents/retry"),
    "api_incidents.list_causes": Probe("GET", "/api/v1/incidents/causes"),
    "api_incidents.retry_cause": Probe("POST", "/api/v1/incidents/retry"),
    "api_incidents.list_incidents": Probe("GET", "/api/v1/incidents"),
    "api_incidents.retry_incident": Probe("POST", "/api/v1/incidents/{nobody}/retry"),
}

# Refusals that come after permission: the thing itself is missing. A 422 always does.
PASSED_BUT = {
    "pages.table": "ruling.unknown",
    "pages.take_offer": "offer.gone",
    "api_cases.take_offer": "offer.gone",
    "pages.deadline": "clock.unknown",
    "api_cases.explain_deadline": "clock.unknown",
    "pages.photo": "photo.missing",
    "api_incidents.retry_incident": "incident.unknown",
}


@dataclass(frozen=True)
class World:
    """Browsers by login, and what fills the addresses: a case in review, one with a part."""

    as_: Callable[[str], Browser]
    names: dict[str, str]


@pytest.fixture
def world(as_: Callable[[str], Browser], product: Product) -> World:
    number = as_("grid").send("/api/v1/cases", PATROL).json["number"]
    complete(as_("community"), "whistle", **WHISTLE)
    complete(as_("approver"), "issue")
    as_("grid").send("/api/v1/cases", PATROL)
    (row,) = as_("community").get("/api/v1/work-items").json["rows"]
    (definition,) = as_("admin").get("/api/v1/definitions").json["rows"]
    return World(
        as_,
        {
            "number": number,
            "item": row["item_id"],
            "definition": definition["id"],
            "nobody": str(NOBODY),
            "person": as_("admin").get("/api/v1/people?query=孙浩").json["rows"][0]["id"],
        },
    )


def endpoints(app: Flask) -> Iterator[str]:
    return (rule.endpoint for rule in app.url_map.iter_rules())


def test_every_endpoint_declares_an_action_of_the_table(app: Flask) -> None:
    known = {*TABLE, PUBLIC, PERSONAL}
    undeclared = {each for each in endpoints(app) if action_of(app, each) not in known}
    assert undeclared == set()


def test_every_endpoint_that_belongs_to_an_action_is_tried(app: Flask) -> None:
    guarded = {each for each in endpoints(app) if action_of(app, each) in TABLE}
    assert guarded == set(PROBES)


def test_what_is_open_to_all_is_a_short_list(app: Flask) -> None:
    public = {each for each in endpoints(app) if action_of(app, each) == PUBLIC}
    assert public == {
        *OPEN_ENDPOINTS,
        "pages.login",
        "pages.language",
        "api_docs.openapi",
        "api_docs.reference",
        "api_health.live",
        "api_health.ready",
    }


def test_without_a_login_nothing_else_opens(app: Flask, world: World, visitor: Browser) -> None:
    visitor.fetch_token()
    for endpoint, probe in PROBES.items():
        answer = tried(visitor, probe, world.names)
        assert answer.status_code == (401 if probe.address.startswith("/api/") else 302), endpoint


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_each_role_gets_what_the_table_says(app: Flask, world: World, place: str) -> None:
    wrong = []
    for role, (login, _name, unit) in (INSIDE if place == "inside" else OUTSIDE).items():
        actor = Actor(NOBODY, posts=(Post(role, unit),))
        for endpoint, probe in PROBES.items():
            expected = allowed(
                actor,
                action_of(app, endpoint) or "",
                paths=tuple(PATHS[code] for code in probe.units),
                role=probe.role,
                own_report=probe.own and login == "grid",
            )
            answer = tried(world.as_(login), probe, world.names)
            if let_in(answer, endpoint) is not expected:
                wrong.append(f"{login} {endpoint}: {answer.status_code} {answer.text[:200]}")
    assert wrong == []


def let_in(answer: TestResponse, endpoint: str) -> bool:
    """Tell whether an answer means that the caller was allowed."""
    assert answer.status_code < 500, answer.text
    if answer.status_code in REFUSED and PASSED_BUT.get(endpoint, "\0") not in answer.text:
        assert "林小满" not in answer.text
        return False
    return True


def tried(person: Browser, probe: Probe, names: dict[str, str]) -> TestResponse:
    address = probe.address.format(**names)
    if probe.method == "GET":
        return person.get(address)
    if address.startswith("/api/"):
        return person.send(address, {probe.says: "not drawn"} if probe.says else {})
    return person.post(address, {"outcome": "not drawn"})
