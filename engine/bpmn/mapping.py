"""The text of `in` and `out` properties: `unit = item.unit; kind = item.kind`, or bare names."""

from __future__ import annotations

import re

from engine.errors import Invalid
from engine.i18n import _

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
