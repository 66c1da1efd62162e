"""`shaodao notice`: what the State Council publishes enters by hand, and may count again at once."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from engine.db.connect import Database
from processes.cli import notice, prepare
from processes.tables import calendar_day

DAYS = [
    {"date": "2027-01-01", "kind": "rest", "name": "元旦"},
    {"date": "2027-01-09", "kind": "work", "name": "元旦"},
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "SHAODAO_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHAODAO_HOME", str(tmp_path / "home"))
    assert CliRunner().invoke(prepare.command, []).exit_code == 0
    return tmp_path / "home"


def entered(folder: Path, days: object, *more: str) -> Result:
    file = folder / "days.json"
    file.write_bytes(orjson.dumps(days))
    return CliRunner().invoke(notice.command, [str(file), "--source", "国办发明电", *more])


def test_a_notice_is_entered_with_its_source(home: Path, tmp_path: Path) -> None:
    done = entered(tmp_path, DAYS, "--recompute")
    assert done.exit_code == 0, done.output
    assert "已录入 2 天" in done.output
    database = Database(f"sqlite:///{home}/shaodao.db")
    with database.read() as connection:
        rows = connection.execute(sa.select(calendar_day).order_by(calendar_day.c.date)).all()
    database.close()
    assert [(str(row.date), row.kind, row.source) for row in rows] == [
        ("2027-01-01", "rest", "国办发明电"),
        ("2027-01-09", "work", "国办发明电"),
    ]


def test_what_is_no_notice_is_refused(home: Path, tmp_path: Path) -> None:
    for days, code in (
        ({}, "deadline.file"),
        ([{"date": "soon", "kind": "rest", "name": "元旦"}], "calendar.days"),
        ([{"date": "2027-01-01", "kind": "half", "name": "元旦"}], "calendar.days"),
    ):
        assert getattr(entered(tmp_path, days).exception, "code", None) == code
