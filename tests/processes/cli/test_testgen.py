"""`shaodao testgen`: what it prints and writes, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from engine import xml
from engine.errors import Invalid
from engine.run.folder import content_hash
from processes.cli.common import existing
from processes.cli.testgen import command
from processes.trial_results import kept_trials
from tests.engine.run.world import LIMITS
from tests.engine.trials.conftest import ASKED, LABELS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    folder, tables = tmp_path / "asked", tmp_path / "tables"
    for each in (folder, tables):
        each.mkdir()
    (folder / "asked.bpmn").write_text(ASKED, "utf-8")
    (folder / "labels.toml").write_text(LABELS, "utf-8")
    (tables / "limits.dmn").write_text(LIMITS, "utf-8")
    return folder


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def test_a_folder_is_tried_with_the_tables_beside_it(home: Path) -> None:
    result = run(home, "--most", 4)
    assert result.exit_code == 0, result.output
    assert "推出 44 个试验，跑了 4 个，0 个不合规矩。" in result.output


def test_coverage_is_written_as_data_and_as_a_picture(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = orjson.loads(run(home, "--most", 3, "--json", "--out", out).output)
    assert told == orjson.loads((out / "coverage.json").read_bytes())
    assert "sort" in told["coverage"]["asked"]["walked"]
    assert xml.name(xml.read_xml((out / "asked.svg").read_bytes())) == "svg"


def test_a_report_is_kept_with_the_content_it_is_about(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHAODAO_DATABASE", raising=False)
    monkeypatch.setenv("SHAODAO_HOME", str(tmp_path / "kept"))
    assert run(home, "--most", 2, "--store").exit_code == 0
    files = {path.name: path.read_text("utf-8") for path in home.iterdir()}
    with existing() as product, product.engine.database.read() as connection:
        kept = kept_trials(connection, content_hash(files))
        assert kept is not None
        assert kept.report["run"] == 2
        assert kept_trials(connection, "another") is None


def test_a_broken_law_is_told_with_its_way_and_the_exit_code(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.run.ringing.note", lambda *_given: None)
    result = run(home, "--most", 6)
    assert result.exit_code == 1
    assert "[clock.in_time]" in result.output


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert isinstance(result.exception, Invalid)
    assert result.exception.code == "trials.no_folder"
