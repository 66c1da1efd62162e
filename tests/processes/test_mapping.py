"""Mapping files: what they may say, and how a row becomes a report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import Invalid
from processes.mapping import CaseMapping, UnitRule, read_mapping

GOOD = """
name = "hotline"
zone = "Asia/Taipei"

[fields]
external_ref = {column = "no"}
reported_at = {column = "at", format = "%Y-%m-%d %H:%M:%S"}
description = {column = "text"}
category = {columns = ["main", "sub"], values = "categories"}
urgency = {constant = "normal"}
area = {column = "area"}

[values.categories]
"路燈故障" = "streetlight"
"髒亂" = "litter"

[areas]
create = true
kind = "community"
parent = "QY"
above = [{code = "QY", name = "清河街道", kind = "street"}]
codes = {"東區" = "TN-02"}
"""
ROW = {
    "no": "1",
    "at": "2015-04-15 08:00:00",
    "text": "燈不亮",
    "main": "路燈故障",
    "sub": "",
    "area": "東區",
}


def written(tmp_path: Path, text: str) -> CaseMapping:
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def test_a_row_becomes_a_report(tmp_path: Path) -> None:
    assert written(tmp_path, GOOD).convert(ROW) == {
        "external_ref": "1",
        "reported_at": datetime(2015, 4, 15, tzinfo=UTC),
        "description": "燈不亮",
        "category": "streetlight",
        "urgency": "normal",
        "area": "TN-02",
    }


def test_of_several_columns_the_first_that_is_known_wins(tmp_path: Path) -> None:
    report = written(tmp_path, GOOD).convert({**ROW, "main": "{}", "sub": "髒亂"})
    assert report["category"] == "litter"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"at": "2015-02-30 08:00:00"}, "import.date"),
        ({"at": "yesterday"}, "import.date"),
        ({"main": "飛碟", "sub": ""}, "import.category_unknown"),
        ({"area": "月球"}, "import.area_unknown"),
    ],
)
def test_what_a_row_gets_wrong_is_one_sentence(
    tmp_path: Path, change: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        written(tmp_path, GOOD).convert({**ROW, **change})
    assert refused.value.code == code


def test_units_to_create_are_named_from_the_top(tmp_path: Path) -> None:
    areas = written(tmp_path, GOOD).areas
    assert areas.units("TN-02") == (
        UnitRule("QY", "清河街道", "street"),
        UnitRule("TN-02", "東區", "community", "QY"),
    )
    closed = written(tmp_path, GOOD.replace("create = true", "create = false")).areas
    assert closed.units("TN-02") == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "hotline"', ""),
        ('name = "hotline"', 'name = "hotline"\nnmae = "x"'),
        ("external_ref = ", "external = "),
        ('area = {column = "area"}', ""),
        ('urgency = {constant = "normal"}', "urgency = {}"),
        ('values = "categories"', 'values = "kinds"'),
        ("Asia/Taipei", "Asia/Atlantis"),
        ('format = "', 'fromat = "'),
        ('kind = "community"', 'sort = "community"'),
        ("[fields]", "[fields"),
        ('name = "hotline"', "name = 5"),
        ('name = "hotline"', 'name = ["hotline"]'),
        ('name = "hotline"', 'name = "hotline"\nencoding = 8'),
        ('column = "area"', "column = 5"),
        ('column = "area"', 'column = ["area"]'),
        ("[fields]", '[values]\nother = "x"\n[fields]'),
        ('"東區" = "TN-02"', '"東區" = 2'),
        ('"東區" = "TN-02"', '"東區" = ["TN-02"]'),
        ("create = true", 'create = "yes"'),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_before_any_row(
    tmp_path: Path, old: str, new: str
) -> None:
    assert old in GOOD
    with pytest.raises(Invalid) as refused:
        written(tmp_path, GOOD.replace(old, new))
    assert refused.value.code == "mapping.wrong"


def test_a_folder_is_no_mapping(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read_mapping(tmp_path)
    assert refused.value.code == "mapping.missing"


def test_a_mapping_that_is_missing_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read_mapping(tmp_path / "none.toml")
    assert refused.value.code == "mapping.missing"
