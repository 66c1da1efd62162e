"""What vendors' attributes and elements say, and what to draw here instead: proposals, no more.

Each row of the table is a name that Camunda, Operaton, Activiti, Flowable or Zeebe use, and the
sentence that says what it would be in our diagrams. Nothing of it is ever executed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from engine import xml
from engine.bpmn.references import BPMN
from engine.bpmn.rules import Finding, Severity
from engine.foreign.dialect import translated
from engine.i18n import Text, _

VENDORS = MappingProxyType(
    {
        "http://camunda.org/schema/1.0/bpmn": "camunda",
        "http://operaton.org/schema/1.0/bpmn": "operaton",
        "http://activiti.org/bpmn": "activiti",
        "http://flowable.org/bpmn": "flowable",
        "http://camunda.org/schema/zeebe/1.0": "zeebe",
    }
)
LANE = _("请把“{element}”画进角色 {value} 的泳道")
FORM = _("请给“{element}”写属性 form，并放入表单文件 {value}.form.json")
OPERATION = _("请给“{element}”写属性 operation，由同名的已登记操作代替 {value}")
CODE_HERE = _("“{element}”上的程序 {value} 不会执行，请画成服务任务或脚本任务")

ATTRIBUTES: Mapping[str, Text] = MappingProxyType(
    {
        "candidateGroups": LANE,
        "candidateUsers": LANE,
        "assignee": LANE,
        "formKey": FORM,
        "formRef": FORM,
        "formId": FORM,
        "class": OPERATION,
        "delegateExpression": OPERATION,
        "expression": OPERATION,
        "topic": OPERATION,
        "type": OPERATION,
        "dueDate": _("请给“{element}”写属性 sla，或画一个定时边界事件，时间是 {value}"),
        "followUpDate": _("请给“{element}”画一个不打断的定时边界事件，时间是 {value}"),
        "collection": _("请给“{element}”写属性 collection = {value}"),
        "inputCollection": _("请给“{element}”写属性 collection = {value}"),
        "elementVariable": _("“{element}”的每一项在这里叫 item，不叫 {value}"),
        "inputElement": _("“{element}”的每一项在这里叫 item，不叫 {value}"),
        "decisionRef": _("请给“{element}”写属性 decision = {value}"),
        "decisionId": _("请给“{element}”写属性 decision = {value}"),
        "processId": _("请给“{element}”写 calledElement = {value}"),
        "correlationKey": _("请给等待这条消息的元素写属性 key = {value}（{element}）"),
    }
)
"""Attributes in a vendor's namespace, on elements or on a vendor's own elements inside them."""

ELEMENTS: Mapping[str, Text] = MappingProxyType(
    {
        "in": _("请给“{element}”写属性 in，写明传入哪些数据（{value}）"),
        "out": _("请给“{element}”写属性 out，写明传回哪些数据（{value}）"),
        "inputParameter": _("请在“{element}”之前用脚本任务算出 {value}"),
        "outputParameter": _("请在“{element}”之后用脚本任务算出 {value}"),
        "executionListener": CODE_HERE,
        "taskListener": CODE_HERE,
        "formProperty": _("请把“{element}”的表单项 {value} 写进它的 form.json"),
        "formField": _("请把“{element}”的表单项 {value} 写进它的 form.json"),
    }
)
"""Elements in a vendor's namespace; the value shown is the first of SHOWN that they have."""

SHOWN = ("source", "target", "name", "id", "class", "delegateExpression", "expression", "event")
ADVICE = _("这是别的引擎的写法，只作参考，不会执行。")
EXPRESSION = _("别的引擎的表达式“{value}”请写成“{ours}”（{element}）")
SPOKEN = frozenset(
    {
        *("conditionExpression", "loopCardinality", "completionCondition", "loopCondition"),
        *("timeDate", "timeDuration", "timeCycle", "condition"),
    }
)
LONGEST = 80


def proposals(data: bytes) -> tuple[Finding, ...]:
    """Return what the vendors' parts of a file propose, each once, in document order."""
    root = xml.read_xml(data)
    found = (finding for each in xml.descendants(root) for finding in _of(each))
    return tuple({(each.element, str(each.text)): each for each in found}.values())


def _of(element: xml.Element) -> Iterator[Finding]:
    where = _owner(element)
    vendor = xml.namespace(element) in VENDORS
    name = xml.name(element)
    if vendor and name in ELEMENTS:
        values = xml.attributes(element)
        shown = next((values[key] for key in SHOWN if values.get(key)), "")
        yield _hint(where, f"{VENDORS[xml.namespace(element)]}.{name}", ELEMENTS[name], shown)
    elif vendor:
        for key, value in xml.attributes(element).items():
            if key in ATTRIBUTES:
                code = f"{VENDORS[xml.namespace(element)]}.{key}"
                yield _hint(where, code, ATTRIBUTES[key], value)
    else:
        for key, value in xml.attributes(element).items():
            ns, _brace, local = key.removeprefix("{").rpartition("}")
            if ns in VENDORS and local in ATTRIBUTES:
                yield _hint(where, f"{VENDORS[ns]}.{local}", ATTRIBUTES[local], value)
        if name in SPOKEN and xml.namespace(element) == BPMN:
            yield from _spoken(where, xml.text(element))


def _spoken(where: str, text: str) -> Iterator[Finding]:
    ours = translated(text)
    if ours is not None:
        said = _said(EXPRESSION, element=where, value=_short(text), ours=_short(ours))
        yield Finding(where, "vendor.expression", said, ADVICE, Severity.HINT)


def _hint(where: str, code: str, sentence: Text, value: str) -> Finding:
    shown = translated(value) or value
    text = _said(sentence, element=where, value=_short(shown))
    return Finding(where, f"vendor.{code.replace('.', '_')}", text, ADVICE, Severity.HINT)


def _said(sentence: Text, **values: str) -> Text:
    return Text(sentence.key, values)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _owner(element: xml.Element) -> str:
    """Return the id of the nearest BPMN element around that has one."""
    for each in (element, *element.iterancestors()):
        if xml.namespace(each) == BPMN and xml.attribute(each, "id"):
            return xml.attribute(each, "id")
    return ""
