"""`shaodao setting`: shows how the district blows, and changes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.errors import Invalid
from processes.cli import prepare, setting


def test_a_setting_is_shown_and_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "SHAODAO_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHAODAO_HOME", str(tmp_path / "home"))
    shell = CliRunner()
    assert shell.invoke(prepare.command, []).exit_code == 0
    assert "blow_right = street" in shell.invoke(setting.command, []).output
    assert shell.invoke(setting.command, ["blow_right", "centre"]).exit_code == 0
    assert "blow_right = centre" in shell.invoke(setting.command, ["blow_right"]).output
    refused = shell.invoke(setting.command, ["blow_right", "nobody"])
    assert isinstance(refused.exception, Invalid)
