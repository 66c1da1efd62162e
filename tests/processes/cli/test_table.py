"""`shaodao table`: lists, checks, deploys for a day to come, and takes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from engine.decision import read_dmn
from engine.decision.sheet import sheet_of, write_dmn
from engine.errors import Invalid
from processes.cli import prepare, table
from processes.cli.import_catalogue import catalogue
from processes.shipped import Shipped, shipped_mapping
from tests.processes.catalogue.test_entries import HEADER, ROWS

TABLES = Shipped.find().folder / "tables"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "SHAODAO_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHAODAO_HOME", str(tmp_path / "home"))
    return tmp_path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(table.command, [str(word) for word in words])


def without_last(home: Path, key: str) -> Path:
    """Write a shipped table without its last row."""
    (read,) = read_dmn((TABLES / f"{key}.dmn").read_bytes())
    path = home / f"{key}.dmn"
    path.write_bytes(write_dmn(replace(sheet_of(read), lines=sheet_of(read).lines[:-1])))
    return path


def test_a_file_is_checked_before_there_is_a_home(home: Path) -> None:
    assert run("check", TABLES / "limits.dmn").exit_code == 0
    result = run("check", without_last(home, "dispatch"), "--json")
    assert result.exit_code == 1
    (told,) = orjson.loads(result.output)
    assert (told["table"], told["ok"], told["complete"]) == ("dispatch", False, True)
    assert told["findings"][0]["code"] == "table.gap"
    assert told["findings"][0]["example"]
    assert isinstance(run("check", "nothing.dmn").exception, Invalid)


def test_a_table_is_deployed_for_a_day_to_come_and_taken_back(home: Path) -> None:
    assert CliRunner().invoke(prepare.command, []).exit_code == 0
    assert "可以部署" in run("check", "limits").output
    refused = run("deploy", without_last(home, "dispatch"))
    assert isinstance(refused.exception, Invalid)
    draft = home / "dispatch.dmn"
    (read,) = read_dmn((TABLES / "dispatch.dmn").read_bytes())
    lines = tuple(each for each in sheet_of(read).lines if '"notify"' not in each.cells)
    draft.write_bytes(write_dmn(replace(sheet_of(read), lines=lines)))
    result = run("deploy", draft, "--from", "2099-01-01", "--basis", "区编办〔2098〕1号")
    assert "from=2099-01-01T00:00+08:00 tables=dispatch" in result.output
    listed = [line.split() for line in run("list").output.splitlines()]
    assert ["limits", "in_force"] in [[each[0], each[3]] for each in listed]
    (coming,) = [each for each in listed if each[3] == "coming"]
    assert coming[-1] == "区编办〔2098〕1号"
    assert run("withdraw", coming[4]).exit_code == 0
    assert "coming" not in run("list").output


def test_an_imported_catalogue_is_drafted_checked_and_deployed(home: Path) -> None:
    norm = home / "norm.csv"
    norm.write_text("\n".join((HEADER, *ROWS)), encoding="utf-8")
    mapping = str(shipped_mapping("catalogue_yuncheng"))
    told = CliRunner().invoke(catalogue, [str(norm), "--mapping", mapping])
    assert told.exit_code == 0, told.output
    assert "组织里没有“供水公司”，2 条标准提到它" in told.output
    draft = home / "home" / "drafts" / "dispatch.dmn"
    assert "可以部署" in run("check", draft).output
    assert "tables=dispatch" in run("deploy", draft).output
    all_three = ["--mapping", mapping, "--draft", str(home / "drafts")]
    assert CliRunner().invoke(catalogue, [str(norm), *all_three]).exit_code == 0
    assert {path.stem for path in (home / "drafts").iterdir()} == {
        "dispatch",
        "limits",
        "standards",
    }
