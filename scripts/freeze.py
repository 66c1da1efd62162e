"""Freeze cases in the middle of everything as this release stores them, for all later releases.

    .venv/bin/python -m scripts.freeze tests/frozen/0.1.0

writes `cases.db.gz`, a whole SQLite database: definition, states, rows and trail as bytes. Run once
for each release, and for each change of what is stored; what was written is never written again.
tests/frozen/test_frozen.py brings every one of them to its end.
"""

from __future__ import annotations

import gzip
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from engine.db.connect import Database
from engine.db.migrate import upgrade
from engine.errors import Broken
from engine.i18n import _
from engine.ids import CountingIds
from engine.now import ManualClock
from tests.engine.run import draw
from tests.engine.run.world import World

BEGUN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WAYS = "review parts work pay later tell"
LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'

CASE = draw.declare(
    draw.process(
        "frozen",
        draw.start(),
        draw.parallel("split"),
        draw.user("review", unit='"SZ"'),
        draw.boundary("remind", "review", "R/PT1H", interrupting=False, kind="timeCycle"),
        draw.end("reminded"),
        draw.call(
            "parts",
            "part",
            many=True,
            collection='[{"unit": "SZ"}, {"unit": "CG"}, {"unit": "SW"}]',
            **{"in": "unit = item.unit", "out": "said = answer.outcome"},
        ),
        draw.sub(
            "work",
            draw.start("open"),
            draw.user("handle", unit='"CG"', sla="answer"),
            draw.end("shut"),
            draw.flows("open > handle", "handle > shut"),
        ),
        draw.node("intermediateCatchEvent", "pay", draw.event("message", "paid")),
        draw.catch("later", "P2D"),
        draw.service("tell", "tell"),
        draw.parallel("join"),
        draw.user("check", unit='"SZ"'),
        draw.end(),
        draw.flows(
            "begin > split",
            *(f"split > {way}" for way in WAYS.split()),
            *(f"{way} > join" for way in WAYS.split()),
            "remind > reminded",
            "join > check",
            "check > finish",
        ),
        lanes={
            "dept": f"begin split {WAYS} remind reminded open handle shut join check finish",
        },
        sla="case",
    ),
    message="paid",
)
PART = draw.process(
    "part",
    draw.start(),
    draw.user("answer", unit="unit", sla="answer"),
    draw.end(),
    draw.flows("begin > answer", "answer > finish"),
    lanes={"dept": "begin answer finish"},
)


def out_of_order(*_operating: Any, **_said: Any) -> NoReturn:
    """Fail, so that a stopped token is frozen too."""
    raise Broken("post.down", _("短信通道没有响应。"))


def freeze(folder: Path) -> None:
    """Start two cases, bring one of them half way, and keep the database."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "cases.db.gz"
    if target.exists():
        raise SystemExit(f"{target} is frozen already")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "cases.db"
        fill(f"sqlite:///{path}", {"tell": out_of_order})
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        connection.close()
        with gzip.GzipFile(target, "wb", mtime=0) as kept:
            kept.write(path.read_bytes())


def fill(url: str, operations: Mapping[str, Any]) -> None:
    """Make the cases that are frozen."""
    upgrade(url)
    database = Database(url)
    world = World(database, ManualClock(BEGUN), CountingIds(), operations=operations)
    world.deploy("frozen", frozen__bpmn=CASE, part__bpmn=PART, labels__toml=LABELS)
    world.start("frozen")
    half = world.start("frozen")
    for part in world.children(half)[:1]:
        world.complete("answer", instance_id=part.id)
    world.complete("handle", instance_id=half)
    world.clock.forward(hours=2, minutes=30)
    world.worker.drain()
    database.close()


if __name__ == "__main__":
    freeze(Path(sys.argv[1]))
