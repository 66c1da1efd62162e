"""docs/mappings.md names what the code reads, and the mappings that come with us can be read."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from processes.mapping import FIELDS, AreaRules, FieldRule, read_mapping

ROOT = Path(__file__).parents[2]
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
    assert read_mapping(path).name == path.stem
