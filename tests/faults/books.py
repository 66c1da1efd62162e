"""The books after a disaster: what the database holds, against itself and against what was told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from engine.db.tables import (
    event,
    incident,
    instance,
    job,
    outbox,
    sla_clock,
    sla_span,
    subscription,
    work_item,
)
from engine.run.clocks import stored_span
from engine.run.peek import NoHost
from engine.run.rows import CLOCK, TIMER
from engine.run.shelf import StoredShelf
from engine.sla.calendar import standard
from engine.sla.due_at import due_at, warn_at
from engine.sla.limit import read_limit
from engine.spiff.execution import Execution
from processes.audit import verify
from processes.bootstrap import Product
from processes.tables import case_file
from tests.faults.crowd import Ledger
from tests.faults.drill import PARTS, PAUSE, STEPS, URGES

FAILED = re.compile(r"event='(?:request|server)\.failed'.*")
LETTER = re.compile(r"event='letter' letter='([0-9a-f-]{36})'")
SPANS = (
    sa.select(sla_clock, sla_span.c.kind, sla_span.c.at, sla_span.c.reason, sla_span.c.times)
    .add_columns(sla_span.c.until, sla_span.c.holder.label("span_holder"))
    .join(sla_span, sla_span.c.clock_id == sla_clock.c.id)
    .order_by(sla_clock.c.id, sla_span.c.seq)
)


class Books:
    """One moment of the database, with everything that could be wrong in it."""

    def __init__(self, product: Product, connection: sa.Connection) -> None:
        self.product = product
        self.connection = connection

    def rows(self, query: Any) -> list[Any]:
        return list(self.connection.execute(query))

    def count(self, column: Any) -> int:
        return int(self.connection.scalar(sa.select(sa.func.count(column))) or 0)

    def faults(self) -> list[str]:
        """Return what must not be at any moment, however sudden the end was."""
        report = verify(self.connection, self.product.keys)
        return [
            *([] if report.ok else [str(report.says)]),
            *self.orphans(),
            *self.unbalanced(),
            *self.doubled_timers(),
            *self.backward(),
        ]

    def orphans(self) -> Iterator[str]:
        """Find items, timers, clocks and waits without their token, and tokens without theirs."""
        kept = {
            "items": self.tokens(work_item, work_item.c.status == "open"),
            "timers": self.tokens(job, job.c.kind == TIMER),
            "events": self.tokens(subscription, sa.true()),
        }
        running = self.tokens(sla_clock, sla_clock.c.status == "running")
        rung = self.tokens(job, job.c.kind == CLOCK)
        parts = {
            (row.parent_id, row.parent_token)
            for row in self.rows(sa.select(instance.c.parent_id, instance.c.parent_token))
        }
        planned = self.tokens(job, job.c.kind == "start_child")
        spent = {place for place, times in self.firings().items() if times == URGES}
        for row in self.rows(sa.select(instance)):
            stands = self.snapshot(row)
            alive = row.status == "active"
            if alive is stands.ended or (alive and not stands.activities and not stands.timers):
                yield f"{row.id} is {row.status} and stands nowhere"
            for name, known in kept.items():
                standing = getattr(stands, name) if alive else ()
                tokens = {each.token for each in standing if (row.id, each.element) not in spent}
                if tokens != known.get(row.id, set()):
                    yield f"{row.id}: {name} {tokens} but stored {known.get(row.id)}"
            entered = {0, *(each.token for each in stands.activities)} if alive else set()
            if not rung.get(row.id, set()) <= running.get(row.id, set()) <= entered:
                yield f"{row.id}: a clock runs on an activity that was left"
            for waiting in stands.calls if alive else ():
                place = (row.id, waiting.token)
                if place not in parts and waiting.token not in planned.get(row.id, set()):
                    yield f"{place}: called and never started"

    def tokens(self, table: sa.Table, condition: Any) -> dict[UUID, set[int]]:
        """Return the tokens that rows of a table are tied to, by instance."""
        found: dict[UUID, set[int]] = {}
        for row in self.rows(sa.select(table.c.instance_id, table.c.token).where(condition)):
            found.setdefault(row.instance_id, set()).add(row.token)
        return found

    def snapshot(self, row: Any) -> Any:
        folder = self.product.engine.library.folder(self.connection, row.definition_id)
        host: Any = NoHost(self.connection)
        host.shelf = StoredShelf(self.connection, row.id)
        return Execution.load(folder.program(row.process), host, row.state).snapshot()

    def unbalanced(self) -> Iterator[str]:
        """Find clocks whose stored instants are not what their ledger says."""
        ledgers: dict[UUID, list[Any]] = {}
        for row in self.rows(SPANS):
            ledgers.setdefault(row.id, []).append(row)
        if len(ledgers) != len(self.rows(sa.select(sla_clock.c.id))):
            yield "a clock has no ledger"
        for rows in ledgers.values():
            clock, spans = rows[0], [stored_span(row) for row in rows]
            limit, chosen = read_limit(clock.rule), clock.rule.get("calendar")
            calendar = (
                self.product.engine.plugins.calendars.pinned(
                    self.connection, chosen["code"], chosen["version"]
                )
                if chosen
                else standard()
            )
            counted = due_at(limit, calendar, spans), warn_at(limit, calendar, spans)
            if counted != (clock.due_at, clock.warn_at):
                yield f"clock {clock.id} is stored due {clock.due_at}, counted {counted[0]}"

    def doubled_timers(self) -> Iterator[str]:
        """Find timers that fired twice at the same due time, or once too often."""
        fired = self.told("timer.fired")
        due = Counter((row.instance_id, row.element, said["due_at"]) for row, said in fired)
        yield from (f"{place} fired {times} times" for place, times in due.items() if times > 1)
        for (where, element), count in self.firings().items():
            if count > (1 if element == PAUSE else URGES):
                yield f"{where}: {element} fired {count} times"

    def firings(self) -> Counter[tuple[UUID, str]]:
        """Count how often each timer fired, firings that an outage swallowed among them."""
        times: Counter[tuple[UUID, str]] = Counter()
        for row, said in self.told("timer.fired"):
            times[row.instance_id, row.element] += 1 + said["missed"]
        return times

    def backward(self) -> Iterator[str]:
        """Find instances whose time went back."""
        query = sa.select(event.c.instance_id, event.c.at, event.c.recorded_at)
        last: dict[UUID, Any] = {}
        for row in self.rows(query.order_by(event.c.instance_id, event.c.seq)):
            if row.at < last.get(row.instance_id, row.at):
                yield f"{row.instance_id}: time went back to {row.at}"
            last[row.instance_id] = row.at

    def told(self, kind: str) -> list[tuple[Any, dict[str, Any]]]:
        """Return the entries of a kind, each with what it says."""
        rows = self.rows(sa.select(event).where(event.c.kind == kind))
        return [(row, orjson.loads(bytes(row.body))["data"]) for row in rows]

    @staticmethod
    def surprises(log: str) -> list[str]:
        """Return what servers logged as failures of their own: whatever dies, none is allowed."""
        return [f"a request failed: …{each[-1500:]}" for each in FAILED.findall(log)]

    def against(self, ledger: Ledger) -> Iterator[str]:
        """Compare with what people were told: every acknowledged command is here exactly once."""
        yield from ledger.wrong
        numbers = Counter(row.number for row in self.rows(sa.select(case_file.c.number)))
        told = Counter(ledger.reported.values())
        yield from (f"case {each} was told to two reports" for each in told if told[each] > 1)
        yield from (f"case {each} was told and is not here" for each in told.keys() - numbers)
        done = Counter(said["item"] for _row, said in self.told("work_item.completed"))
        yield from (f"item {each} was done {done[each]} times" for each in done if done[each] > 1)
        yield from (f"item {each} was told done and is not" for each in ledger.done.keys() - done)
        yield from (f"item {each} was done by nobody" for each in done.keys() - ledger.asked)

    def unfinished(self, ledger: Ledger, log: str) -> Iterator[str]:
        """Find what is missing when everybody has had the time to finish."""
        open_cases = self.rows(sa.select(case_file.c.number).where(case_file.c.status != "closed"))
        yield from (f"case {row.number} is not closed" for row in open_cases)
        cases = len(self.rows(sa.select(case_file.c.id)))
        if cases != len(ledger.reported):
            yield f"{len(ledger.reported)} reports made {cases} cases"
        counts = {
            "work_item.completed": STEPS * cases,
            "child.ended": PARTS * cases,
            "instance.completed": (1 + PARTS) * cases,
        }
        for kind, wanted in counts.items():
            if (found := len(self.told(kind))) != wanted:
                yield f"{found} × {kind} for {cases} cases, not {wanted}"
        passed = Counter(
            row.instance_id for row, _said in self.told("timer.fired") if row.element == PAUSE
        )
        if sum(passed.values()) != cases:
            yield f"{sum(passed.values())} cases of {cases} passed the timer"
        left = self.rows(sa.select(job)) + self.rows(sa.select(incident))
        yield from (f"left over: {row}" for row in left)
        yield from self.lost_letters(log)

    def lost_letters(self, log: str) -> Iterator[str]:
        """Find letters that nobody carried; carried twice is allowed, never is not."""
        carried = Counter(LETTER.findall(log))
        letters = self.rows(sa.select(outbox))
        for row in letters:
            if row.sent_at is None or not carried[str(row.id)]:
                yield f"letter {row.id} was carried {carried[str(row.id)]} times, sent {row.sent_at}"
        performed = [
            row for row, _said in self.told("operation.performed") if row.element == "tell"
        ]
        if len(performed) != len(letters):
            yield f"{len(performed)} operations wrote {len(letters)} letters"
