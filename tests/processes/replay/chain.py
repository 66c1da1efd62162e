"""A small chain to replay on: a community handles, or a department does before it takes over."""

from __future__ import annotations

from pathlib import Path

from processes.shipped import Shipped
from tests.engine.run.draw import boundary, call, end, exclusive, flows, process, start, user
from tests.engine.run.world import LIMITS

LABELS = '[categories]\nlitter = {zh = "垃圾", en = "Litter"}\n'
OUTCOMES = "[outcomes]\n" + "".join(
    f'{code} = {{zh = "{code}"}}\n' for code in ("handle", "whistle", "done", "pass", "rework")
)
CASE = process(
    "whistle",
    start("reported"),
    user("community_review", "handle whistle", unit="case.community"),
    exclusive("way", default="way_handle_again"),
    exclusive("handle_again"),
    user("community_handle", "done", unit="case.community"),
    call("departments", "department", **{"in": 'unit = "PW"'}),
    boundary("too_long", "departments", "PT48H"),
    exclusive("merge"),
    user("check", "pass rework", unit="case.community"),
    exclusive("checked", default="checked_closed"),
    end("closed"),
    flows(
        "reported > community_review",
        "community_review > way",
        "way > handle_again",
        'way > departments : community_review.outcome == "whistle"',
        "too_long > handle_again",
        "handle_again > community_handle",
        "community_handle > merge",
        "departments > merge",
        "merge > check",
        "check > checked",
        "checked > closed",
        'checked > handle_again : check.outcome == "rework"',
    ),
    lanes={
        "community_secretary": "reported community_review way handle_again community_handle "
        "departments too_long merge check checked closed"
    },
    sla="case",
)
PART = process(
    "department",
    start(),
    user("handle", "done", unit="unit"),
    end(),
    flows("begin > handle", "handle > finish"),
    lanes={"dept": "begin handle finish"},
)


def replay_chain(folder: Path) -> Shipped:
    """Write the chain into a folder as it would be shipped."""
    home = folder / "whistle"
    home.mkdir(parents=True)
    (folder / "tables").mkdir()
    (folder / "tables" / "limits.dmn").write_text(LIMITS, encoding="utf-8")
    (folder / "labels.toml").write_text(LABELS, encoding="utf-8")
    (home / "labels.toml").write_text(OUTCOMES, encoding="utf-8")
    (home / "whistle.bpmn").write_text(CASE, encoding="utf-8")
    (home / "department.bpmn").write_text(PART, encoding="utf-8")
    return Shipped(folder)
