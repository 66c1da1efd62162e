"""Small folders to derive trials from, and the limits of the runtime's stories beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from engine.decision import Table, read_dmn
from engine.run.folder import Folder
from engine.trials.stage import Stage
from tests.engine.run.draw import (
    boundary,
    end,
    exclusive,
    flows,
    outcome_words,
    process,
    start,
    user,
)
from tests.engine.run.world import LIMITS

CODES = ("done", "ours", "theirs")
LABELS = outcome_words(CODES)
TABLES = {"limits.dmn": LIMITS.encode()}

ASKED = process(
    "asked",
    start(),
    user("sort", "ours theirs", sla="handle"),
    exclusive("whose", default="whose_finish"),
    user("answer", "done", sla="answer"),
    boundary("answer_due", "answer", 'due("answer")', kind="timeDate"),
    user("urge"),
    end(),
    flows(
        "begin > sort",
        "sort > whose",
        "whose > finish",
        'whose > answer : sort.outcome == "theirs" and case.urgency == "danger"',
        "answer > finish",
        "answer_due > urge",
        "urge > finish",
    ),
    sla="case",
    lanes={"dept": "begin sort whose answer urge finish"},
)


def folder(**files: str) -> Folder:
    """Return a folder of diagrams, named like the first."""
    named = {f"{name}.bpmn": text for name, text in files.items()} | {"labels.toml": LABELS}
    return Folder(UUID(int=0), next(iter(files)), 0, named)


@pytest.fixture
def asked() -> Folder:
    """Return a folder with three clocks, one of them behind a condition on the case."""
    return folder(asked=ASKED)


@pytest.fixture
def tables() -> list[Table]:
    return read_dmn(LIMITS.encode())


@pytest.fixture
def stage(asked: Folder, tmp_path: Path) -> Iterator[Stage]:
    opened = Stage(asked, TABLES, tmp_path)
    yield opened
    opened.close()
