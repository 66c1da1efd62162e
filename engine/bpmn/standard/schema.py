"""What the schema of BPMN 2.0 says against a file, in words that help at a drawing.

Many tools write valid drawings in another order than the schema's, or with attributes of their own:
that is told and runs. Refused is only what would mean something else than it says: elements in
BPMN's name that BPMN does not have, and values that BPMN does not know (`isInterrupting="no"`).
What is missing and matters is asked for by the rules about the drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.finding import Finding, Rule, Severity
from engine.bpmn.references import BPMN
from engine.bpmn.standard.sheet import here
from engine.i18n import _

MOST = 20
ATTRIBUTE = re.compile(r"attribute '(?:\{[^}]*\})?([^'}]+)'")
VALUE = re.compile(r"'([^']*)' is not a valid value of the (?:atomic|union|list) type '([^']*)'")
FREE = frozenset({"xs:ID", "xs:QName", "xs:IDREF", "xs:anyURI", "xs:NCName"})
"""Types of names: tools break their spelling rules, and a name is a name all the same."""

E, W = Severity.ERROR, Severity.WARNING
UNKNOWN_ELEMENT: Rule[None] = Rule(
    "schema.unknown_element",
    E,
    lambda _none: (),
    _("第 {line} 行的 {tag} 不是 BPMN 2.0 的元素"),
    _("请删掉它，或改用 BPMN 的元素"),
)
UNKNOWN_ATTRIBUTE: Rule[None] = Rule(
    "schema.unknown_attribute",
    W,
    lambda _none: (),
    _("第 {line} 行的 {tag} 没有 {key} 这个属性"),
    _("请检查属性名的拼写，或写进扩展（extensionElements）"),
)
WRONG_VALUE: Rule[None] = Rule(
    "schema.wrong_value",
    E,
    lambda _none: (),
    _("第 {line} 行 {tag} 的属性 {key} 不能是“{value}”"),
    _("请改成 BPMN 规定的值，例如 true 或 false"),
)
MISSING_ATTRIBUTE: Rule[None] = Rule(
    "schema.missing_attribute",
    W,
    lambda _none: (),
    _("第 {line} 行的 {tag} 缺少属性 {key}"),
    _("请补上这个属性"),
)
MISPLACED: Rule[None] = Rule(
    "schema.misplaced",
    W,
    lambda _none: (),
    _("第 {line} 行的 {tag} 不该写在 {parent} 的这个位置，或次序不对"),
    _("运行不受影响；在设计器里重新保存即可改正"),
)
INCOMPLETE: Rule[None] = Rule(
    "schema.incomplete",
    W,
    lambda _none: (),
    _("第 {line} 行的 {tag} 里缺少必需的内容"),
    _("请补上缺少的部分"),
)
OTHER: Rule[None] = Rule(
    "schema.other",
    W,
    lambda _none: (),
    _("第 {line} 行的 {tag} 不符合 BPMN 2.0 的文件格式"),
    _("运行不受影响；在设计器里重新保存即可改正"),
)
SCHEMA = (
    *(UNKNOWN_ELEMENT, UNKNOWN_ATTRIBUTE, WRONG_VALUE),
    *(MISSING_ATTRIBUTE, MISPLACED, INCOMPLETE, OTHER),
)


def against_schema(root: xml.Element) -> Iterator[Finding]:
    """Yield what the schema finds, once an element and reason, the first twenty of a file."""
    seen: set[tuple[str, int, str, str]] = set()
    for each in xml.violations(root):
        rule, words = _judged(each)
        tag = xml.name(each.element) if each.element is not None else "?"
        key = (rule.code, each.line, tag, str(words.get("key", "")))
        if key in seen:
            continue
        seen.add(key)
        yield rule.finding(_spot(each, words | {"tag": tag}))
        if len(seen) >= MOST:
            return


def _spot(violation: xml.Violation, words: dict[str, str]) -> Spot:
    if violation.element is None:
        return Spot("", {"line": violation.line, **words})
    spot = here(violation.element)
    return Spot(spot.element, {**spot.words, "line": violation.line, **words})


def _judged(said: xml.Violation) -> tuple[Rule[None], dict[str, str]]:
    ours = said.element is not None and xml.namespace(said.element) == BPMN
    attribute = ATTRIBUTE.search(said.message)
    key = attribute[1] if attribute else ""
    if said.kind == "SCHEMAV_ELEMENT_CONTENT":
        return _content(said)
    if said.kind == "SCHEMAV_CVC_COMPLEX_TYPE_4":
        missing = re.search(r"The attribute '([^']+)'", said.message)
        return MISSING_ATTRIBUTE, {"key": missing[1] if missing else "?"}
    if said.kind in {"SCHEMAV_CVC_COMPLEX_TYPE_3_2_1", "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2"} and ours:
        return UNKNOWN_ATTRIBUTE, {"key": key}
    value = VALUE.search(said.message)
    if ours and key and value and value[2] not in FREE:
        return WRONG_VALUE, {"key": key, "value": value[1]}
    if ours and key and said.kind == "SCHEMAV_CVC_ENUMERATION_VALID":
        written = xml.attribute(said.element, key) if said.element is not None else ""
        return WRONG_VALUE, {"key": key, "value": written}
    return OTHER, {}


def _content(said: xml.Violation) -> tuple[Rule[None], dict[str, str]]:
    if "not expected" not in said.message or said.element is None:
        return INCOMPLETE, {}
    parent = xml.parent(said.element)
    around = xml.name(parent) if parent is not None else ""
    unknown = (
        xml.namespace(said.element) == BPMN and xml.name(said.element) not in xml.schema_names()
    )
    return (UNKNOWN_ELEMENT if unknown else MISPLACED), {"parent": around}
