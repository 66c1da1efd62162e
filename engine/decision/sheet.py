"""A table as texts in rows and columns: what people edit, and what is written as a DMN file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.decision.table import Table
from engine.expr import Expression, plain

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


@dataclass(frozen=True)
class Heading:
    """A column. `text` is an input's expression or an output's name; `listed` its literals."""

    text: str
    label: str = ""
    kind: str = ""
    listed: tuple[Any, ...] = ()
    default: str = ""


@dataclass(frozen=True)
class Line:
    """A row: the texts of its input cells, then of its output cells, and its note."""

    cells: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A whole table of texts. Nothing in it is checked: reading what was written does that."""

    key: str
    name: str
    policy: str
    inputs: tuple[Heading, ...]
    outputs: tuple[Heading, ...]
    lines: tuple[Line, ...]
    aggregation: str = ""


def sheet_of(table: Table) -> Sheet:
    """Return a table's texts. Requirements of other tables are not among them."""
    inputs = (Heading(i.expression.text, i.label, i.kind, i.listed) for i in table.inputs)
    outputs = (Heading(o.name, o.label, "", o.listed, _text(o.default)) for o in table.outputs)
    lines = (
        Line((*(c.text for c in rule.inputs), *map(_text, rule.outputs)), rule.note)
        for rule in table.rules
    )
    return Sheet(
        key=table.key,
        name=table.name,
        policy=table.hit_policy.value,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        lines=tuple(lines),
        aggregation=table.aggregation,
    )


def spelled(value: Any) -> str:
    """Return the literal of a value: text in quotes, a date as `date("…")`."""
    if isinstance(value, datetime):
        return f'date and time("{value.isoformat()}")'
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    if isinstance(value, timedelta):
        return f'duration("{plain(value)}")'
    return json.dumps(value, ensure_ascii=False)


def write_dmn(sheet: Sheet) -> bytes:
    """Return a DMN file with one table, laid out so that a row is a line to compare."""
    return "\n".join(_file(sheet)).encode() + b"\n"


def _file(sheet: Sheet) -> Iterator[str]:
    key = sheet.key
    name = quoteattr(sheet.name)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<definitions xmlns="{NAMESPACE}" id="{key}_definitions" name={name}'
        ' namespace="urn:shaodao:tables">'
    )
    yield f'  <decision id="{key}" name={name}>'
    gathered = f' aggregation="{sheet.aggregation}"' if sheet.aggregation else ""
    yield f'    <decisionTable id="{key}_table" hitPolicy="{sheet.policy}"{gathered}>'
    for number, heading in enumerate(sheet.inputs, 1):
        yield from _input(f"{key}_in{number}", heading)
    for number, heading in enumerate(sheet.outputs, 1):
        yield from _output(f"{key}_out{number}", heading)
    for number, line in enumerate(sheet.lines, 1):
        yield from _rule(f"{key}_r{number}", line, len(sheet.inputs))
    yield "    </decisionTable>\n  </decision>\n</definitions>"


def _input(element: str, heading: Heading) -> Iterator[str]:
    kind = f" typeRef={quoteattr(heading.kind)}" if heading.kind else ""
    yield f'      <input id="{element}" label={quoteattr(heading.label)}>'
    expression = f'<inputExpression id="{element}_text"{kind}>{_cell(heading.text)}'
    yield f"        {expression}</inputExpression>"
    if heading.listed:
        yield f'        <inputValues id="{element}_values">{_cell(_listed(heading))}</inputValues>'
    yield "      </input>"


def _output(element: str, heading: Heading) -> Iterator[str]:
    said = f'label={quoteattr(heading.label)} name="{heading.text}"'
    if not heading.listed and not heading.default:
        yield f'      <output id="{element}" {said} />'
        return
    yield f'      <output id="{element}" {said}>'
    if heading.listed:
        values = f'<outputValues id="{element}_values">{_cell(_listed(heading))}</outputValues>'
        yield f"        {values}"
    if heading.default:
        yield f"        <defaultOutputEntry>{_cell(heading.default)}</defaultOutputEntry>"
    yield "      </output>"


def _rule(element: str, line: Line, inputs: int) -> Iterator[str]:
    yield f'      <rule id="{element}">'
    if line.note:
        yield f"        <description>{escape(line.note)}</description>"
    for number, cell in enumerate(line.cells, 1):
        tag, nth = ("input", number) if number <= inputs else ("output", number - inputs)
        short = "in" if tag == "input" else "out"
        yield f'        <{tag}Entry id="{element}_{short}{nth}">{_cell(cell)}</{tag}Entry>'
    yield "      </rule>"


def _cell(text: str) -> str:
    return f"<text>{escape(text)}</text>"


def _listed(heading: Heading) -> str:
    return ", ".join(map(spelled, heading.listed))


def _text(cell: Expression | None) -> str:
    return cell.text if cell is not None else ""
