"""A thin chain to tell stories with: a community handles or whistles, departments answer."""

from __future__ import annotations

from pathlib import Path

from processes.shipped import Shipped
from tests.engine.run.draw import (
    boundary,
    call,
    end,
    exclusive,
    flows,
    process,
    service,
    start,
    sub,
    user,
)

LABELS = """
[categories]
streetlight = {zh = "路灯故障", en = "Street light"}
litter = {zh = "垃圾", en = "Litter"}
"""

OUTCOMES = "".join(
    f'{code} = {{zh = "{code}"}}\n' for code in ("handle", "whistle", "done", "answer", "pass")
)

CASE = process(
    "whistle",
    start("reported"),
    user(
        "community_review",
        "handle whistle",
        unit="case.community",
        status="community_review",
    ),
    exclusive("way", default="way_community_handle"),
    user("community_handle", "done", unit="case.community", status="handling"),
    call(
        "departments",
        "department",
        many=True,
        collection='[{"unit": "SZ", "kind": "lead"}, {"unit": "CG", "kind": "assist"}]',
        **{"in": "unit = item.unit; kind = item.kind"},
    ),
    exclusive("merge"),
    user("check", "pass", unit="case.grid", status="checking"),
    end("closed"),
    flows(
        "reported > community_review",
        "community_review > way",
        "way > community_handle",
        'way > departments : community_review.outcome == "whistle"',
        "community_handle > merge",
        "departments > merge",
        "merge > check",
        "check > closed",
    ),
    lanes={
        "community_secretary": "reported community_review way community_handle departments",
        "grid_worker": "merge check closed",
    },
)

PART = process(
    "department",
    start(),
    user("answer", "answer", unit="unit", status="awaiting_answer"),
    boundary("late", "answer", "PT4H"),
    service("second", "whistle_round", param__round="2", param__role='"dept_leader"'),
    user("answer_second", "answer", unit="unit", status="awaiting_answer"),
    exclusive("merge"),
    sub(
        "handling",
        start("open"),
        user("handle", "done", unit="unit"),
        end("shut"),
        flows("open > handle", "handle > shut"),
        status="handling",
    ),
    end(),
    flows(
        "begin > answer",
        "answer > merge",
        "late > second",
        "second > answer_second",
        "answer_second > merge",
        "merge > handling",
        "handling > finish",
    ),
    lanes={
        "dept": "begin answer late merge handling open handle shut finish",
        "dept_leader": "second answer_second",
    },
)


def thin_chain(folder: Path) -> Shipped:
    """Write the chain into a folder as it would be shipped."""
    home = folder / "whistle"
    (folder / "tables").mkdir(parents=True)
    home.mkdir()
    (folder / "labels.toml").write_text(LABELS, encoding="utf-8")
    (home / "labels.toml").write_text(f"[outcomes]\n{OUTCOMES}", encoding="utf-8")
    (home / "whistle.bpmn").write_text(CASE, encoding="utf-8")
    (home / "department.bpmn").write_text(PART, encoding="utf-8")
    return Shipped(folder)
