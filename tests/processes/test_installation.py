"""A stranger's `web` on the path is noticed before it is run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.errors import Broken
from processes.installation import check_packages


def test_our_own_packages_pass() -> None:
    check_packages()


def test_another_web_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "web", raising=False)

    with pytest.raises(Broken) as refusal:
        check_packages()

    assert refusal.value.code == "installation.foreign_package"
