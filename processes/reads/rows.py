"""What pages and API show: frozen rows with codes; words are put on them where they are shown.

Instants are aware UTC. `label(...)`-able codes: element and outcome codes belong to a definition's
`labels.toml`; roles, statuses and categories to the shared labels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from processes.reads.account_rows import Accounts


@dataclass(frozen=True)
class Button:
    """A drawn outcome of a step: the only buttons there are."""

    outcome: str
    label: str
    primary: bool


@dataclass(frozen=True)
class Deadline:
    """A running, resting or stopped SLA clock, for showing. `lamp` is green, yellow or red."""

    code: str
    label: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    stopped_at: datetime | None
    breached: bool
    holder: str | None
    holder_name: str | None
    paused: bool = False
    id: UUID | None = None
    about: str | None = None  # name of the unit whose part it is, where another one holds it
    exempted: bool = False  # late, and an appeal took it out of the figures

    def lamp(self, now: datetime) -> str:
        """Green until warn, yellow until due, red from due on (domain.md section 8).

        What rests is not late: nobody is waited for.
        """
        if self.paused:
            return "green"
        at = self.stopped_at or now
        if self.breached or at >= self.due_at:
            return "red"
        return "yellow" if at >= self.warn_at else "green"

    def used(self, now: datetime) -> float:
        """Share of the time used, 0 to 1."""
        span = (self.due_at - self.started_at).total_seconds()
        gone = ((self.stopped_at or now) - self.started_at).total_seconds()
        return 1.0 if span <= 0 else min(max(gone / span, 0.0), 1.0)


@dataclass(frozen=True)
class InboxRow:
    """An open work item the actor may act on."""

    item_id: UUID
    case_number: str
    title: str
    category: str  # name as shown
    area: str  # name of grid or community
    step: str  # name of the drawn element
    step_code: str
    status: str  # name of the case status
    role: str
    unit_name: str | None
    about: str | None  # name of the unit whose part it is, where another one does the step
    priority: int
    opened_at: datetime
    deadline: Deadline | None
    buttons: tuple[Button, ...]
    has_form: bool  # or buttons that depend on data: what can only be done on the case's page


@dataclass(frozen=True)
class InboxTab:
    """A filter of the inbox with its exact count."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Inbox:
    """A page of the inbox: danger to life first, then least time left."""

    tabs: tuple[InboxTab, ...]
    tab: str
    rows: tuple[InboxRow, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class FormField:
    """A field of a step's form as shown. `type` as in docs/forms.md.

    `asked_by` are the outcomes that can be chosen now and ask for it; `required`: all of those
    need it.
    """

    name: str
    type: str
    label: str
    help: str
    required: bool
    value: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()  # what a unit may be asked for, in a field of units
    asked_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownLine:
    """A line over a form's fields: what who fills it in must have before their eyes."""

    label: str
    value: str


@dataclass(frozen=True)
class OpenItem:
    """An open step of a case that this actor may do now."""

    item_id: UUID
    step: str
    unit_name: str | None
    about: str | None  # name of the unit whose part it is, where another one does the step
    deadline: Deadline | None
    fields: tuple[FormField, ...]
    buttons: tuple[Button, ...]
    said: HistoryLine | None = None  # what was handed in last, of the same part where there is any
    usual: str = ""  # the outcome that the form opens with, "" where the person has to choose
    shows: tuple[ShownLine, ...] = ()


@dataclass(frozen=True)
class Photo:
    """An attachment that can be shown; `of_step`: it was taken at a step, not with the report."""

    id: UUID
    width: int
    height: int
    label: str
    of_step: bool = False


@dataclass(frozen=True)
class Offer:
    """What this actor may do on a case besides its steps, by instance and token."""

    instance_id: UUID
    token: int
    name: str
    unit_name: str | None
    fields: tuple[FormField, ...]
    shows: tuple[ShownLine, ...] = ()


@dataclass(frozen=True)
class Ruling:
    """Which rows of which version of a decision table gave an answer; row 0: its defaults."""

    decision: str
    version: UUID
    rows: tuple[int, ...]


@dataclass(frozen=True)
class HistoryLine:
    """A line of the time line: who did what when, in words."""

    at: datetime
    recorded_at: datetime
    kind: str
    tone: str  # done, info, warn, bad, raise
    title: str
    detail: str
    who: str
    unit_name: str | None
    seq: int
    photos: tuple[Photo, ...] = ()
    instance_id: UUID | None = None  # the part it is of
    ruling: Ruling | None = None  # what a line rests on, where a table was asked


@dataclass(frozen=True)
class PartRow:
    """A department's part of a case."""

    unit: str
    unit_name: str
    kind: str  # lead, assist, notify: name as shown
    status: str
    deadline: Deadline | None
    done: bool = False


@dataclass(frozen=True)
class DiagramView:
    """A drawn diagram with where this case stands on it."""

    process: str
    title: str
    xml: str
    done: tuple[str, ...]
    flows: tuple[str, ...]
    active: tuple[dict[str, Any], ...]  # {id, late, label: who has it, name: of the step}


@dataclass(frozen=True)
class LinkRow:
    """Another case that this one stands in some way to. `number` is None where it may not be read.

    `kind` is merged, split, repeat or related; `away`: said of this case, else of the other.
    """

    kind: str
    label: str
    away: bool
    number: str | None
    title: str
    status: str
    status_code: str


@dataclass(frozen=True)
class AlikeRow:
    """A case that may be about the same thing."""

    number: str
    title: str
    area: str
    status: str
    status_code: str
    reported_at: datetime


@dataclass(frozen=True)
class Filing:
    """A filing condition. `limit` is how long handling may take, "" where no table says."""

    code: str
    name: str
    condition: str
    limit: str


@dataclass(frozen=True)
class Waits:
    """What a case waits for while nobody has it: a promised day, the end of a rest."""

    event: str
    until: datetime


@dataclass(frozen=True)
class Load:
    """Cases that a department has in hand: all, those past due, those in the same street.

    `kind` is how it would take part in this case, as named; "" where it would not.
    """

    unit: str
    unit_name: str
    open: int
    late: int
    near: int
    kind: str


@dataclass(frozen=True)
class CasePage:
    """All a case page shows to one actor; what the actor may not know is masked already."""

    number: str
    title: str
    description: str
    status: str
    status_code: str
    priority: int
    category: str
    area: str
    address: str
    source: str
    reported_at: datetime
    received_at: datetime
    closed_at: datetime | None
    reporter_name: str
    reporter_phone: str
    holders: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    parts: tuple[PartRow, ...]
    items: tuple[OpenItem, ...]
    history: tuple[HistoryLine, ...]
    diagrams: tuple[DiagramView, ...]
    accounts: Accounts
    photos: tuple[Photo, ...] = field(default=())
    incidents: tuple[str, ...] = field(default=())
    links: tuple[LinkRow, ...] = field(default=())
    demand: int = 1  # requests that this one piece of work answers, its own included
    alike: tuple[AlikeRow, ...] = field(default=())
    recent: int = 1  # cases of this category in this area within 30 days, this one included
    whistles: tuple[AlikeRow, ...] = field(default=())  # that this case could join
    joint_area: str = ""  # name of the neighbour it also lies in
    standard: str | None = None
    filing_condition: str | None = None
    condition: str = ""  # words of the standard it was filed under
    load: tuple[Load, ...] = field(default=())  # of departments, where the actor may whistle
    filings: tuple[Filing, ...] = field(default=())  # what the actor may file it under
    whistle_type: str | None = None
    urgency: str = ""
    mode: str = ""
    waits: Waits | None = None  # where nobody has it now
    may_link: bool = False  # the actor may say how this case stands to another
    offers: tuple[Offer, ...] = field(default=())
    sheets: tuple[str, ...] = field(default=())  # units whose diligence record the actor may print
    may_reveal: bool = False  # the actor may ask for the reporter's data in clear; it is recorded


@dataclass(frozen=True)
class CaseRow:
    """A case in a list."""

    number: str
    title: str
    category: str
    area: str
    status: str
    status_code: str
    priority: int
    reported_at: datetime
    deadline: Deadline | None
    holders: tuple[str, ...]


@dataclass(frozen=True)
class Cases:
    """A page of cases, newest report first."""

    rows: tuple[CaseRow, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Search:
    """A page of what a search found, newest report first.

    `count` is exact where `counted`; else there are more. `too_short`: nothing was looked for.
    """

    rows: tuple[CaseRow, ...]
    count: int
    counted: bool
    too_short: bool
    next_cursor: str | None


@dataclass(frozen=True)
class OverdueRow:
    """A breached or nearly breached clock, for the supervisor."""

    case_number: str
    title: str
    step: str
    unit_name: str | None
    area: str
    priority: int
    deadline: Deadline


@dataclass(frozen=True)
class Overdue:
    """A page of clocks that ran out or soon will, the longest overdue first.

    `late` counts those that ran out, wherever in the list; `exempted` how many of them an appeal
    took out of the figures.
    """

    rows: tuple[OverdueRow, ...]
    next_cursor: str | None
    late: int = 0
    exempted: int = 0
