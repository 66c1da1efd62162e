"""Small drawings, one for each element and attribute of BPMN: what docs/bpmn.md is asked from.

Each is `s > x > e` in one lane unless it says otherwise; what a row is about has the id `x`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core"'
)
GLOBAL = '<globalScriptTask id="g"><script>n = 1</script></globalScriptTask>'
SHARED = (
    '<message id="M" name="m"/><signal id="S" name="s"/><error id="E" errorCode="c"/>'
    '<escalation id="U" escalationCode="u"/>'
)
DEFINITIONS = {
    "none": "",
    "message": '<messageEventDefinition messageRef="M"/>',
    "timer": "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
    "signal": '<signalEventDefinition signalRef="S"/>',
    "error": '<errorEventDefinition errorRef="E"/>',
    "escalation": '<escalationEventDefinition escalationRef="U"/>',
    "condition": "<conditionalEventDefinition><condition>n == 1</condition>"
    "</conditionalEventDefinition>",
    "link": '<linkEventDefinition name="l"/>',
    "terminate": "<terminateEventDefinition/>",
    "cancel": "<cancelEventDefinition/>",
    "compensate": "<compensateEventDefinition/>",
    "several": '<messageEventDefinition messageRef="M"/><signalEventDefinition signalRef="S"/>',
}
LINK_END = f'"t">{DEFINITIONS["link"]}</'
OTHER_LINK_END = {
    "catch": f"<intermediateThrowEvent id={LINK_END}intermediateThrowEvent>",
    "throw": f"<intermediateCatchEvent id={LINK_END}intermediateCatchEvent>",
}
BODY = (
    '<startEvent id="s1"/><endEvent id="e1"/><sequenceFlow id="f1" sourceRef="s1" targetRef="e1"/>'
)
TASKS = {
    "task": '<task id="x"{a}>{i}</task>',
    "userTask": '<userTask id="x"{a}>{p:outcomes=done}{i}</userTask>',
    "manualTask": '<manualTask id="x"{a}>{p:outcomes=done}{i}</manualTask>',
    "serviceTask": '<serviceTask id="x"{a}>{p:operation=log}{i}</serviceTask>',
    "scriptTask": '<scriptTask id="x"{a}>{i}<script>n = 1</script></scriptTask>',
    "businessRuleTask": '<businessRuleTask id="x"{a}>{p:decision=table}{i}</businessRuleTask>',
    "sendTask": '<sendTask id="x" messageRef="M"{a}>{i}</sendTask>',
    "receiveTask": '<receiveTask id="x" messageRef="M"{a}>{i}</receiveTask>',
    "subProcess": f'<subProcess id="x"{{a}}>{{i}}{BODY}</subProcess>',
    "transaction": f'<transaction id="x"{{a}}>{{i}}{BODY}</transaction>',
    "adHocSubProcess": '<adHocSubProcess id="x"{a}>{i}<task id="inner"/></adHocSubProcess>',
    "callActivity": '<callActivity id="x" calledElement="q"{a}>{i}</callActivity>',
}
DATA = {
    "dataObject, dataObjectReference": '<dataObject id="D"/>'
    '<dataObjectReference id="R" dataObjectRef="D"/>',
    'dataObject isCollection="true"': '<dataObject id="D" isCollection="true"/>',
    "property": '<property id="D" name="count"/>',
    "dataStoreReference (documentation only)": '<dataStoreReference id="D"/>',
}
IO = (
    '<ioSpecification><dataInput id="i"/><dataOutput id="o"/><inputSet/><outputSet/>'
    "</ioSpecification>"
)
LISTS = (
    "<multiInstanceLoopCharacteristics><loopDataInputRef>i</loopDataInputRef>"
    '<loopDataOutputRef>o</loopDataOutputRef><inputDataItem id="each"/>'
    '<outputDataItem id="said"/></multiInstanceLoopCharacteristics>'
)
REPEATED = {
    "multi-instance, parallel": "<multiInstanceLoopCharacteristics><loopCardinality>2"
    "</loopCardinality></multiInstanceLoopCharacteristics>",
    "multi-instance, sequential": '<multiInstanceLoopCharacteristics isSequential="true">'
    "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>",
    "completionCondition": "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    "<completionCondition>n == 1</completionCondition></multiInstanceLoopCharacteristics>",
    "standardLoop": '<standardLoopCharacteristics loopMaximum="2"/>',
}
ATTRIBUTES = (
    ' isForCompensation="true"',
    ' startQuantity="2"',
    ' completionQuantity="2"',
)


@dataclass(frozen=True)
class Row:
    """A row of the page: its group, what it is called, and the drawing that it is asked from."""

    group: str
    name: str
    nodes: str
    flows: tuple[str, ...] = ("s>x", "x>e")
    ends: str = '<startEvent id="s"/><endEvent id="e"/>'
    process: str = 'isExecutable="true"'

    def xml(self) -> bytes:
        """Return the whole file; a process `q` that can be called stands beside it."""
        drawn = "".join(_flow(number, flow) for number, flow in enumerate(self.flows))
        refs = "".join(f"<flowNodeRef>{ident}</flowNodeRef>" for ident in "xh")
        lanes = f'<laneSet><lane id="role">{refs}</lane></laneSet>'
        called = f'<process id="q" isExecutable="true">{BODY.replace("1", "2")}</process>{GLOBAL}'
        return (
            f'<definitions {NAMESPACES}>{SHARED}<process id="p" {self.process}>{lanes}'
            f"{self.ends}{self.nodes}{drawn}</process>{called}</definitions>"
        ).encode()


def _flow(number: int, text: str) -> str:
    ends, _colon, inside = text.partition(":")
    source, target = ends.split(">")
    condition = f"<conditionExpression>{inside}</conditionExpression>" if inside else ""
    return (
        f'<sequenceFlow id="f_{number}" sourceRef="{source}" targetRef="{target}">'
        f"{condition}</sequenceFlow>"
    )


def activity(kind: str, inside: str = "", attributes: str = "") -> str:
    """Return an activity `x` with something inside and attributes of its own."""
    text = TASKS[kind].replace("{a}", attributes).replace("{i}", inside)
    before, mark, rest = text.partition("{p:")
    if not mark:
        return text
    pair, _end, after = rest.partition("}")
    name, value = pair.split("=")
    return (
        f'{before}<extensionElements><s:properties><s:property name="{name}" value="{value}"/>'
        f"</s:properties></extensionElements>{after}"
    )


def rows() -> Iterator[Row]:
    """Yield all rows in the order of the page."""
    for kind in TASKS:
        yield Row("Activities", kind, activity(kind))
    call = '<callActivity id="x" calledElement="g"/>'
    yield Row("Activities", "callActivity of a globalScriptTask", call)
    yield Row("Activities", "scriptTask without a script", '<scriptTask id="x"/>')
    yield from gateways()
    for kind, definition in DEFINITIONS.items():
        yield from events(kind, definition)
    for kind in TASKS:
        for name, inside in REPEATED.items():
            yield Row("Repetition", f"{kind}, {name}", activity(kind, inside))
    yield from data()
    yield from flows()
    for text in ATTRIBUTES:
        yield Row("Attributes", text.strip(), activity("userTask", attributes=text))


def data() -> Iterator[Row]:
    """Yield what is drawn of data, and the ways in which it is copied."""
    held = '<dataObject id="D" name="order"/><dataObjectReference id="R" dataObjectRef="D"/>'
    for kind, drawn in DATA.items():
        yield Row("Data", kind, f'{drawn}<task id="x"/>')
    way_in = "<dataInputAssociation><sourceRef>{}</sourceRef><targetRef>i</targetRef>{}"
    way_out = "<dataOutputAssociation>{}<targetRef>R</targetRef></dataOutputAssociation>"
    closed = "</dataInputAssociation>"
    out = way_out.format("<sourceRef>o</sourceRef>")
    for kind in TASKS:
        if kind in {"adHocSubProcess", "receiveTask"}:
            continue
        both = IO + way_in.format("R", closed) + out
        own = '<dataObject id="i"/><dataObject id="o"/>' + both.removeprefix(IO)
        inside = own if kind in {"subProcess", "transaction"} else both
        yield Row("Data", f"{kind}, data associations", held + activity(kind, inside))
    said = "<assignment><from>order.kind</from><to>i</to></assignment>"
    changed = "<transformation>order.kind</transformation>"
    several = way_in.format("R</sourceRef><sourceRef>D", closed)
    for name, inside in {
        "assignment": way_in.format("R", said + closed),
        "transformation": way_in.format("R", changed + closed),
        "several sources without a transformation": several,
        "a source out of sight": way_in.format("nowhere", closed),
        "an output without a source (documentation only)": way_out.format(""),
    }.items():
        yield Row("Data", f"data association, {name}", held + activity("userTask", IO + inside))
    tied = activity("userTask", IO + way_in.format("S9", closed))
    store = f'<dataStoreReference id="S9" name="files"/>{held}{tied}'
    yield Row("Data", "data association, of a data store (documentation only)", store)
    lists = activity("userTask", IO + way_in.format("R", closed) + out + LISTS)
    name = "loopDataInputRef, inputDataItem, loopDataOutputRef, outputDataItem"
    yield Row("Data", name, held + lists)
    caught = f'<intermediateCatchEvent id="x"><dataOutput id="o"/>{out}{DEFINITIONS["message"]}'
    name = "intermediateCatchEvent, dataOutputAssociation"
    yield Row("Data", name, f"{held}{caught}</intermediateCatchEvent>")
    ties = way_in.format("R", closed) + DEFINITIONS["message"]
    thrown = f'<intermediateThrowEvent id="x"><dataInput id="i"/>{ties}'
    name = "intermediateThrowEvent, dataInputAssociation"
    yield Row("Data", name, f"{held}{thrown}</intermediateThrowEvent>")


def gateways() -> Iterator[Row]:
    """Yield the gateways, each splitting in two."""
    tasks = '<task id="a"/><task id="b"/>'
    two = ("s>x", "x>a", "x>b", "a>e", "b>e")
    choice = ("s>x", "x>a:n == 1", "x>b", "a>e", "b>e")
    for kind in ("exclusiveGateway", "inclusiveGateway"):
        yield Row("Gateways", kind, f'<{kind} id="x" default="f_2"/>{tasks}', choice)
    for kind in ("parallelGateway", "complexGateway"):
        yield Row("Gateways", kind, f'<{kind} id="x"/>{tasks}', two)
    catches = "".join(
        f'<intermediateCatchEvent id="{ident}">{DEFINITIONS[kind]}</intermediateCatchEvent>'
        for ident, kind in (("a", "timer"), ("b", "message"))
    )
    yield Row("Gateways", "eventBasedGateway", f'<eventBasedGateway id="x"/>{catches}', two)
    parallel = '<eventBasedGateway id="x" instantiate="true" eventGatewayType="Parallel"/>'
    yield Row("Gateways", 'eventBasedGateway, eventGatewayType="Parallel"', parallel + catches, two)


def events(kind: str, definition: str) -> Iterator[Row]:
    """Yield an event definition in every place where it can be drawn."""
    end = '<endEvent id="e"/>'
    yield Row(
        "Events",
        f"startEvent, {kind}",
        f'<startEvent id="x">{definition}</startEvent>',
        ("x>e",),
        end,
    )
    if kind != "none":
        yield from caught(kind, definition)
    thrown = f'<intermediateThrowEvent id="x">{definition}</intermediateThrowEvent>'
    if kind == "link":
        yield Row(
            "Events",
            "intermediateThrowEvent, link",
            thrown + OTHER_LINK_END["throw"],
            ("s>x", "t>e"),
        )
    elif kind not in {"timer", "condition"}:
        yield Row("Events", f"intermediateThrowEvent, {kind}", thrown)
    if kind not in {"timer", "condition", "link"}:
        start = '<startEvent id="s"/>'
        last = f'<endEvent id="x">{definition}</endEvent>'
        if kind == "cancel":
            inside = '<sequenceFlow id="f1" sourceRef="s1" targetRef="x"/>'
            host = f'<transaction id="h"><startEvent id="s1"/>{last}{inside}</transaction>'
            guard = f'<boundaryEvent id="b" attachedToRef="h">{definition}</boundaryEvent>'
            yield Row("Events", "endEvent, cancel", host + guard, ("s>h", "h>e", "b>e"))
        else:
            yield Row("Events", f"endEvent, {kind}", last, ("s>x",), start)


def caught(kind: str, definition: str) -> Iterator[Row]:
    """Yield a definition that is waited for: in the flow, on an activity, by a sub-process."""
    catch = f'<intermediateCatchEvent id="x">{definition}</intermediateCatchEvent>'
    if kind == "link":
        yield Row(
            "Events",
            "intermediateCatchEvent, link",
            catch + OTHER_LINK_END["catch"],
            ("s>t", "x>e"),
        )
        return
    yield Row("Events", f"intermediateCatchEvent, {kind}", catch)
    if kind == "several":
        both = catch.replace('id="x"', 'id="x" parallelMultiple="true"')
        yield Row("Events", 'intermediateCatchEvent, several, parallelMultiple="true"', both)
    if kind == "timer":
        thrice = "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>"
        again = f'<intermediateCatchEvent id="x">{thrice}</intermediateCatchEvent>'
        yield Row("Events", "intermediateCatchEvent, timer, R3/PT1H", again)
    host = TASKS["transaction" if kind == "cancel" else "subProcess"].replace('id="x"', 'id="h"')
    host = host.replace("{a}", "").replace("{i}", "")
    for word, value in (("interrupting", "true"), ("not interrupting", "false")):
        how = f'id="x" attachedToRef="h" cancelActivity="{value}"'
        boundary = f"<boundaryEvent {how}>{definition}</boundaryEvent>"
        yield Row(
            "Events", f"boundaryEvent, {kind}, {word}", host + boundary, ("s>h", "h>e", "x>e")
        )
        start = f'<startEvent id="x" isInterrupting="{value}">{definition}</startEvent>'
        body = f'{start}<endEvent id="e3"/><sequenceFlow id="f3" sourceRef="x" targetRef="e3"/>'
        handler = f'<subProcess id="y" triggeredByEvent="true">{body}</subProcess>'
        yield Row("Events", f"event sub-process, {kind}, {word}", handler, ("s>e",))


def flows() -> Iterator[Row]:
    """Yield what can be drawn of flows and processes."""
    tasks = '<task id="x"/><task id="a"/><task id="b"/>'
    yield Row(
        "Flows and processes",
        "sequenceFlow, several leaving a task",
        tasks,
        ("s>x", "x>a", "x>b", "a>e", "b>e"),
    )
    chosen = '<task id="x" default="f_2"/><task id="a"/><task id="b"/>'
    yield Row(
        "Flows and processes", "conditionExpression and default on a task's flows",
        chosen, ("s>x", "x>a:n == 1", "x>b", "a>e", "b>e"),
    )  # fmt: skip
    yield Row(
        "Flows and processes",
        "sequenceFlow, several entering a task",
        tasks,
        ("s>a", "s>b", "a>x", "b>x", "x>e"),
    )
    yield Row(
        "Flows and processes", "no end event", '<task id="x"/>', ("s>x",), '<startEvent id="s"/>'
    )
    yield Row(
        "Flows and processes", "no start event", '<task id="x"/>', ("x>e",), '<endEvent id="e"/>'
    )
    two = '<startEvent id="s"/><startEvent id="s9"/><endEvent id="e"/>'
    yield Row(
        "Flows and processes", "several start events", '<task id="x"/>', ("s>x", "s9>x", "x>e"), two
    )
    yield Row(
        "Flows and processes",
        'process isExecutable="false"',
        '<task id="x"/>',
        process='isExecutable="false"',
    )
    instantiated = '<receiveTask id="x" messageRef="M" instantiate="true"/>'
    yield Row(
        "Flows and processes",
        'receiveTask instantiate="true"',
        instantiated,
        ("x>e",),
        '<endEvent id="e"/>',
    )
