"""Hostile and malformed files: each hang, crash, leak and injection known of bare SpiffWorkflow.

The list is section 6 of the corpora report: every probe there is a case here or, where something
has to run, in tests/engine/run/test_hostile.py. A file is read and judged as a deployment would, or
refused with a code; nothing else may come out, and nothing in a file is ever executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest

from engine.bpmn.model import Diagram
from engine.bpmn.rules import check
from engine.errors import Broken, Invalid
from engine.run.examine import examine
from engine.run.folder import Folder
from engine.run.handlers.definitions import texts
from engine.run.plugins import Plugins
from engine.spiff.build import build
from engine.spiff.execution import Execution
from tests.engine.run import draw
from tests.engine.run.world import Posts
from tests.engine.spiff.drawing import Case, FakeHost
from tests.engine.spiff.drawing import draw as sketch

LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'


def judged(drawn: str | bytes, **more: str) -> set[str]:
    """The codes of the faults that keep a file from being deployed."""
    data = drawn if isinstance(drawn, bytes) else drawn.encode()
    files: Mapping[str, bytes] = {"p.bpmn": data, "labels.toml": LABELS.encode()}
    try:
        folder = Folder(UUID(int=0), "p", 0, texts(files) | more)
        found = examine(folder, Plugins(access=Posts(), operations={"notify": print}))
    except Invalid as error:
        return {error.code}
    return {each.code for each in found if each.severity == "error"}


def line(*parts: str, way: str = "a", lane: str = "") -> str:
    """A process with one step between start and end."""
    return draw.process(
        "p",
        draw.start(),
        *parts,
        draw.end(),
        draw.flows(f"begin > {way}", f"{way} > finish"),
        lanes={"dept": f"begin {way} finish {lane}"},
    )


def timed(text: str, kind: str = "timeDuration") -> str:
    return line(draw.catch("a", text, kind=kind))


def many(cardinality: str) -> str:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>"
        f"{cardinality}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    return line(draw.node("callActivity", "a", loop, attrs='calledElement="other"'))


PLAIN = line(draw.user("a"))
BODY = PLAIN.removeprefix(draw.HEAD)


def with_entities(declared: str, used: str = "&x;") -> str:
    document = f"<bpmn:documentation>{used}</bpmn:documentation>"
    doctype = f"<!DOCTYPE x [{declared}]>"
    return doctype + PLAIN.replace("<bpmn:startEvent", f"{document}<bpmn:startEvent", 1)


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
)
FILES: dict[str, tuple[str | bytes, set[str]]] = {
    "external entity": (
        with_entities('<!ENTITY x SYSTEM "file:///etc/passwd">'),
        {"xml.doctype"},
    ),
    "external DTD": (
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">' + PLAIN,
        {"xml.doctype"},
    ),
    "parameter entity": (
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>' + PLAIN,
        {"xml.doctype", "xml.malformed"},
    ),
    "internal entity": (with_entities('<!ENTITY x "1">'), {"xml.doctype"}),
    "billion laughs": (with_entities(LAUGHS, "&l;"), {"xml.doctype", "xml.malformed"}),
    "quadratic blowup": (
        with_entities(f'<!ENTITY x "{"a" * 40_000}">', "&x;" * 10_000),
        {"xml.doctype", "xml.malformed"},
    ),
    "nesting of 300": (
        PLAIN.replace("</bpmn:process>", "<x>" * 300 + "</x>" * 300 + "</bpmn:process>"),
        {"xml.malformed"},
    ),
    "sub-processes in each other, 30 deep": (
        draw.process(
            "p",
            draw.start(),
            _nested := "".join(f'<bpmn:subProcess id="u{n}">' for n in range(30))
            + "</bpmn:subProcess>" * 30,
        ),
        {"diagram.too_deep"},
    ),
    "no bytes": (b"", {"xml.empty"}),
    "bytes of nothing": (b"\x00\xff\x00\xff", {"xml.encoding_wrong"}),
    "half a file": (PLAIN[: len(PLAIN) // 2], {"xml.malformed"}),
    "GBK without saying so": (PLAIN.replace("begin", "开始").encode("gbk"), {"xml.encoding_wrong"}),
    "the same id in two scopes": (
        line(draw.sub("a", draw.start("s"), draw.user("a"), draw.flows("s > a"))),
        {"diagram.duplicate_id"},
    ),
    "a flow to nowhere": (line(draw.flows("begin > gone")), {"flow.loose_end"}),
    "XPath as a source": (
        draw.process(
            "p",
            draw.start(),
            draw.user("a"),
            '<bpmn:sequenceFlow id="f" sourceRef="*[@id=\'begin\']" targetRef="a" />',
            lanes={"dept": "begin a"},
        ),
        {"flow.loose_end"},
    ),
    "a border on nothing": (
        line(draw.user("a"), draw.boundary("late", "gone", "PT1H")),
        {"boundary.loose"},
    ),
    "a default that is not there": (
        line(draw.exclusive("a", default="gone")),
        {"gateway.default_unknown"},
    ),
    "a loop without a choice": (
        draw.process(
            "p",
            draw.start(),
            draw.script("a", "x = 1"),
            draw.script("b", "x = 2"),
            draw.flows("begin > a", "a > b", "b > a"),
        ),
        {"loop.never_waits"},
    ),
    "a process that calls itself": (line(draw.call("a", "p")), {"call.endless"}),
    "a name without end": (
        PLAIN.replace('name="a"', f'name="{"长" * 5_000}"'),
        {"diagram.name_too_long"},
    ),
    "cardinality 10**9": (many("1000000000"), {"activity.count_out_of_range"}),
    "cardinality of 5000 digits": (many("9" * 5_000), {"activity.count_out_of_range"}),
    "cardinality -1": (many("-1"), {"activity.count_out_of_range"}),
    "timer of a hundred billion years": (timed("P99999999999Y"), {"duration.no_fixed_length"}),
    "timer of a million years": (timed("P1000000Y"), {"duration.no_fixed_length"}),
    "timer of endless seconds": (timed("PT99999999999999999999S"), {"duration.malformed"}),
    "timer of a hundred billion days": (timed("P99999999999D"), {"duration.too_long"}),
    "timer that goes back": (timed("-PT5M"), {"duration.malformed"}),
    "cycle without a pause": (timed("R/PT0S", "timeCycle"), {"cycle.too_fast"}),
    "cycle of years": (timed("R/P1000000Y", "timeCycle"), {"duration.no_fixed_length"}),
    "date of the year 10000": (timed("12026-01-01T00:00:00", "timeDate"), {"expression.syntax"}),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_its_reason(name: str) -> None:
    drawn, codes = FILES[name]
    found = judged(drawn)
    assert found
    assert found & codes, found


SCRIPTS = {
    "import": "import os\nos.system('id')",
    "write a file": "open('/tmp/shaodao-was-here', 'w')",
    "read a file": 'open("/nonexistent")',
    "while True": "while True: pass",
    "while True on two lines": "while True:\n    pass",
    "exit": "exit()",
    "SystemExit": "raise SystemExit",
    "subclasses": "x = ().__class__.__base__.__subclasses__()",
    "builtins": "x = __builtins__",
    "eval": "x = eval('1')",
    "exec": "exec('import os')",
    "ten billion letters": "x = 'a' * 10 ** 10",
    "comprehension": "x = [y for y in (1, 2)]",
    "lambda": "x = (lambda: 1)()",
    "def": "def f():\n    return f()",
    "del": "del x",
    "global": "global x",
    "attribute": "x.y = 1",
    "groovy": 'execution.setVariable("x", 1)',
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_of_another_language_is_refused(name: str) -> None:
    assert judged(line(draw.script("a", SCRIPTS[name])))
    assert not Path("/tmp/shaodao-was-here").exists()


INJECTED = '__import__("os").system("id")'
PLACES = {
    "condition": draw.process(
        "p",
        draw.start(),
        draw.exclusive("g", default="g_finish"),
        draw.user("a"),
        draw.end(),
        draw.flows("begin > g", f"g > a : {INJECTED}", "g > finish", "a > finish"),
        lanes={"dept": "a"},
    ),
    "duration": timed(INJECTED),
    "cycle": timed(INJECTED, "timeCycle"),
    "date": timed(INJECTED, "timeDate"),
    "cron": timed("0 0 12 * * ?", "timeCycle"),
    "JUEL": timed("${duration}"),
    "cardinality": many(INJECTED.replace('"', "&quot;")),
    "cardinality by power": many("10 ** 9 ** 9"),
    "collection": line(draw.call("a", "other", many=True, collection=INJECTED)),
    "unit": line(draw.user("a", unit=INJECTED)),
    "parameter": line(draw.service("a", "notify", param__x=INJECTED)),
    "in": line(draw.call("a", "other", many=False, **{"in": f"x = {INJECTED}"})),
    "out": line(draw.call("a", "other", out=f"x = {INJECTED}")),
    "operation": line(draw.service("a", INJECTED)),
}


@pytest.mark.parametrize("place", PLACES)
def test_python_is_refused_wherever_it_is_written(
    place: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert judged(PLACES[place])
    assert "uid=" not in capfd.readouterr().out


DATA = (
    '<bpmn:dataObject id="d" /><bpmn:dataObjectReference id="r" dataObjectRef="gone" />'
    '<bpmn:dataStoreReference id="t" dataStoreRef="gone" />'
)
ASSOCIATED = (
    '<bpmn:dataInputAssociation id="{0}i"><bpmn:sourceRef>{1}</bpmn:sourceRef>'
    "<bpmn:targetRef>gone</bpmn:targetRef></bpmn:dataInputAssociation>"
    '<bpmn:dataOutputAssociation id="{0}o"><bpmn:sourceRef>{1}</bpmn:sourceRef>'
    "<bpmn:targetRef>{1}</bpmn:targetRef></bpmn:dataOutputAssociation>"
)
XPATH = "d']/../*[@id='a' or //*"
LOOSE = {
    "data associated in a nested sub-process": line(
        DATA
        + draw.sub(
            "a",
            draw.start("s"),
            draw.node("userTask", "u", ASSOCIATED.format("x", "r"), outcomes="done"),
            draw.flows("s > u"),
        ),
        lane="u",
    ),
    "data that is not declared": line(
        draw.node("userTask", "a", ASSOCIATED.format("x", "gone"), outcomes="done")
    ),
    "XPath in a data association": line(
        DATA + draw.node("userTask", "a", ASSOCIATED.format("x", XPATH), outcomes="done")
    ),
}
HARMLESS: dict[str, str | bytes] = {
    "a shape drawn at abc": PLAIN.replace(
        "</bpmn:definitions>",
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" id="i"><di:BPMNPlane '
        'id="pl" bpmnElement="gone"><di:BPMNShape id="sh" bpmnElement="a"><dc:Bounds '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="abc" y="" width="1e999" height="-1" />'
        "</di:BPMNShape></di:BPMNPlane></di:BPMNDiagram></bpmn:definitions>",
    ),
    "a lane that names what is not there": PLAIN.replace(
        "<bpmn:flowNodeRef>begin<", "<bpmn:flowNodeRef>gone<"
    ),
    "names in every script": draw.process(
        "p",
        draw.start("开始"),
        draw.user("现场核查"),
        draw.user("Überprüfung"),
        draw.user("проверка"),
        draw.user("تحقق"),
        draw.end("終わり"),
        draw.flows(
            "开始 > 现场核查", "现场核查 > Überprüfung", "Überprüfung > проверка",
            "проверка > تحقق", "تحقق > 終わり",
        ),
        lanes={"dept": "现场核查 Überprüfung проверка تحقق"},
    ),
    "GBK": f'<?xml version="1.0" encoding="GBK"?>{PLAIN.replace("finish", "结束")}'.encode("gbk"),
    "UTF-16": f'<?xml version="1.0" encoding="UTF-16"?>{PLAIN}'.encode("utf-16"),
    "prefixes that mean something else": PLAIN.replace("bpmn:", "zeebe:").replace(
        "xmlns:bpmn=", "xmlns:zeebe="
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOSE)
def test_data_that_lead_nowhere_are_refused_at_once(name: str) -> None:
    assert judged(LOOSE[name]) == {"data.unknown"}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_looks_strange_and_is_none_of_our_business_deploys(name: str) -> None:
    assert judged(HARMLESS[name]) == set()


def test_an_export_of_a_megabyte_full_of_vendor_attributes_is_read_and_nothing_of_it_run() -> None:
    """905 kB were the largest seen; what is a vendor's stays unread by the engine."""
    vendor = (
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="${x.y()}" '
        'camunda:expression="${execution.setVariable(1)}" camunda:class="java.lang.Runtime"'
    )
    listeners = (
        "<bpmn:extensionElements><camunda:executionListener "
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
        f'expression="${{{"a" * 120}}}" event="start" /></bpmn:extensionElements>'
    )
    steps = [f"t{n}" for n in range(1_500)]
    ways = [f"{a} > {b}" for a, b in zip(["begin", *steps], [*steps, "finish"], strict=True)]
    drawn = draw.process(
        "p",
        draw.start(),
        *(draw.node("scriptTask", step, "<bpmn:script>x = 1</bpmn:script>", listeners, attrs=vendor)
          for step in steps),
        draw.end(),
        draw.flows(*ways),
    )  # fmt: skip
    assert len(drawn) > 905_000
    assert judged(drawn) == set()


@pytest.mark.parametrize("count", [450, 500, 1_500])
def test_many_steps_in_a_row_are_built_and_run(count: int) -> None:
    steps = [f"x{n}" for n in range(count)]
    flows = " ".join(f"{a}>{b}" for a, b in zip(["s", *steps], [*steps, "e"], strict=True))
    case = Case(sketch("s:start e:end " + " ".join(f"{step}:script" for step in steps), flows))
    assert case.ended


def test_ids_that_the_library_uses_itself_are_ids_like_others() -> None:
    case = Case(
        sketch(
            "Start:start Root:user End:user BpmnStartTask:script _Parser:end",
            "Start>Root Root>End End>BpmnStartTask BpmnStartTask>_Parser",
        )
    )
    assert case.open() == ["Root"]
    assert case.do("Root").do("End").ended


RUNAWAY = {
    "a loop without a choice": sketch("s:start x:script y:script", "s>x x>y y>x"),
    "a loop whose way out is never taken": sketch(
        "s:start x:script g:xor e:end", "s>x x>g g>e[x == 2] g>x*"
    ),
    "a loop that sheds tokens": sketch(
        "s:start m:xor f:and x:script a:user", "s>m m>f f>x f>a x>m"
    ),
}


@pytest.mark.parametrize("name", RUNAWAY)
def test_a_loop_that_never_waits_stops_loudly(name: str) -> None:
    execution = Execution.start(build(RUNAWAY[name]), FakeHost(), {})
    with pytest.raises(Broken) as refusal:
        execution.run()
    assert refusal.value.code in {"instance.runaway", "instance.too_many_tokens"}


def test_two_hundred_choices_in_a_row_are_judged_at_once() -> None:
    """2**200 ways through it: what is played must not grow with them."""
    nodes, flows = ["s:start"], ["s>g0"]
    for n in range(200):
        nodes += [f"g{n}:xor", f"a{n}:script", f"m{n}:xor"]
        flows += [f"g{n}>a{n}[x == 1]", f"g{n}>m{n}*", f"a{n}>m{n}", f"m{n}>g{n + 1}"]
    process = sketch(" ".join([*nodes, "g200:script"]), " ".join(flows))
    assert check(Diagram({"p": process})) == ()
