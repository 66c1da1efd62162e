"""What came of one command in its transaction, before anybody is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import ShaodaoError
from engine.run.plugins import Answer
from engine.run.rows import JobRow


@dataclass
class Attempt:
    """What one transaction came to."""

    answer: Answer = field(default_factory=dict)
    refusal: ShaodaoError | None = None
    jobs: list[JobRow] = field(default_factory=list)


class TakenBack(Exception):
    """A refusal that leaves nothing behind: its transaction, or savepoint, is rolled back."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__()
        self.attempt = attempt
