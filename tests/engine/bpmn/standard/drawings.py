"""Small files that keep or break one rule of BPMN's text; what is drawn beside it is right."""

from __future__ import annotations

from engine.bpmn.finding import Finding
from engine.bpmn.read import read_diagram
from engine.bpmn.standard.judge import judge

Pairs = dict[str, tuple[str, str]]
"""By the code of a rule: a drawing that breaks it, and one that keeps it."""

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x" '
    'xmlns:y="urn:y" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
HEAR = '<messageEventDefinition messageRef="M"/>'
MESSAGE = '<message id="M" name="m"/>'
ITEMS = '<itemDefinition id="I"/><itemDefinition id="J"/>'
OTHER = (
    '<process id="q"><startEvent id="qs"/><task id="qt"/><endEvent id="qe"/>'
    '<sequenceFlow id="q1" sourceRef="qs" targetRef="qt"/>'
    '<sequenceFlow id="q2" sourceRef="qt" targetRef="qe"/></process>'
)


def findings(text: str) -> list[Finding]:
    data = f"{HEAD}{text}</definitions>".encode()
    return list(judge(data, read_diagram(data)))


def codes(text: str) -> list[str]:
    return [each.code for each in findings(text)]


def flow(source: str, target: str, condition: str = "", attributes: str = "") -> str:
    inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="f-{source}-{target}" {ends}{attributes}>{inside}</sequenceFlow>'


def process(
    inside: str = "",
    before: str = "",
    after: str = "",
    *,
    first: str = "",
    attributes: str = "",
) -> str:
    """A process that begins and ends; `first` stands at its head, before it and after other roots."""
    ends = '<startEvent id="s"/><endEvent id="e"/>'
    begun = "" if 'sourceRef="s"' in inside else flow("s", "e")
    body = f'<process id="p"{attributes}>{first}{ends}{begun}{inside}</process>'
    return f"{before}{body}{after}"


def step(inside: str = "", attributes: str = "", *, tag: str = "task", ident: str = "t") -> str:
    """An activity or event on the way from the start to the end."""
    drawn = f'<{tag} id="{ident}"{attributes}>{inside}</{tag}>'
    return drawn + flow("s", ident) + flow(ident, "e")


def io(listed: str, kind: str = "I", way: str = "Input") -> str:
    """One input or output, and a set that lists what is said."""
    refs = f"<data{way}Refs>{listed}</data{way}Refs>" if listed else ""
    own = way.lower()
    sets = {"input": "<inputSet/>", "output": "<outputSet/>"}
    sets[own] = f"<{own}Set>{refs}</{own}Set>"
    data = f'<data{way} id="i" itemSubjectRef="{kind}"/>'
    return f"<ioSpecification>{data}{sets['input']}{sets['output']}</ioSpecification>"


def pools(flows: str = "", p: str = "p", q: str = "q", more: str = "") -> str:
    return (
        f'<collaboration id="C"><participant id="P" processRef="{p}">{more}</participant>'
        f'<participant id="Q" processRef="{q}"/>{flows}</collaboration>'
    )


def assert_kept_and_broken(pairs: Pairs, code: str) -> None:
    wrong, right = pairs[code]
    assert code in codes(wrong)
    assert codes(right) == []
