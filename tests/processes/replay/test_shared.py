"""Real records: a sample of them in every run, all of them at night."""

from __future__ import annotations

from pathlib import Path

import pytest

from processes.bootstrap import open_product
from processes.replay.result import Result
from processes.replay.run import Source, replayed
from processes.settings import Settings
from tests.balance import assert_balanced

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no records in {DATA}")


def replay(name: str, mapping: str, *, home: Path, url: str, share: float) -> Result:
    source = Source.read(DATA / name, ROOT / "mappings" / mapping, share=share)
    settings = Settings(home=home, database=url)
    result = replayed(settings, source)
    product = open_product(settings)
    assert assert_balanced(product, closed=True) == result.sum().closed
    product.close()
    return result


@pytest.mark.parametrize("share", [0.0005, pytest.param(1.0, marks=pytest.mark.nightly)])
def test_boston_agrees_wherever_its_instants_decide(
    tmp_path: Path, sqlite_url: str, share: float
) -> None:
    result = replay(
        "boston311_2013_2019.csv.gz", "boston311.toml", home=tmp_path, url=sqlite_url, share=share
    )
    total = result.sum()
    assert total.disagree == 0
    assert total.agree == total.on_time + total.overdue > 0
    assert total.cases == total.agree + len(result.undetermined)
    assert {fate.reason.code for fate in result.undetermined if fate.reason} == {
        "replay.no_due_time",
        "replay.still_running",
    }
    if share == 1.0:
        assert (total.cases, total.agree, total.overdue) == (46_638, 24_497, 1_056)
        assert result.clamped == 10


@pytest.mark.parametrize("share", [0.015, pytest.param(1.0, marks=pytest.mark.nightly)])
def test_tainan_is_closed_when_its_history_first_says_so(
    tmp_path: Path, sqlite_url: str, share: float
) -> None:
    result = replay(
        "tainan1999_2015.csv.gz", "tainan1999.toml", home=tmp_path, url=sqlite_url, share=share
    )
    total = result.sum()
    assert total.cases == total.on_time + total.overdue + len(result.undetermined)
    assert (total.agree, total.disagree) == (0, 0)  # the source gives no verdict
    if share == 1.0:
        assert (total.cases, total.closed, total.on_time, total.overdue) == (1_405, 349, 302, 837)
