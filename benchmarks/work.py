"""The work that engines are compared by: a case of eight durable steps, ours and the stock way.

start → verify → whistle → two departments (report in with a reminder after 72 hours → handle) →
check → end, or back to the whistle. One drawing, in two dialects of expressions.
"""

from __future__ import annotations

from collections.abc import Iterator

OUTCOMES = 'pass = {zh = "通过"}\nback = {zh = "返工"}\ndone = {zh = "完成"}\n'
LABELS = f"[outcomes]\n{OUTCOMES}"
ROUND = ("whistle", "report_a", "handle_a", "report_b", "handle_b", "check")
STEPS_A_CASE = 8  # the start and seven completions

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' id="d" targetNamespace="urn:work"><bpmn:process id="work" isExecutable="true">'
)
FLOWS = (
    ("begin", "verify"),
    ("verify", "again"),
    ("again", "whistle"),
    ("whistle", "split"),
    ("split", "report_a"),
    ("split", "report_b"),
    ("report_a", "handle_a"),
    ("report_b", "handle_b"),
    ("late_a", "told_a"),
    ("late_b", "told_b"),
    ("handle_a", "join"),
    ("handle_b", "join"),
    ("join", "check"),
    ("check", "result"),
    ("result", "finish"),
)
TASKS = ("verify", *ROUND)


def drawing(*, stock: bool = False) -> str:
    """Return the diagram; `stock` for SpiffWorkflow's own parser, which wants Python."""
    back = 'outcome == "back"' if stock else 'check.outcome == "back"'
    length = '"PT72H"' if stock else "PT72H"
    nodes = [
        *(f'<bpmn:laneSet id="lanes"><bpmn:lane id="dept">{refs()}</bpmn:lane></bpmn:laneSet>',),
        '<bpmn:startEvent id="begin" />',
        *(task(name) for name in TASKS),
        '<bpmn:exclusiveGateway id="again" />',
        '<bpmn:parallelGateway id="split" />',
        '<bpmn:parallelGateway id="join" />',
        '<bpmn:exclusiveGateway id="result" default="result_finish" />',
        *(reminder(letter, length) for letter in "ab"),
        *(f'<bpmn:endEvent id="{name}" />' for name in ("told_a", "told_b", "finish")),
        *(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}" />' for a, b in FLOWS),
        '<bpmn:sequenceFlow id="result_again" sourceRef="result" targetRef="again">'
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
        f"{back}</bpmn:conditionExpression></bpmn:sequenceFlow>",
    ]
    return f"{HEAD}{''.join(nodes)}</bpmn:process></bpmn:definitions>"


def refs() -> str:
    """Return the lane's content."""
    return "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in TASKS)


def task(name: str) -> str:
    """Return a person's step."""
    outcomes = "pass back" if name == "check" else "done"
    return (
        f'<bpmn:userTask id="{name}"><bpmn:extensionElements><spiffworkflow:properties>'
        f'<spiffworkflow:property name="outcomes" value="{outcomes}" />'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>"
    )


def reminder(letter: str, length: str) -> str:
    """Return the timer on a department's step; it is armed and withdrawn and never fires."""
    return (
        f'<bpmn:boundaryEvent id="late_{letter}" attachedToRef="report_{letter}"'
        ' cancelActivity="false"><bpmn:timerEventDefinition>'
        f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{length}</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def walk(rounds: int = 0) -> Iterator[tuple[str, str]]:
    """Yield each completion of a case that is sent back `rounds` times: element and outcome."""
    yield "verify", "done"
    for number in range(rounds + 1):
        for name in ROUND[:-1]:
            yield name, "done"
        yield "check", "pass" if number == rounds else "back"
