"""Writes DMN files for tests, so that a story shows a table and not XML."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

import pytest

Writer: TypeAlias = Callable[..., bytes]

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def write(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    key: str = "decide",
    listed: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    namespace: str = NAMESPACE,
) -> bytes:
    """Return a DMN file with one table; a row lists its input cells, then its output cells."""
    heads = "".join(
        f"<input id='i{n}' label={quoteattr(text)}><inputExpression id='e{n}'{kind_of(text, kinds)}>"
        f"<text>{escape(text)}</text></inputExpression></input>"
        for n, text in enumerate(inputs)
    )
    heads += "".join(
        f"<output id='o{n}' name={quoteattr(o)}>"
        f"{text_of('outputValues', o, listed)}{text_of('defaultOutputEntry', o, defaults)}</output>"
        for n, o in enumerate(outputs)
    )
    body = ""
    for row in rows:
        cells = [f"<inputEntry><text>{escape(c)}</text></inputEntry>" for c in row[: len(inputs)]]
        cells += [
            f"<outputEntry><text>{escape(c)}</text></outputEntry>" for c in row[len(inputs) :]
        ]
        body += f"<rule>{''.join(cells)}</rule>"
    gathered = f" aggregation='{aggregation}'" if aggregation else ""
    return (
        f"<definitions xmlns='{namespace}' id='d' name='d' namespace='n'>"
        f"<decision id='{key}' name='判定'><decisionTable hitPolicy='{policy}'{gathered}>"
        f"{heads}{body}</decisionTable></decision></definitions>"
    ).encode()


def text_of(tag: str, output: str, texts: Mapping[str, str] | None) -> str:
    """Return an element with the text an output has, nothing where it has none."""
    found = (texts or {}).get(output)
    return f"<{tag}><text>{escape(found)}</text></{tag}>" if found else ""


def kind_of(column: str, kinds: Mapping[str, str] | None) -> str:
    """Return the attribute that says of what type a column is."""
    found = (kinds or {}).get(column)
    return f" typeRef='{found}'" if found else ""


@pytest.fixture(scope="session")
def dmn() -> Writer:
    """Give the function that writes a DMN file with one table."""
    return write
