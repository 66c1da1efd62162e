"""Whom an imported catalogue's matters go to: several units, the street, whoever owns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from engine.actor import SYSTEM
from engine.decision import Table, read_dmn
from engine.run.commands import DeployTables
from processes.bootstrap import Product
from processes.catalogue.dispatch import candidates_of
from processes.catalogue.importing import Imported, import_catalogue
from processes.catalogue.mapping import CatalogueMapping, DispatchMapping
from processes.organisation import AddUnit
from tests.processes.catalogue.test_entries import OFFICIAL
from tests.processes.catalogue.test_importing import mapping, product, table, write

__all__ = ["mapping", "product"]

WORDS = DispatchMapping({"供水公司": "SW"}, ("所属", "属地"), ("各产权",))
KNOWN = {"SW": "SW", "水务局": "SW", "市政处": "SZ", "SZ": "SZ"}


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (["供水公司"], [('"SW"', "lead")]),
        (["水务局"], [('"SW"', "lead")]),
        (["供水公司", "市政处"], [('"SW"', "owner_unknown"), ('"SZ"', "owner_unknown")]),
        (["市政处", "各产权单位"], [('"SZ"', "owner_unknown")]),
        (["属地街道", "市政处"], [("case.street", "territorial"), ('"SZ"', "assist")]),
        (["各产权单位"], [("", "owner_unknown")]),
        (["某公司"], [("", "owner_unknown")]),
        (["某公司", "市政处"], [('"SZ"', "owner_unknown")]),
        (["市政处 水务局"], [('"SZ"', "owner_unknown"), ('"SW"', "owner_unknown")]),
    ],
)
def test_words_become_candidates_with_their_kinds(
    words: Sequence[str], rows: Sequence[tuple[str, str]]
) -> None:
    found = candidates_of(words, WORDS, KNOWN)
    assert list(found.rows) == rows
    assert found.unknown == (("某公司",) if "某公司" in words else ())


@pytest.fixture
def district(product: Product) -> Product:
    """Add the units that half of the catalogue's words mean."""
    product.engine.execute(AddUnit(code="QX", name="清河区", kind="district", parent=None), SYSTEM)
    for code, name in (("SZ", "市政"), ("YL", "园林"), ("SW", "水务"), ("CG", "城管")):
        unit = AddUnit(code=code, name=name, kind="department", parent="QX")
        product.engine.execute(unit, SYSTEM)
    return product


def asked(dispatch: Table, category: str, standard: str | None) -> list[tuple[str | None, str]]:
    case = {"category": category, "standard": standard, "street": "QY", "mode": "normal"}
    said = dispatch.decide({"case": {**case, "area": "QY"}}).value
    return [(row["unit"], row["kind"]) for row in said]


def put_in_force(product: Product, done: Imported) -> Table:
    answer = product.engine.execute(DeployTables(files=done.drafts), SYSTEM)
    assert answer["tables"] == ["dispatch"]
    return table(product, "dispatch")


def test_it_is_a_draft_until_somebody_deploys_it(
    district: Product, mapping: CatalogueMapping, tmp_path: Path
) -> None:
    path = write(
        tmp_path / "norm.csv",
        "部件,1,公用设施,1,上水井盖,缺失,盖好,2天,运城市排水服务中心、水务部门",
        "事件,4,街面秩序,3,占道经营,摆摊,劝离,4小时,属地街道、市容秩序科",
    )
    before = asked(table(district, "dispatch"), "manhole", "yuncheng_c01_01_1")
    done = import_catalogue(district.engine, path, mapping, dry_run=False)
    assert done.tables == ("limits", "standards")
    assert asked(table(district, "dispatch"), "manhole", "yuncheng_c01_01_1") == before
    drafted = put_in_force(district, done)
    assert asked(drafted, "manhole", "yuncheng_c01_01_1") == [("SW", "lead")]
    assert asked(drafted, "arcade", "yuncheng_e04_03_1") == [
        ("QY", "territorial"),
        ("CG", "assist"),
    ]


def test_what_was_there_goes_where_it_went(
    district: Product, mapping: CatalogueMapping, tmp_path: Path
) -> None:
    before = table(district, "dispatch")
    (standards,) = read_dmn((district.shipped.folder / "tables" / "standards.dmn").read_bytes())
    pairs: Mapping[str | None, str] = {
        str(rule.inputs[0].values[0]): str(rule.outputs[0].value({}))
        for rule in standards.rules
        if rule.inputs[0].values and rule.outputs[0]
    }
    row = "部件,1,公用设施,1,上水井盖,缺失,盖好,2天,某公司"
    done = import_catalogue(
        district.engine, write(tmp_path / "norm.csv", row), mapping, dry_run=False
    )
    after = put_in_force(district, done)
    for standard, category in pairs.items():
        assert asked(after, category, standard) == asked(before, category, standard), standard
    assert asked(after, "manhole", None) == asked(before, "manhole", None)
    assert asked(after, "manhole", "yuncheng_c01_01_1") == [(None, "owner_unknown")]
    again = import_catalogue(
        district.engine, write(tmp_path / "norm.csv", row), mapping, dry_run=True
    )
    assert again.drafts == done.drafts


def test_a_row_that_people_wrote_for_a_standard_stands(
    district: Product, mapping: CatalogueMapping, tmp_path: Path
) -> None:
    row = "部件,1,公用设施,1,上水井盖,缺失,盖好,2天,运城市排水服务中心"
    path = write(tmp_path / "norm.csv", row)
    done = import_catalogue(district.engine, path, mapping, dry_run=False)
    by_hand = done.drafts["dispatch.dmn"].replace(b"catalogue:yuncheng", b"")
    district.engine.execute(DeployTables(files={"dispatch.dmn": by_hand}), SYSTEM)
    again = import_catalogue(district.engine, path, mapping, dry_run=True)
    assert b"catalogue:yuncheng" not in again.drafts["dispatch.dmn"]


def test_every_sub_class_of_the_official_norm_has_an_answer(
    district: Product, mapping: CatalogueMapping
) -> None:
    if not OFFICIAL.exists():
        pytest.skip("the official catalogue is not beside this checkout")
    done = import_catalogue(district.engine, OFFICIAL, mapping, dry_run=False)
    assert done.unknown["运城市市容环卫中心"] > 100
    assert "运城市园林绿化服务中心" not in done.unknown
    dispatch, standards = put_in_force(district, done), table(district, "standards")
    answered: dict[str, set[str]] = {}
    for rule in standards.rules:
        (code,) = rule.inputs[0].values or ("",)
        if not code.startswith("yuncheng_"):
            continue
        assert rule.outputs[0] is not None
        found = asked(dispatch, str(rule.outputs[0].value({})), code)
        kinds = [kind for _unit, kind in found]
        assert kinds == ["lead"] or {"territorial", "owner_unknown"} & set(kinds), code
        answered.setdefault(code.rpartition("_")[0], set()).update(kinds)
    assert len(answered) == 190
