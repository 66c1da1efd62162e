"""What an office's catalogue says, row by row, and what is told about it."""

from __future__ import annotations

from pathlib import Path

import openpyxl  # noqa: TID251 - writes what the one reader reads
import pytest

from engine.errors import Invalid
from engine.sla.limit import Unit
from processes.catalogue.entries import Reading, limit_of, read_entries
from processes.catalogue.mapping import CatalogueMapping, read_catalogue_mapping
from processes.catalogue.report import lines, report_of
from processes.sheets import read_sheets

ROOT = Path(__file__).parents[3]
OFFICIAL = ROOT.parent / "shared" / "data" / "yuncheng_cityguard_standards.csv.gz"
HEADER = (
    "kind,main_code,main_name,sub_code,sub_name,filing_condition,closing_condition,"
    "time_limit,dispose_unit"
)
ROWS = (
    "部件,1,公用设施,1,上水井盖,井盖缺失,盖好,2紧急工作时,供水公司、各产权单位",
    ",,,,,井盖作响,修好,2天,",
    "事件,04,街面秩序,3,占道经营,摆摊,劝离,4小时,属地街道",
)


@pytest.fixture(scope="module")
def mapping() -> CatalogueMapping:
    return read_catalogue_mapping(ROOT / "mappings" / "catalogue_yuncheng.toml")


def read(path: Path, mapping: CatalogueMapping, *rows: str) -> Reading:
    path.write_text("\n".join(rows), encoding="utf-8")
    return read_entries(read_sheets(path), mapping)


def test_rows_become_numbered_conditions(tmp_path: Path, mapping: CatalogueMapping) -> None:
    reading = read(tmp_path / "norm.csv", mapping, HEADER, *ROWS)
    first, second, third = reading.entries
    assert [each.code for each in reading.entries] == [
        "yuncheng_c01_01_1",
        "yuncheng_c01_01_2",
        "yuncheng_e04_03_1",
    ]
    assert (first.category, first.value, first.unit) == ("manhole", 2, Unit.URGENT_HOUR)
    assert (second.name, second.value, second.unit) == ("上水井盖", 2, Unit.WORK_DAY)
    assert second.units == ("供水公司", "各产权单位")  # merged cells mean what stands above
    assert (third.kind, third.unit) == ("event", Unit.WORK_HOUR)


def test_a_workbook_reads_like_a_csv(tmp_path: Path, mapping: CatalogueMapping) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["立案、处置和结案标准"])
    for row in (HEADER, *ROWS):
        page.append(row.split(","))
    book.save(tmp_path / "norm.xlsx")
    again = read_entries(read_sheets(tmp_path / "norm.xlsx"), mapping)
    plain = read(tmp_path / "norm.csv", mapping, HEADER, *ROWS)
    assert [each.code for each in again.entries] == [each.code for each in plain.entries]
    assert again.headers == [2]


def test_a_second_header_row_is_passed_over_and_told(
    tmp_path: Path, mapping: CatalogueMapping
) -> None:
    reading = read(tmp_path / "norm.csv", mapping, HEADER, ROWS[0], HEADER, ROWS[2])
    assert len(reading.entries) == 2
    assert "第 3 行是又一个表头，已略过。" in map(str, lines(report_of(reading)))


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("5天", (5, Unit.WORK_DAY, "")),
        ("5 个天", (5, Unit.WORK_DAY, "")),
        ("2紧急工作日", (2, Unit.URGENT_DAY, "")),
        ("1紧急工作时制止", (1, Unit.URGENT_HOUR, "1紧急工作时制止")),
        ("种植季节15天", (15, Unit.WORK_DAY, "种植季节15天")),
        ("2小时围护，5天修复", (None, None, "2小时围护，5天修复")),
        ("按计划", (None, None, "按计划")),
    ],
)
def test_a_limit_keeps_the_words_around_its_figure(
    written: str, read_as: tuple[int | None, Unit | None, str], mapping: CatalogueMapping
) -> None:
    assert limit_of(written, mapping) == read_as


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("设施,1,公用设施,1,上水井盖,缺失,盖好,2天,某单位", "catalogue.kind_unknown"),
        ("部件,1,某大类,1,某小类,缺失,盖好,2天,某单位", "catalogue.category_unknown"),
        ("部件,甲,公用设施,1,上水井盖,缺失,盖好,2天,某单位", "catalogue.code"),
        ("部件,1,公用设施,1,上水井盖,,盖好,2天,某单位", "catalogue.field_empty"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told(
    row: str, code: str, tmp_path: Path, mapping: CatalogueMapping
) -> None:
    reading = read(tmp_path / "norm.csv", mapping, HEADER, row, ROWS[0])
    assert [(each.line, each.reason.code) for each in reading.refused] == [(2, code)]
    assert len(reading.entries) == 1


def test_rows_that_contradict_each_other_are_told(
    tmp_path: Path, mapping: CatalogueMapping
) -> None:
    other = "部件,1,公用设施,1,上水井盖,井盖，缺失,盖好,4小时,供水公司"
    report = report_of(read(tmp_path / "norm.csv", mapping, HEADER, ROWS[0], other))
    assert [(p.first.line, p.second.line) for p in report.contradictions] == [(2, 3)]


def test_a_file_without_the_columns_is_refused(tmp_path: Path, mapping: CatalogueMapping) -> None:
    with pytest.raises(Invalid) as refusal:
        read(tmp_path / "norm.csv", mapping, "a,b", "1,2")
    assert refusal.value.code == "import.columns_missing"


def test_the_whole_official_norm_is_read(mapping: CatalogueMapping) -> None:
    if not OFFICIAL.exists():
        pytest.skip("the official catalogue is not beside this checkout")
    reading = read_entries(read_sheets(OFFICIAL), mapping)
    report = report_of(reading)
    assert (report.rows, report.sub_classes, report.refused) == (519, 190, ())
    assert report.by_unit == {
        "work_day": 412,
        "work_hour": 61,
        "urgent_hour": 42,
        "urgent_day": 4,
    }
    assert (report.several_limits, report.several_units) == (104, 473)
    assert len(report.prose) == 1
    assert len(report.seasonal) == 9
    assert len({each.code for each in reading.entries}) == 519


def test_a_mapping_with_a_slip_is_refused(tmp_path: Path) -> None:
    whole = (ROOT / "mappings" / "catalogue_yuncheng.toml").read_text(encoding="utf-8")
    for wrong in (
        whole.replace('"work_day"', '"fortnight"'),
        whole.replace('limit = "time_limit"', ""),
        whole.replace('"event"', '"happening"'),
        "name = ",
    ):
        path = tmp_path / "mapping.toml"
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(Invalid) as refusal:
            read_catalogue_mapping(path)
        assert refusal.value.code == "mapping.wrong"
