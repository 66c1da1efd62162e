"""An office's own tables become the organisation: whole, repeatable, and told row by row."""

from __future__ import annotations

import runpy
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.errors import Forbidden, Invalid
from engine.i18n import Text
from processes.access import path_of
from processes.importing import IMPORTER
from processes.organisation_chain import verify_changes
from processes.organisation_import import ImportOrganisation
from processes.organisation_mapping import read_organisation_mapping, tables_in
from processes.organisation_plan import RowResult
from processes.organisation_tables import duty_roster, organisation_entry
from processes.sheets import Line, Sheet, read_sheets
from processes.tables import membership, org_unit, person
from tests.conftest import EPOCH
from tests.processes.conftest import Office

ROOT = Path(__file__).parents[2]
MAPPING = ROOT / "mappings" / "organisation.toml"

UNITS = """
清河街道网格底数
更新日期：2026-03-01
单位代码* | 单位名称 | 单位类型 | 上级单位代码
QY-09-01 | 第一网格 | 网格 | QY-09
QY-09 | 秋实社区 | 社区 | QY
QY-09-02 | 第二网格 | 网格 | QY-09
"""
PEOPLE = """
工号 | 姓名 | 手机
1001 | 安娜 | 13800000001
1002 | 鲍里斯 |
"""
POSTS = """
人员 | | 任职 |
工号 | 姓名 | 岗位 | 单位代码
1001 | 安娜 | 社区书记 | QY-09
1002 | 鲍里斯 | grid_worker | QY-09-01
"""
DUTY = """
单位代码 | 值班岗位 | 工号 | 开始时间 | 结束时间 | 值班电话
QY-09 | 社区书记 | 1002 | 2026-03-07 | 2026-03-08 | 8123
"""
TABLES = {"单位": UNITS, "人员": PEOPLE, "任职": POSTS, "值班": DUTY}


def sheet(name: str, text: str) -> Sheet:
    lines = text.strip().splitlines()
    cells = [tuple(cell.strip() for cell in line.split("|")) for line in lines]
    return Sheet(name, tuple(Line(n, each) for n, each in enumerate(cells, start=1)))


def bring(office: Office, *, dry_run: bool = False, **tables: str) -> dict[str, Any]:
    mapping = read_organisation_mapping(MAPPING)
    found = tables_in([sheet(name, text) for name, text in tables.items()], mapping)
    rows = {kind: tuple(each) for kind, each in found.items()}
    return office.do(ImportOrganisation(tables=rows, dry_run=dry_run), IMPORTER)


def refused(answer: dict[str, Any]) -> list[tuple[str, int, str]]:
    rows: list[RowResult] = answer["rows"]
    return [(r.sheet, r.line, r.reason.code) for r in rows if r.reason is not None]


def count(office: Office, table: sa.Table) -> int:
    return int(office.rows(sa.select(sa.func.count()).select_from(table))[0][0])


def test_four_tables_become_units_people_posts_and_duty(office: Office) -> None:
    answer = bring(office, **TABLES)
    assert answer["counts"] == {"new": 8}
    with office.product.engine.database.read() as connection:
        assert path_of(connection, "QY-09-01") == "/QX/QY/QY-09/QY-09-01/"
        assert verify_changes(connection).ok
    assert {(row.role, row.unit) for row in office.rows(sa.select(membership))} == {
        ("community_secretary", "QY-09"),
        ("grid_worker", "QY-09-01"),
    }
    (duty,) = office.rows(sa.select(duty_roster))
    assert (duty.valid_from.hour, duty.note) == (16, "8123")  # midnight in Shanghai
    assert duty.valid_to - duty.valid_from == timedelta(days=2)  # to the end of the last day
    (anna, _boris) = office.rows(sa.select(person).order_by(person.c.code))
    assert b"138" not in bytes(anna.phone)


def test_a_second_run_changes_nothing(office: Office) -> None:
    bring(office, **TABLES)
    entries = count(office, organisation_entry)
    assert bring(office, **TABLES)["counts"] == {"unchanged": 8}
    assert count(office, organisation_entry) == entries


def test_a_dry_run_says_the_same_and_writes_nothing(office: Office) -> None:
    before = count(office, org_unit)
    assert bring(office, dry_run=True, **TABLES)["counts"] == {"new": 8}
    assert (count(office, org_unit), count(office, person)) == (before, 0)


def test_what_changed_in_the_file_changes_here(office: Office) -> None:
    bring(office, **TABLES)
    office.clock.set(EPOCH + timedelta(hours=1))
    changed = {
        "单位": UNITS.replace("秋实社区", "秋收社区").replace("| QY-09\n", "| QY-03\n", 1),
        "人员": PEOPLE.replace("安娜", "安妮"),
        "任职": POSTS,
        "值班": DUTY.replace("8123", "8124"),
    }
    answer = bring(office, **changed)
    assert answer["counts"] == {"changed": 4, "unchanged": 4}
    names = office.rows(sa.select(org_unit.c.name, org_unit.c.path).order_by(org_unit.c.code))
    assert ("秋收社区", "/QX/QY/QY-09/") in [tuple(row) for row in names]
    assert ("第一网格", "/QX/QY/QY-03/QY-09-01/") in [tuple(row) for row in names]


def test_a_community_that_moves_takes_what_stands_below_along(office: Office) -> None:
    bring(office, 单位=UNITS)
    office.clock.set(EPOCH + timedelta(hours=1))
    street = "单位代码 | 单位名称 | 单位类型 | 上级单位代码\nQZ | 清泽街道 | 街道 | QX\n"
    bring(office, 单位=street + "QY-09 | 秋实社区 | 社区 | QZ")
    with office.product.engine.database.read() as connection:
        assert path_of(connection, "QY-09-02") == "/QX/QZ/QY-09/QY-09-02/"


def test_a_refused_row_is_told_with_its_line_and_stops_no_other(office: Office) -> None:
    units = UNITS + (
        "QY-10 | 孤儿社区 | 社区 | XX\n"
        "QY 11 | 坏代码 | 社区 | QY\n"
        "QY-12 | 王国 | 王国 | QY\n"
        "QY-03 | 春晖社区 | 街道 | QX\n"
        "QY-13 | 倒挂街道 | 街道 | QY-09\n"
        "QY | 清河街道 | 街道 | QY-09\n"
    )
    posts = POSTS + "1009 | 无名 | 网格员 | QY-09\n1001 | 安娜 | 国王 | QY-09\n"
    duty = DUTY + "QY-09 | 社区书记 | 1002 | 三月七日 | 2026-03-08 |\n"
    answer = bring(office, 单位=units, 人员=PEOPLE, 任职=posts, 值班=duty)
    assert answer["counts"] == {"new": 8, "refused": 9}
    assert sorted(refused(answer)) == [
        ("任职", 5, "person.unknown_code"),
        ("任职", 6, "membership.role"),
        ("值班", 3, "import.date"),
        ("单位", 7, "unit.unknown"),
        ("单位", 8, "unit.code"),
        ("单位", 9, "unit.kind"),
        ("单位", 10, "unit.exists"),
        ("单位", 11, "unit.place"),
        ("单位", 12, "unit.place"),
    ]


def test_two_rows_that_contradict_each_other_are_told(office: Office) -> None:
    answer = bring(office, 人员=PEOPLE + "1001 | 另一人 |\n")
    assert refused(answer) == [("人员", 4, "import.twice")]


def test_a_file_with_no_table_of_ours_is_refused(office: Office) -> None:
    with pytest.raises(Invalid) as said:
        bring(office, 菜单="早餐 | 午餐\n粥 | 面\n")
    assert said.value.code == "import.no_table"


def test_whoever_manages_a_part_does_not_import_the_whole(office: Office) -> None:
    admin = Actor(id=UUID(int=9), posts=(Post("admin", "QX"),))
    with pytest.raises(Forbidden):
        office.do(ImportOrganisation(tables={}), admin)


@pytest.mark.parametrize(
    "text",
    ["not toml [", "[kings]\nsheets = []", "[units]\nsheets = []", "[units.columns]\nx = []"],
)
def test_a_mapping_that_is_wrong_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(Invalid) as said:
        read_organisation_mapping(tmp_path / "m.toml")
    assert said.value.code == "mapping.wrong"
    assert isinstance(said.value.text, Text)


@pytest.mark.nightly
def test_a_large_district_comes_in_as_a_workbook(office: Office, tmp_path: Path) -> None:
    """29 streets, 259 communities, 1,813 grids: 6,784 rows in one transaction."""
    make = runpy.run_path(str(ROOT / "scripts" / "big_organisation.py"))
    rows = make["write"](tmp_path / "big.xlsx")
    found = tables_in(read_sheets(tmp_path / "big.xlsx"), read_organisation_mapping(MAPPING))
    tables = {kind: tuple(each) for kind, each in found.items()}
    answer = office.do(ImportOrganisation(tables=tables), IMPORTER)
    assert answer["counts"] == {"new": rows - 1, "unchanged": 1}  # the district is there already
    kinds = office.rows(sa.select(org_unit.c.kind, sa.func.count()).group_by(org_unit.c.kind))
    assert {row[0]: row[1] for row in kinds}["community"] == 259 + 1
