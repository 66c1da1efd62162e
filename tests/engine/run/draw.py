"""Draw small diagrams as text, so that a test can be read beside what it runs."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' id="d" targetNamespace="urn:test">'
)


def process(process_id: str, *parts: str, lanes: dict[str, str] | None = None, **props: str) -> str:
    """Return a BPMN file of one process. `lanes` maps a lane id to its elements, by blanks."""
    drawn = "".join(
        f'<bpmn:lane id="{lane}">'
        + "".join(f"<bpmn:flowNodeRef>{ref}</bpmn:flowNodeRef>" for ref in refs.split())
        + "</bpmn:lane>"
        for lane, refs in (lanes or {}).items()
    )
    lane_set = f'<bpmn:laneSet id="lanes">{drawn}</bpmn:laneSet>' if drawn else ""
    body = properties(props) + lane_set + "".join(parts)
    return (
        f"{HEAD}<bpmn:process id={quoteattr(process_id)} isExecutable="
        f'"true">{body}</bpmn:process></bpmn:definitions>'
    )


def properties(props: dict[str, str]) -> str:
    if not props:
        return ""
    inner = "".join(
        f"<spiffworkflow:property name={quoteattr(name.replace('__', '.'))} value={quoteattr(text)} />"
        for name, text in props.items()
    )
    return (
        "<bpmn:extensionElements><spiffworkflow:properties>"
        f"{inner}</spiffworkflow:properties></bpmn:extensionElements>"
    )


def node(kind: str, node_id: str, *inner: str, attrs: str = "", **props: str) -> str:
    return (
        f"<bpmn:{kind} id={quoteattr(node_id)} name={quoteattr(node_id)} {attrs}>"
        f"{properties(props)}{''.join(inner)}</bpmn:{kind}>"
    )


def outcome_words(codes: Iterable[str]) -> str:
    """Return labels in which each outcome is called by its code."""
    return "[outcomes]\n" + "".join(f'{code} = {{zh = "{code}"}}\n' for code in codes)


def start(node_id: str = "begin") -> str:
    return node("startEvent", node_id)


def end(node_id: str = "finish") -> str:
    return node("endEvent", node_id)


def user(node_id: str, outcomes: str = "done", **props: str) -> str:
    return node("userTask", node_id, outcomes=outcomes, **props)


def service(node_id: str, operation: str, **props: str) -> str:
    return node("serviceTask", node_id, operation=operation, **props)


def script(node_id: str, text: str) -> str:
    return node("scriptTask", node_id, f"<bpmn:script>{escape(text)}</bpmn:script>")


def rule(node_id: str, decision: str) -> str:
    return node("businessRuleTask", node_id, decision=decision)


def exclusive(node_id: str, default: str = "") -> str:
    return node("exclusiveGateway", node_id, attrs=f'default="{default}"' if default else "")


def parallel(node_id: str) -> str:
    return node("parallelGateway", node_id)


def call(node_id: str, called: str, *, many: bool = False, **props: str) -> str:
    loop = "<bpmn:multiInstanceLoopCharacteristics />" if many else ""
    return node("callActivity", node_id, loop, attrs=f'calledElement="{called}"', **props)


def sub(node_id: str, *parts: str, many: bool = False, **props: str) -> str:
    loop = "<bpmn:multiInstanceLoopCharacteristics />" if many else ""
    return node("subProcess", node_id, *parts, loop, **props)


def timer(text: str, *, kind: str = "timeDuration") -> str:
    return (
        f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">'
        f"{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def boundary(
    node_id: str, on: str, text: str, *, interrupting: bool = True, kind: str = "timeDuration"
) -> str:
    cancel = "true" if interrupting else "false"
    return node(
        "boundaryEvent",
        node_id,
        timer(text, kind=kind),
        attrs=f'attachedToRef="{on}" cancelActivity="{cancel}"',
    )


def catch(node_id: str, text: str, *, kind: str = "timeDuration") -> str:
    return node("intermediateCatchEvent", node_id, timer(text, kind=kind))


def event(kind: str, ref: str = "") -> str:
    """Return what an event waits for or throws: `event("message", "paid")`; see `declare`."""
    said = f'{kind}Ref="{ref}"' if ref else ""
    return f"<bpmn:{kind}EventDefinition {said} />"


def on(node_id: str, activity: str, *inner: str, interrupting: bool = True, **props: str) -> str:
    """Return a boundary event of any kind."""
    cancel = "true" if interrupting else "false"
    attrs = f'attachedToRef="{activity}" cancelActivity="{cancel}"'
    return node("boundaryEvent", node_id, *inner, attrs=attrs, **props)


def declare(xml: str, **names: str) -> str:
    """Declare messages, signals, errors, escalations in a file: `message="paid told"`."""
    codes = {"error": "errorCode", "escalation": "escalationCode"}
    drawn = "".join(
        f'<bpmn:{kind} id="{name}" name="{name}" {codes.get(kind, "code")}="{name}" />'
        for kind, listed in names.items()
        for name in listed.split()
    )
    return xml.replace("</bpmn:definitions>", f"{drawn}</bpmn:definitions>")


def flows(*lines: str) -> str:
    """Return flows drawn as `a > b` or `a > b : condition`; ids are `a_b`."""
    drawn = []
    for line in lines:
        path, _colon, condition = line.partition(" : ")
        source, target = (part.strip() for part in path.split(">"))
        said = (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"{escape(condition)}</bpmn:conditionExpression>"
            if condition
            else ""
        )
        drawn.append(
            f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" '
            f'targetRef="{target}">{said}</bpmn:sequenceFlow>'
        )
    return "".join(drawn)
