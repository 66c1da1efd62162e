"""A catalogue that is brought in answers for its standards, and only for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.decision import Table
from engine.errors import Invalid
from engine.ids import CountingIds
from engine.now import ManualClock
from processes.bootstrap import Product, prepare
from processes.catalogue import standards_in_force
from processes.catalogue.importing import import_catalogue
from processes.catalogue.mapping import CatalogueMapping, read_catalogue_mapping
from processes.settings import Settings
from tests.processes.catalogue.test_entries import HEADER, OFFICIAL, ROOT, ROWS


@pytest.fixture
def mapping() -> CatalogueMapping:
    return read_catalogue_mapping(ROOT / "mappings" / "catalogue_yuncheng.toml")


@pytest.fixture
def product(tmp_path: Path, clock: ManualClock, ids: CountingIds) -> Iterator[Product]:
    home = tmp_path / "home"
    settings = Settings(home=home, database=f"sqlite:///{home / 'shaodao.db'}")
    product = prepare(settings, clock=clock, ids=ids)
    clock.forward(hours=1)
    yield product
    product.close()


def table(product: Product, key: str) -> Table:
    with product.engine.database.read() as connection:
        return product.engine.library.table(connection, key, product.engine.clock.now())[1]


def limit(product: Product, standard: str | None, **case: Any) -> tuple[Any, str]:
    seen = {"category": "manhole", "urgency": "normal", "mode": "normal", **case}
    data = {"clock": "handle", "case": {**seen, "standard": standard}}
    value = table(product, "limits").decide(data).value
    return value["value"], value["unit"]


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return path


def test_standards_get_their_limits_by_filing_condition(
    product: Product, mapping: CatalogueMapping, tmp_path: Path
) -> None:
    before = limit(product, None)
    done = import_catalogue(
        product.engine, write(tmp_path / "norm.csv", *ROWS), mapping, dry_run=False
    )
    assert set(done.tables) == {"standards", "limits"}
    assert limit(product, "yuncheng_c01_01_1") == (2, "urgent_hour")
    assert limit(product, "yuncheng_c01_01_2") == (2, "work_day")
    assert limit(product, None) == before
    assert limit(product, "yuncheng_c01_01_2", urgency="danger") == (2, "urgent_hour")
    assert limit(product, "manhole_missing") == (2, "urgent_hour")
    with product.engine.database.read() as connection:
        now = product.engine.clock.now()
        known = {e.code: e for e in standards_in_force(connection, product.engine.library, now)}
    assert known["yuncheng_c01_01_1"].units == "供水公司、各产权单位"
    assert known["manhole_missing"].condition_en


def test_a_dry_run_changes_nothing(
    product: Product, mapping: CatalogueMapping, tmp_path: Path
) -> None:
    done = import_catalogue(
        product.engine, write(tmp_path / "norm.csv", *ROWS), mapping, dry_run=True
    )
    assert (done.report.rows, done.tables) == (3, ())
    assert "yuncheng_c01_01_1" not in table(product, "standards").inputs[0].listed


def test_importing_again_changes_what_the_file_changed(
    product: Product, mapping: CatalogueMapping, tmp_path: Path
) -> None:
    path = write(tmp_path / "norm.csv", *ROWS)
    import_catalogue(product.engine, path, mapping, dry_run=False)
    assert import_catalogue(product.engine, path, mapping, dry_run=False).tables == ()
    rows = len(table(product, "standards").rules)
    write(path, ROWS[0], ROWS[2].replace("4小时", "2小时"))
    product.engine.clock.forward(minutes=1)  # type: ignore[attr-defined]
    import_catalogue(product.engine, path, mapping, dry_run=False)
    assert len(table(product, "standards").rules) == rows - 1
    assert limit(product, "yuncheng_e04_03_1", category="arcade") == (2, "work_hour")


def test_half_a_catalogue_is_not_put_in_force(
    product: Product, mapping: CatalogueMapping, tmp_path: Path
) -> None:
    path = write(tmp_path / "norm.csv", *ROWS, ROWS[0].replace("部件", "设施"))
    with pytest.raises(Invalid) as refusal:
        import_catalogue(product.engine, path, mapping, dry_run=False)
    assert refusal.value.code == "catalogue.rows_refused"
    assert "第 5 行" in str(refusal.value)


def test_every_row_of_the_official_norm_gets_its_limit(
    product: Product, mapping: CatalogueMapping
) -> None:
    if not OFFICIAL.exists():
        pytest.skip("the official catalogue is not beside this checkout")
    import_catalogue(product.engine, OFFICIAL, mapping, dry_run=False)
    limits = table(product, "limits")
    with product.engine.database.read() as connection:
        now = product.engine.clock.now()
        standards = standards_in_force(connection, product.engine.library, now)
    ours = [each for each in standards if each.code.startswith("yuncheng_")]
    assert len(ours) == 519
    for each in ours:
        case = {"category": each.category, "standard": each.code, "urgency": "normal"}
        said = limits.decide({"clock": "handle", "case": {**case, "mode": "normal"}}).value
        assert said["source"] == mapping.source, each.code
