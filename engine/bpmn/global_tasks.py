"""Global tasks: a task that stands alone in the file and is called; read as a process of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from engine import xml
from engine.bpmn.model import Kind, Process
from engine.bpmn.read_node import read_node
from engine.bpmn.references import BPMN, References

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "globalTask": Kind.TASK,
        "globalUserTask": Kind.USER_TASK,
        "globalManualTask": Kind.MANUAL_TASK,
        "globalScriptTask": Kind.SCRIPT_TASK,
        "globalBusinessRuleTask": Kind.RULE_TASK,
    }
)


def global_tasks(root: xml.Element, references: References) -> Iterator[Process]:
    """Yield the global tasks of a file that have an id; nobody can call the others."""
    for element in xml.children(root, BPMN):
        kind = KINDS.get(xml.name(element))
        ident = xml.attribute(element, "id")
        if kind is not None and ident:
            node, _unknown = read_node(element, references, scope="", lane="", kind=kind)
            nodes = MappingProxyType({ident: node})
            yield Process(ident, xml.attribute(element, "name"), executable=False, nodes=nodes)
