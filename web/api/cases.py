"""Cases: reporting one, finding them, reading one with its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.run.commands import TakeOffer
from processes.classifying import ClassifyCase
from processes.links import LinkCases
from processes.reads.account_rows import Accounts
from processes.reads.deadline import Why
from processes.reads.diligence import Sheet
from processes.reads.filters import Filters
from processes.reads.rows import CasePage, Cases, HistoryLine, Overdue, Search
from web import intake, reading
from web.api.endpoint import Nouns
from web.api.schemas import (
    Answer,
    CasesQuery,
    ClassifyBody,
    LinkBody,
    OfferBody,
    PageQuery,
    PhotosAdded,
    PhotosBody,
    ReportBody,
    SearchBody,
    schema_of,
)
from web.here import execute
from web.photos import add_to_offer, decoded

cases = Nouns("cases", "Cases from report to closing.")


@dataclass(frozen=True)
class Reported:
    """The number a report was given."""

    number: str


@dataclass(frozen=True)
class History:
    """A case's time line, newest first."""

    rows: tuple[HistoryLine, ...]


@cases.writes(
    "/cases", action="case.report", body=ReportBody, answer=schema_of(Reported), status=201
)
def report_case(body: dict[str, Any]) -> Reported:
    """Report a problem: a case is opened and its process starts."""
    photos = [decoded(text) for text in body.pop("photos")]
    return Reported(intake.report(body, photos=photos))


@cases.reads("/cases", action="case.read", query=CasesQuery, answer=schema_of(Cases))
def list_cases(query: dict[str, Any]) -> Cases:
    """Return a page of the cases the caller may see, newest report first."""
    page = {name: query.pop(name) for name in ("cursor", "limit")}
    return reading.cases(filters=Filters(**query), **page)


@cases.writes("/search", action="case.read", body=SearchBody, answer=schema_of(Search))
def search_cases(body: dict[str, Any]) -> Search:
    """Find cases by number, words, place or telephone number; the last is recorded as a reading."""
    return reading.search(body["query"], cursor=body["cursor"], limit=body["limit"])


@cases.reads("/cases/<number>", action="case.read", answer=schema_of(CasePage))
def get_case(number: str) -> CasePage:
    """Return all that the caller may know of a case; the reporter is masked."""
    return reading.case(number)


@cases.writes("/cases/<number>/reveal", action="case.read_person", answer=schema_of(CasePage))
def reveal_reporter(number: str) -> CasePage:
    """Return a case with its reporter in clear; that it was read is recorded."""
    return reading.revealed(number)


@cases.writes("/cases/<number>/links", action="case.link", body=LinkBody, answer=Answer)
def link_cases(body: dict[str, Any], number: str) -> dict[str, Any]:
    """Say that a case is split from another, repeats it or is related to it."""
    return execute(LinkCases(number=number, **body))


@cases.writes("/cases/<number>/classify", action="case.classify", body=ClassifyBody, answer=Answer)
def classify_case(body: dict[str, Any], number: str) -> dict[str, Any]:
    """Say under which filing condition of the catalogue (`filings` of the case) a case falls."""
    return execute(ClassifyCase(number=number, **body))


@cases.reads("/cases/<number>/deadlines/<uuid:clock>", action="case.read", answer=schema_of(Why))
def explain_deadline(number: str, clock: UUID) -> Why:
    """Return why a clock of a case is due when it is: the rule, day by day, in sentences."""
    return reading.explained(number, clock)


@cases.reads("/cases/<number>/accounts", action="case.read", answer=schema_of(Accounts))
def get_accounts(number: str) -> Accounts:
    """Return to whom each minute of a case is charged, and each unit's own ledger."""
    return reading.case(number).accounts


@cases.reads("/cases/<number>/diligence/<unit>", action="diligence.read", answer=schema_of(Sheet))
def get_diligence(number: str, unit: str) -> Sheet:
    """Return the diligence record of a unit in a case."""
    return reading.diligence(number, unit)


@cases.reads("/cases/<number>/history", action="case.read", answer=schema_of(History))
def get_history(number: str) -> History:
    """Return who did what when."""
    return History(reading.case(number).history)


@cases.writes(
    "/instances/<uuid:instance_id>/offers/<int:token>",
    action="item.do",
    body=OfferBody,
    answer=Answer,
)
def take_offer(body: dict[str, Any], instance_id: UUID, token: int) -> dict[str, Any]:
    """Do what a case's diagram offers the caller besides the steps (`offers` of the case)."""
    return execute(TakeOffer(instance_id=instance_id, token=token, data=body["data"]))


@cases.writes(
    "/instances/<uuid:instance_id>/offers/<int:token>/photos",
    action="item.do",
    body=PhotosBody,
    answer=PhotosAdded,
)
def add_offer_photos(body: dict[str, Any], instance_id: UUID, token: int) -> dict[str, Any]:
    """Upload photos for an offer; its form then names their ids."""
    return {"ids": add_to_offer(instance_id, token, map(decoded, body["photos"]))}


@cases.reads("/overdue", action="overdue.read", query=PageQuery, answer=schema_of(Overdue))
def list_overdue(query: dict[str, Any]) -> Overdue:
    """Return a page of the clocks that ran out, the most overdue first."""
    return reading.overdue(**query)
