"""`shaodao deadline`: the vectors and their reasons, with neither case nor database."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from processes.cli import deadline
from tests.engine.sla.test_vectors import VECTORS


@pytest.fixture(autouse=True)
def nothing_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAODAO_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(deadline.command, arguments)


@pytest.mark.parametrize(("rule", "due"), [("rolling", "16:00"), ("legal", "18:00")])
def test_a_deadline_is_told_in_sentences_and_as_json(rule: str, due: str) -> None:
    question = ("--start", "2026-02-13T16:00", "--limit", "1 work_day", "--rule", rule)
    said = asked(*question).output.splitlines()
    assert said[-1] == f"到期时间：2026 年 2 月 14 日（周六） {due}。"
    data = orjson.loads(asked(*question, "--json").output)
    assert data["due"] == f"2026-02-14T{due}"
    assert data["provisional"] is False
    assert [step["text"] for step in data["steps"]] == said


def test_a_start_with_an_offset_is_that_instant() -> None:
    data = asked("--start", "2026-02-13T08:00Z", "--limit", "1 work_day", "--json").output
    assert orjson.loads(data)["start"] == "2026-02-13T16:00"


def test_a_file_of_vectors_comes_back_with_due(tmp_path: Path) -> None:
    file = tmp_path / "vectors.json"
    questions = [
        {"start": start.replace(" ", "T"), "value": value, "unit": unit, "rule": rule, "n": number}
        for number, (start, value, unit, *_due) in enumerate(VECTORS)
        for rule in ("rolling", "legal")
    ]
    file.write_bytes(orjson.dumps(questions))
    answers = orjson.loads(asked("--file", str(file)).output)
    due = [answer.pop("due").replace("T", " ") for answer in answers]
    assert answers == questions
    assert due == [each for vector in VECTORS for each in vector[3:]]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--start", "soon", "--limit", "1 work_day"), "instant.malformed"),
        (("--start", "2026-02-13", "--limit", "a day"), "limit.malformed"),
        (("--start", "2026-02-13", "--limit", "1 fortnight"), "limit.unknown_unit"),
        (("--start", "2026-02-13", "--limit", "0 work_day"), "limit.bad_value"),
        (("--start", "2059-02-13", "--limit", "900 work_day"), "calendar.out_of_range"),
        (("--start", "2026-02-13", "--limit", "1 work_day", "--unit", "SZ"), "home.empty"),
    ],
)
def test_what_cannot_be_counted_is_refused(arguments: tuple[str, ...], code: str) -> None:
    refused = asked(*arguments)
    assert getattr(refused.exception, "code", None) == code


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vectors.json"
    for text in ("{}", "[1]", "[", ""):
        file.write_text(text)
        assert getattr(asked("--file", str(file)).exception, "code", None) == "deadline.file"
    assert asked("--start", "2026-02-13").exit_code == 2
