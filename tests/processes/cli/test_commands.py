"""The command line: what it prints, with which exit code, and what it does to a home."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

import processes.cli as shell
from engine.db.connect import Database
from processes.cli.common import language
from processes.tables import case_file

ROOT = Path(__file__).parents[3]
COMMANDS = {
    name: EntryPoint(name, f"processes.cli.{module}:command", shell.GROUP)
    for name, module in {
        "audit": "audit",
        "check": "check",
        "import": "import_cases",
        "prepare": "prepare",
        "replay": "replay",
        "run": "run",
        "worker": "worker",
    }.items()
}
MAPPING = """
name = "hotline"
[fields]
external_ref = {column = "no"}
description = {column = "text"}
category = {constant = "streetlight"}
area = {column = "area"}
[areas]
create = true
kind = "street"
parent = "QX"
above = [{code = "QX", name = "清河区", kind = "district"}]
codes = {"东区" = "QD"}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shell, "registered", lambda: COMMANDS)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "SHAODAO_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHAODAO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(shell.main, [str(word) for word in words])


def import_rows(folder: Path, rows: str) -> Result:
    (folder / "m.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "rows.csv").write_text(f"no,text,area\n{rows}", encoding="utf-8")
    return run("import", "cases", folder / "rows.csv", "--mapping", folder / "m.toml")


def test_an_import_prepares_an_empty_home_and_its_last_line_counts(
    home: Path, tmp_path: Path
) -> None:
    done = import_rows(tmp_path, "1,路灯不亮,东区\n2,,东区\n")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == "taken=1 repeated=0 refused=1"
    (remarks,) = (home / "imports").glob("*.csv")
    assert str(remarks) in done.stdout
    again = import_rows(tmp_path, "1,路灯不亮,东区\n")
    assert again.stdout.splitlines()[-1] == "taken=0 repeated=1 refused=0"


def test_the_trail_of_an_import_can_be_verified_at_once(home: Path, tmp_path: Path) -> None:
    import_rows(tmp_path, "1,路灯不亮,东区\n")
    checked = run("audit", "verify")
    assert checked.exit_code == 0, checked.output
    by_hand(
        home,
        "DROP TRIGGER event_no_update",
        "UPDATE event SET body = x'7b7d' WHERE seq = 2",
    )
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "不一致" in broken.stdout


def by_hand(home: Path, *statements: str) -> None:
    """Do to the file what no command would do."""
    database = Database(f"sqlite:///{home}/shaodao.db")
    with database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.close()


def test_verifying_an_empty_home_changes_nothing(home: Path) -> None:
    refused = run("audit", "verify")
    assert (refused.exit_code, "home.empty" in refused.stderr) == (1, True)
    assert not home.exists()


def test_an_organisation_is_tried_then_imported_then_found_unchanged(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "units.csv"
    units = "清河区单位表\n单位代码,单位名称,单位类型,上级单位代码\nQY,清河街道,街道,QX\nQX,清河区,区县,\n"
    file.write_bytes(units.encode("gb18030"))
    tried = run("import", "organisation", file, "--dry-run")
    assert "没有写入" in tried.stdout
    assert tried.stdout.splitlines()[-1] == "new=2 changed=0 unchanged=0 refused=0"
    assert run("import", "organisation", file).stdout == "new=2 changed=0 unchanged=0 refused=0\n"
    again = run("import", "organisation", file)
    assert (again.exit_code, again.stdout) == (0, "new=0 changed=0 unchanged=2 refused=0\n")
    file.write_text(units + "QZ,清泽街道,街道,XX\n", encoding="utf-8")
    refused = run("import", "organisation", file)
    assert refused.exit_code == 1
    assert "第 5 行：没有代码为“XX”的单位。" in refused.stderr
    assert "2 条组织变更" in run("audit", "verify").stdout
    by_hand(
        home,
        "DROP TRIGGER organisation_entry_no_delete",
        "DELETE FROM organisation_entry WHERE seq = 2",
    )
    cut = run("audit", "verify")
    assert cut.exit_code == 1
    assert "组织变更记录第 2 条：记录已缺失" in cut.stdout


def test_preparing_twice_is_preparing_once(home: Path) -> None:
    assert run("prepare").exit_code == 0
    key = (home / "keys" / "field.key").read_bytes()
    assert run("prepare").exit_code == 0
    assert (home / "keys" / "field.key").read_bytes() == key


def test_every_command_obeys_the_database_setting(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAODAO_DATABASE", f"sqlite:///{tmp_path}/elsewhere.db")
    import_rows(tmp_path, "1,路灯不亮,东区\n")
    assert not (home / "shaodao.db").exists()
    database = Database(f"sqlite:///{tmp_path}/elsewhere.db")
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(case_file)) == 1
    database.close()


def test_a_replay_goes_into_a_database_of_its_own_and_tells_in_json(
    home: Path, tmp_path: Path
) -> None:
    replayed = MAPPING.replace("[areas]", 'reported_at = {column = "at"}\n[areas]') + (
        '[replay]\nclock = "case"\ngroup = {column = "area"}\n'
        '[[replay.acts]]\nelement = "community_review"\noutcome = "handle"\n'
        '[[replay.acts]]\nelement = "community_handle"\ncolumn = "at"\ndata = {result = "好"}\n'
    )
    (tmp_path / "m.toml").write_text(replayed, encoding="utf-8")
    (tmp_path / "rows.csv").write_text("no,text,area,at\n1,路灯不亮,东区,2015-03-02 08:00\n")
    words = ("replay", tmp_path / "rows.csv", "--mapping", tmp_path / "m.toml")
    done = run(*words, "--into", tmp_path / "new.db", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [(each["name"], each["closed"], each["on_time"]) for each in told["departments"]] == [
        ("东区", 1, 1)
    ]
    assert told["undetermined"] == []
    assert told["peak_memory_mib"] > 0
    assert not (home / "shaodao.db").exists()
    again = run(*words, "--into", f"sqlite:///{tmp_path}/new.db")
    assert "[replay.live_database]" in again.stderr
    assert "[replay.share]" in run(*words, "--sample", "0").stderr
    shown = run(*words)
    assert "on_time" in shown.stdout
    assert "clamped=0" in shown.stdout


def test_a_refusal_is_one_sentence_and_exit_code_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = run("import", "cases", "none.csv", "--mapping", "none.toml")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)
    monkeypatch.setenv("SHAODAO_HOEM", "/srv")
    refused = run("prepare")
    assert "SHAODAO_HOEM" in refused.stderr
    assert not home.exists()


def test_what_comes_with_us_passes_the_check_without_a_database(home: Path) -> None:
    checked = run("check", ROOT / "bpmn")
    assert checked.exit_code == 0, checked.output
    assert not home.exists()


def test_a_diagram_that_cannot_run_is_named_with_its_element(home: Path, tmp_path: Path) -> None:
    drawn = (ROOT / "bpmn" / "whistle" / "whistle.bpmn").read_text(encoding="utf-8")
    (tmp_path / "bad.bpmn").write_text(
        drawn.replace("bpmn:businessRuleTask", "bpmn:sendTask"), encoding="utf-8"
    )
    (tmp_path / "bad.dmn").write_text("<not-a-table", encoding="utf-8")
    (tmp_path / "bad.form.json").write_bytes(b"\xff\xfe")
    refused = run("check", tmp_path / "bad.bpmn", tmp_path / "bad.dmn", tmp_path / "bad.form.json")
    assert refused.exit_code == 1
    assert "error dispatch" in refused.stdout
    assert "[file.not_utf8]" in refused.stdout


@pytest.mark.parametrize("name", ["none.bpmn", "notes.txt", "empty"])
def test_what_cannot_be_checked_is_said(home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "empty").mkdir()
    refused = run("check", tmp_path / name)
    assert refused.exit_code == 1
    assert "[check." in refused.stdout


def test_the_terminal_chooses_the_language() -> None:
    assert language({"LANG": "en_GB.UTF-8"}) == "en"
    assert language({"LANG": "zh_CN.UTF-8"}) == "zh"
    assert language({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}) == "zh"
    assert language({}) == "zh"


def test_the_command_line_does_not_load_flask() -> None:
    code = "import processes.cli, processes.cli.import_cases, processes.cli.worker, sys; "
    code += "sys.exit('flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
