"""People who work through the API while things break: who gets no answer asks again, same key.

What was answered is written down at once; what the database holds afterwards is compared with it.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import orjson

from tests.faults.drill import OUTCOMES, REPORT, Person

HANDS = 2  # devices at each post; each does its own share of the inbox
GLANCE = 40  # rows of the inbox that are looked at
ARMFUL = 15  # steps that are done after one look
IN_HAND = 120  # cases begun and not checked yet, at which nobody reports more for a while
EVERYBODY = 100  # more than report at once: numbers of reports are kept apart by it
PATIENCE = 40.0  # seconds until a person gives a connection up
TWICE = 0.1  # how often somebody clicks again after the answer
AGAIN = frozenset(
    ("database.busy", "database.locked", "instance.catching_up")
)  # refusals that ask to be asked again; a 503 always does


@dataclass
class Ledger:
    """What people were told, and how."""

    reported: dict[str, str] = field(default_factory=dict)  # key: number of the case
    done: dict[str, dict[str, Any]] = field(default_factory=dict)  # item: answer
    steps: Counter[str] = field(default_factory=Counter)  # the same by kind of step
    asked: set[str] = field(default_factory=set)  # items somebody tried to finish
    heard: Counter[str] = field(default_factory=Counter)  # codes and lost connections
    wrong: list[str] = field(default_factory=list)  # what must never be said
    waits: list[float] = field(default_factory=list)  # seconds until an answer

    @property
    def in_hand(self) -> int:
        """How many cases were begun and, as far as was told, not checked."""
        return len(self.reported) - self.steps["check"]


@dataclass
class Hand:
    """One person at one device."""

    person: Person
    addresses: Sequence[str]
    ledger: Ledger
    over: threading.Event
    chance: random.Random
    share: int = 0

    @classmethod
    def of(cls, person: Person, addresses: Sequence[str]) -> Hand:
        """Return somebody who works alone."""
        return cls(person, addresses, Ledger(), threading.Event(), random.Random(0))

    def ask(self, path: str, body: Any = None, key: str = "") -> Any:
        """Ask until there is an answer; return None where everything is over before."""
        begun = time.monotonic()
        while not self.over.is_set():
            status, answer = self.once(path, body, key)
            again = status in (0, 503) or answer.get("code") in AGAIN
            if status < 400 and status:
                self.ledger.waits.append(time.monotonic() - begun)
                return answer
            self.ledger.heard[answer["code"]] += 1
            if not again:
                self.ledger.wrong.append(f"{path} {key}: {status} {answer}")
                return None
            self.over.wait(0.05 + self.chance.random() * 0.2)
        return None

    def once(self, path: str, body: Any, key: str) -> tuple[int, dict[str, Any]]:
        """Send one request; status 0 where no whole answer came."""
        headers = {"Authorization": f"Bearer {self.person.token}"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        request = urllib.request.Request(
            self.chance.choice(self.addresses) + "/api/v1" + path,
            headers=headers,
            data=None if body is None else orjson.dumps(body),
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, orjson.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, refusal(error.read())
        except (OSError, http.client.HTTPException):
            return 0, {"code": "connection.lost"}

    def report(self, number: int) -> None:
        """Report a problem; the key names it."""
        key = f"report-{number}"
        answer = self.ask("/cases", REPORT, key)
        if answer is not None:
            self.ledger.reported[key] = answer["number"]
            self.click_again("/cases", REPORT, key, answer)

    def work(self) -> int:
        """Finish some of the steps in the inbox, any; return how many wait."""
        inbox = self.ask(f"/work-items?limit={GLANCE}")
        rows = [] if inbox is None else inbox["rows"]
        rows = [row for row in rows if UUID(row["item_id"]).int % HANDS == self.share]
        for row in self.chance.sample(rows, min(ARMFUL, len(rows))):
            self.finish(row["item_id"], row["step_code"])
        return len(rows)

    def finish(self, item: str, step: str) -> None:
        """Finish a step; the key is its own."""
        path = f"/work-items/{item}/complete"
        body = {"outcome": OUTCOMES[step], "data": {}}
        self.ledger.asked.add(item)
        answer = self.ask(path, body, item)
        if answer is not None:
            self.ledger.done[item] = answer
            self.ledger.steps[step] += 1
            self.click_again(path, body, item, answer)

    def click_again(self, path: str, body: Any, key: str, answer: Any) -> None:
        """Sometimes send the same once more: it must be answered the same."""
        if self.chance.random() < TWICE:
            again = self.ask(path, body, key)
            if again is not None and again != answer:
                self.ledger.wrong.append(f"{path}: {answer} became {again}")


def refusal(body: bytes) -> dict[str, Any]:
    """Return what a refusal says."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {"code": "not.json", "body": body[:300]}
    return said if isinstance(said, dict) and "code" in said else {"code": "no.code", "body": said}


class Crowd:
    """All hands: some report case after case, each of the others finishes what waits for it."""

    def __init__(
        self, people: Sequence[Person], addresses: Sequence[str], *, seed: int, reporters: int = 1
    ) -> None:
        self.ledger = Ledger()
        self.enough = threading.Event()  # no more reports
        self._over = threading.Event()

        def hand(person: Person, share: int) -> Hand:
            chance = random.Random(f"{seed}-{person.login}-{share}")
            return Hand(person, addresses, self.ledger, self._over, chance, share)

        jobs = [partial(self._report, hand(people[0], HANDS + n), n) for n in range(reporters)]
        jobs += [
            partial(self._work, hand(person, share)) for person in people for share in range(HANDS)
        ]
        self._threads = [threading.Thread(target=job, daemon=True) for job in jobs]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let everybody go home; who waits for an answer leaves without it."""
        self.enough.set()
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE + 5)

    def _report(self, hand: Hand, number: int) -> None:
        while not self.enough.is_set():
            if self.ledger.in_hand >= IN_HAND:
                self.enough.wait(0.1)
                continue
            number += EVERYBODY
            hand.report(number)

    def _work(self, hand: Hand) -> None:
        while not self._over.is_set():
            if hand.work() == 0:
                self._over.wait(0.2)
