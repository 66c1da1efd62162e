"""The pages on mappings name what the code reads, and the mappings that come with us can be read."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from processes.mapping import FIELDS, AreaRules, FieldRule, UnitRule, read_mapping
from processes.replay.result import Department, Result
from processes.replay.rules import (
    ActRule,
    HistoryRule,
    InstantRule,
    ReplayRules,
    VerdictRule,
    read_rules,
)

ROOT = Path(__file__).parents[2]
REPLAY = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "mappings.md").read_text(encoding="utf-8")
CATALOGUES = set((ROOT / "mappings").glob("catalogue_*.toml"))  # docs/catalogue.md
OTHERS = {ROOT / "mappings" / "organisation.toml"}  # of no cases
SHIPPED = sorted(set((ROOT / "mappings").glob("*.toml")) - CATALOGUES - OTHERS)


@pytest.mark.parametrize(
    "key",
    [
        *FIELDS,
        *(each.name for each in fields(FieldRule)),
        *(each.name for each in fields(AreaRules)),
        "name",
        "zone",
        "encoding",
        "column",
    ],
)
def test_the_page_names_every_key(key: str) -> None:
    assert f"`{key}`" in PAGE


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_mapping_that_comes_with_us_can_be_read(path: Path) -> None:
    mapping = read_mapping(path)
    assert mapping.name == path.stem
    assert read_rules(path, mapping).clock == "case"


SECTIONS = {"acts", "clocks", "verdict", "history", "units", "at"}  # named by their headings
RULES = (ReplayRules, ActRule, InstantRule, HistoryRule, VerdictRule, UnitRule)


@pytest.mark.parametrize(
    "key",
    sorted(
        {each.name for rule in (*RULES, Department) for each in fields(rule)} - SECTIONS
        | set(Result().as_json("zh"))
    ),
)
def test_the_page_on_replays_names_every_key(key: str) -> None:
    assert f"`{key}`" in REPLAY


def test_the_page_on_replays_names_every_section() -> None:
    for name in ("clocks.CODE", "verdict", "history"):
        assert f"`[replay.{name}]`" in REPLAY
    for name in ("acts", "units"):
        assert f"`[[replay.{name}]]`" in REPLAY
