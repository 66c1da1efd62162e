"""Built files: found by the name of their source, and readable for browsers from Chromium 86 on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from web import assets

# Younger than Chromium 86. The built files are searched, so that libraries count as well.
YOUNG_SCRIPT = re.compile(
    r"crypto\.randomUUID|\.findLast\(|\.toSorted\(|\.at\(-|AbortSignal\.(?:any|timeout)|Array\.fromAsync"
    r"|\|\|=|\?\?=|&&="
)
YOUNG_STYLE = re.compile(
    r":(?:is|where|has)\(|@layer|@container|[{;](?:inset|aspect-ratio|(?:margin|padding)-(?:inline|block)):|\ddvh"
)
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(?:\ssrc=|application/json))|hx-on|js:"
)

needs_build = pytest.mark.skipif(
    not (assets.DIST / "manifest.json").exists(), reason="the front end is not built: make setup"
)


@needs_build
def test_a_source_name_leads_to_its_built_file() -> None:
    app = Flask("web")
    with app.test_request_context():
        for name in ("main.js", "main.css", "live.js", "live.css", "icons.svg"):
            address = assets.asset(name)
            assert (assets.DIST / address.partition("/dist/")[2]).is_file(), name


@needs_build
def test_an_unknown_name_is_a_mistake_of_ours() -> None:
    with (
        Flask("web").test_request_context(),
        pytest.raises(assets.AssetMissing, match=r"nothing\.js"),
    ):
        assets.asset("nothing.js")


def test_a_front_end_that_was_never_built_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "DIST", tmp_path)
    with (
        Flask("web").test_request_context(),
        pytest.raises(assets.AssetMissing, match="make setup"),
    ):
        assets.asset("main.js")


@needs_build
@pytest.mark.parametrize(("suffix", "young"), [(".js", YOUNG_SCRIPT), (".css", YOUNG_STYLE)])
def test_nothing_built_is_younger_than_chromium_86(suffix: str, young: re.Pattern[str]) -> None:
    for file in sorted(assets.DIST.rglob(f"*{suffix}")):
        assert young.findall(file.read_text()) == [], file.name


def test_templates_hold_nothing_that_the_content_security_policy_refuses() -> None:
    for file in sorted((assets.DIST.parents[1] / "templates").glob("*.html")):
        assert INLINE.findall(file.read_text()) == [], file.name


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    web = assets.DIST.parents[1]
    icons = {file.stem for file in (web / "frontend" / "src" / "icons").glob("*.svg")}
    named = {
        name
        for file in (web / "templates").glob("*.html")
        for name in re.findall(r"\bicon\(\"([a-z0-9-]+)\"", file.read_text())
    }
    assert named
    assert named <= icons
