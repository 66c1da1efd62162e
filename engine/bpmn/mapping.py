"""What calls pass: `in` and `out` (`unit = item.unit; kind = item.kind`, or bare names), and data.

A call activity that draws inputs and outputs passes them too, under their names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.errors import Invalid
from engine.i18n import _

if TYPE_CHECKING:
    from engine.bpmn.model import Node, Variable

NAME = re.compile(r"[^\W\d]\w*")
PART = re.compile(r"""(?:[^;"'\n]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')+""")
ASSIGNMENT = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)\s*(.+)", re.DOTALL)


def read_mapping(text: str) -> tuple[tuple[str, str], ...]:
    """Split a mapping into (name, expression) pairs; a bare name passes itself.

    Parts are separated by semicolons or line ends. Raises Invalid `mapping.malformed`.
    """
    parts = (part.strip() for part in PART.findall(text))
    return tuple(_pair(part) for part in parts if part)


def _pair(part: str) -> tuple[str, str]:
    if NAME.fullmatch(part):
        return part, part
    match = ASSIGNMENT.fullmatch(part)
    if match is None:
        text = _("“{part}”不是“名称 = 表达式”", part=part)
        raise Invalid("mapping.malformed", text, part=part)
    return match[1], match[2].strip()


def passed_in(node: Node) -> tuple[tuple[str, str], ...]:
    """Return what a called process begins with: the inputs drawn on the call, and `in`."""
    names = {each.name: said(each) for each in node.variables}
    drawn = {names[copy.target]: copy.target for copy in node.takes if copy.target in names}
    return tuple((drawn | dict(read_mapping(node.properties.get("in", "")))).items())


def passed_out(node: Node) -> tuple[tuple[str, str], ...]:
    """Return what a called process gives back: the outputs drawn on the call, and `out`."""
    outputs = [said(each) for each in node.variables if each.output]
    if node.multi and node.multi.answer:
        outputs.append(node.multi.answer)
    drawn = {name: name for name in outputs}
    return tuple((drawn | dict(read_mapping(node.properties.get("out", "")))).items())


def passed_on(node: Node) -> tuple[tuple[str, str], ...]:
    """Return what goes with a message or signal: the inputs drawn on its event, and `out`."""
    names = {each.name: said(each) for each in node.variables}
    drawn = {names.get(copy.target, copy.target): copy.source for copy in node.takes if copy.target}
    return tuple((drawn | dict(read_mapping(node.properties.get("out", "")))).items())


def said(variable: Variable) -> str:
    """Return what a variable is called between processes: its drawn name where it has one."""
    return variable.called[0] if variable.called else variable.name
