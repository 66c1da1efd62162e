"""Real records, replayed by the chain that is shipped: its own rules give its own verdicts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.db.connect import Database
from engine.run.library import Library
from processes.replay.run import Source, replayed
from processes.settings import Settings
from processes.shipped import Shipped
from processes.whatif.draft import Draft, read_limits
from processes.whatif.past import Period
from processes.whatif.run import what_if
from processes.whatif.structural import replay_on

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no records in {DATA}")
def test_a_replayed_sample_is_judged_as_it_was(tmp_path: Path, sqlite_url: str) -> None:
    mapping = ROOT / "mappings" / "tainan1999.toml"
    source = Source.read(DATA / "tainan1999_2015.csv.gz", mapping, share=0.02)
    replayed(Settings(home=tmp_path, database=sqlite_url), source)
    shipped = Shipped.find()
    limits = (shipped.folder / "tables" / "limits.dmn").read_bytes()
    drawing = {"draft.bpmn": (shipped.folder / "whistle" / "whistle.bpmn").read_bytes()}
    database = Database(sqlite_url)
    with database.read() as connection:
        period = Period(date(2014, 1, 1), date(2017, 1, 1))
        found = what_if(connection, Draft(read_limits(limits)), period, library=Library())
        draft = Draft(drawing=drawing)
        played = replay_on(connection, draft, period, library=Library(), shipped=shipped)
    database.close()
    assert (played.diverging, played.only_then, played.only_now) == ([], {}, {})
    assert played.result.figures() == found.figures()
    figures = found.figures()
    assert figures["clocks"] > 0
    assert (figures["to_late"], figures["to_time"]) == (0, 0)
    assert set(found.left_out) <= {"whatif.promised"}
