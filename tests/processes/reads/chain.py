"""A chain with everything that pages show: clocks, forms, words, a second whistle, parts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from processes.shipped import Shipped
from tests.engine.run.draw import (
    boundary,
    call,
    end,
    exclusive,
    flows,
    process,
    rule,
    service,
    start,
    sub,
    user,
)

CLOCKS = {
    "case": (3, "natural_day"),
    "community_review": (2, "urgent_hour"),
    "answer": (4, "urgent_hour"),
    "handle": (1, "natural_day"),
}

SHARED = """
[roles]
community_secretary = {zh = "社区书记", en = "Community secretary"}
dispatcher = {zh = "派遣员", en = "Dispatcher"}
dept = {zh = "部门联络员", en = "Department liaison"}
dept_leader = {zh = "部门分管领导", en = "Department leader"}
grid_worker = {zh = "网格员", en = "Grid worker"}
[statuses]
community_review = {zh = "社区研判", en = "Community review"}
routing = {zh = "待分哨", en = "To be routed"}
awaiting_answer = {zh = "待应哨", en = "Awaiting answer"}
handling = {zh = "办理中", en = "Being handled"}
checking = {zh = "待核查", en = "To be checked"}
closed = {zh = "已结案", en = "Closed"}
[categories]
streetlight = {zh = "路灯故障", en = "Street light"}
litter = {zh = "垃圾", en = "Litter"}
[kinds]
lead = {zh = "主办", en = "Lead"}
assist = {zh = "协办", en = "Assisting"}
[sources]
patrol = {zh = "网格巡查", en = "Grid patrol"}
"""

OWN = """
[outcomes]
handle = {zh = "社区自行办理", en = "Handle it here"}
whistle = {zh = "申请吹哨", en = "Blow the whistle"}
route = {zh = "派出", en = "Send"}
answer = {zh = "应哨", en = "Answer"}
done = {zh = "办理完毕", en = "Done"}
rework = {zh = "返工", en = "Rework"}
pass = {zh = "核查通过", en = "Pass"}
[elements]
whistle = {zh = "吹哨报到", en = "Whistle and report in"}
department = {zh = "部门报到", en = "Department reports in"}
community_review = {zh = "研判", en = "Review"}
find_units = {zh = "判定单位", en = "Find the units"}
routing = {zh = "分哨", en = "Route"}
answer = {zh = "应哨", en = "Answer the whistle"}
answer_second = {zh = "二次应哨", en = "Answer the second whistle"}
late = {zh = "应哨到期", en = "Answer is due"}
second = {zh = "二次吹哨", en = "Second whistle"}
handle = {zh = "办理并反馈", en = "Handle and report"}
check = {zh = "现场核查", en = "Check on site"}
[clocks]
case = {zh = "全程时限", en = "Whole case"}
community_review = {zh = "研判时限", en = "Time to review"}
answer = {zh = "应哨时限", en = "Time to answer"}
handle = {zh = "办理时限", en = "Time to handle"}
"""

CASE = process(
    "whistle",
    start("reported"),
    user(
        "community_review",
        "whistle handle",
        unit="case.community",
        status="community_review",
        sla="community_review",
    ),
    exclusive("way", default="way_community_handle"),
    user("community_handle", "done", unit="case.community", status="handling"),
    rule("find_units", "who_comes"),
    exclusive("again"),
    user("routing", "route", unit="case.street", status="routing", form="routing"),
    call(
        "departments",
        "department",
        many=True,
        collection="routing.units",
        **{"in": "unit = item.unit; kind = item.kind"},
    ),
    exclusive("merge"),
    user("check", "pass rework", unit="case.grid", status="checking"),
    exclusive("checked", default="checked_closed"),
    end("closed"),
    flows(
        "reported > community_review",
        "community_review > way",
        "way > community_handle",
        'way > find_units : community_review.outcome == "whistle"',
        "find_units > again",
        "again > routing",
        "routing > departments",
        "community_handle > merge",
        "departments > merge",
        "merge > check",
        "check > checked",
        "checked > closed",
        'checked > again : check.outcome == "rework"',
    ),
    lanes={
        "community_secretary": "community_review way community_handle",
        "dispatcher": "find_units again routing departments",
        "grid_worker": "reported merge check checked closed",
    },
    sla="case",
)

PART = process(
    "department",
    start(),
    user("answer", "answer", unit="unit", status="awaiting_answer", sla="answer", form="answer"),
    boundary("late", "answer", 'due("answer")'),
    service("second", "whistle_round", param__round="2", param__role='"dept_leader"'),
    user("answer_second", "answer", unit="unit", status="awaiting_answer"),
    exclusive("merge"),
    sub(
        "handling",
        start("open"),
        user("handle", "done", unit="unit", form="result"),
        end("shut"),
        flows("open > handle", "handle > shut"),
        status="handling",
        sla="handle",
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

FORMS = {
    "routing": [
        {
            "name": "units",
            "type": "units",
            "label": {"zh": "单位", "en": "Units"},
            "required": True,
            "default": '[{"unit": find_units.lead, "kind": "lead"},'
            ' {"unit": find_units.assist, "kind": "assist"}]',
        }
    ],
    "answer": [
        {
            "name": "leader",
            "type": "text",
            "label": {"zh": "带队人", "en": "Led by"},
            "required": True,
        },
        {"name": "eta", "type": "datetime", "label": {"zh": "预计到场", "en": "Expected"}},
    ],
    "result": [
        {
            "name": "solved",
            "type": "choice",
            "label": {"zh": "是否解决", "en": "Solved"},
            "choices": [
                {"code": "yes", "zh": "已解决", "en": "Yes"},
                {"code": "no", "zh": "未解决", "en": "No"},
            ],
        },
        {"name": "result", "type": "textarea", "label": {"zh": "办理情况", "en": "Result"}},
    ],
}


def table(key: str, asks: str, names: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    """Return a decision table as DMN: what it asks, the names it answers with, a row a value."""
    drawn = "".join(
        f'<rule id="{value}"><inputEntry id="in_{value}"><text>"{value}"</text></inputEntry>'
        + "".join(
            f'<outputEntry id="{name}_{value}"><text>{cell}</text></outputEntry>'
            for name, cell in zip(names, cells, strict=True)
        )
        + "</rule>"
        for value, cells in rows.items()
    )
    outputs = "".join(f'<output id="out_{name}" name="{name}" />' for name in names)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t"'
        f' namespace="urn:t"><decision id="{key}" name="{key}">'
        '<decisionTable id="table" hitPolicy="FIRST"><input id="asks" label="asks">'
        f'<inputExpression id="e"><text>{asks}</text></inputExpression></input>'
        f"{outputs}{drawn}</decisionTable></decision></definitions>"
    )


LIMITS = table(
    "limits",
    "clock",
    ("value", "unit", "counting", "warn", "source"),
    {
        code: (str(value), f'"{unit}"', '"rolling"', "0.75", '"house rule"')
        for code, (value, unit) in CLOCKS.items()
    },
)
WHO_COMES = table(
    "who_comes",
    "case.category",
    ("lead", "assist"),
    {"streetlight": ('"SZ"', '"CG"'), "litter": ('"CG"', '"SZ"')},
)


def chain(folder: Path) -> Shipped:
    """Write the chain into a folder as it would be shipped."""
    home = folder / "whistle"
    (folder / "tables").mkdir(parents=True)
    home.mkdir()
    (folder / "labels.toml").write_text(SHARED, encoding="utf-8")
    (folder / "tables" / "limits.dmn").write_text(LIMITS, encoding="utf-8")
    (folder / "tables" / "who_comes.dmn").write_text(WHO_COMES, encoding="utf-8")
    (home / "labels.toml").write_text(OWN, encoding="utf-8")
    (home / "whistle.bpmn").write_text(CASE, encoding="utf-8")
    (home / "department.bpmn").write_text(PART, encoding="utf-8")
    for name, fields in FORMS.items():
        (home / f"{name}.form.json").write_text(json.dumps({"fields": fields}), encoding="utf-8")
    return Shipped(folder)
