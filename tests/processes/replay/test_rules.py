"""The section [replay] of a mapping is checked whole, before the first row is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import Invalid
from processes.mapping import read_mapping
from processes.replay.rules import ReplayRules, read_rules
from processes.replay.tale import Act, Teller
from tests.processes.replay.conftest import MAPPING

TIMED = MAPPING.replace("{road}", "handle").replace("{handler}", "community_handle")
HISTORY = '[replay.history]\nfile = "h.csv"\nkey = "no"\n'
SEEN = """
[[replay.acts]]
element = "check"
history = true
column = "seen"
where = {status = "done"}
data = {reason = {column = "text"}, units = [{unit = {column = "department"}, kind = "lead"}]}
"""
ROW = {
    "no": "1",
    "department": "PW",
    "area": "东区",
    "opened": "2015-03-02 08:00",
    "target": "2015-03-03 08:00",
    "closed": "",
    "verdict": "OVERDUE",
    "text": "垃圾",
}


def read(folder: Path, text: str) -> tuple[Teller, ReplayRules]:
    path = folder / "m.toml"
    path.write_text(text, encoding="utf-8")
    mapping = read_mapping(path)
    rules = read_rules(path, mapping)
    return Teller(mapping, rules), rules


def test_acts_take_their_instants_and_data_from_row_and_history(tmp_path: Path) -> None:
    teller, rules = read(tmp_path, TIMED + HISTORY + SEEN)
    history = [
        {"no": "1", "status": "open", "seen": "2015-03-02 09:00"},
        {"no": "1", "status": "done", "seen": "2015-03-02 10:00"},
        {"no": "1", "status": "done", "seen": "2015-03-02 11:00"},
    ]
    tale = teller.tale(ROW, history)
    assert tale.acts["community_review"] == (Act(outcome="handle", data={}),)
    assert tale.acts["community_handle"] == (Act(outcome="", data={}, never=True),)
    (seen,) = tale.acts["check"]
    assert seen.at
    assert seen.at.isoformat() == "2015-03-02T10:00:00+08:00"
    assert seen.data == {"reason": "垃圾", "units": [{"unit": "PW", "kind": "lead"}]}
    assert tale.recorded == "overdue"
    assert rules.columns() == {"department", "target", "closed", "verdict", "text"}
    assert rules.history_columns() == {"no", "seen", "status"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TIMED.partition("[replay]")[0], "mapping.no_replay"),
        (TIMED.replace('clock = "case"', 'klock = "case"'), "mapping.wrong"),
        (TIMED.replace('rule = "fixed"', 'rule = "guessed"'), "mapping.wrong"),
        (TIMED.replace('rule = "fixed"\n', ""), "mapping.wrong"),
        (TIMED.replace('column = "closed"', 'kolumn = "closed"'), "mapping.wrong"),
        (TIMED.replace("[[replay.acts]]", "[replay.acts]", 1), "mapping.wrong"),
        (TIMED.replace('reported_at = {column = "opened"}\n', ""), "mapping.wrong"),
        (TIMED.replace("[replay]", '[replay]\nuntil = "yesterday"'), "import.date"),
        (TIMED + SEEN, "mapping.wrong"),
        (TIMED + SEEN.replace("history = true\n", ""), "mapping.wrong"),
        (TIMED.replace('column = "target"', 'column = "target"\nhistory = true'), "mapping.wrong"),
        (
            TIMED.replace(
                'group = {column = "department"}',
                'group = {column = "department", values = "none"}',
            ),
            "mapping.wrong",
        ),
    ],
)
def test_what_is_wrong_with_the_section_is_said_before_the_first_row(
    tmp_path: Path, text: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(tmp_path, text)
    assert refused.value.code == code
