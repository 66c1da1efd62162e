"""Decisions that read other decisions of their file: drawn as `requiredDecision`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine import xml
from engine.errors import Invalid
from engine.i18n import _

if TYPE_CHECKING:
    from engine.decision.table import Table

MAX_REQUIRED = 100
"""Tables that a table asks, counted through all that these ask in turn."""


@dataclass(frozen=True)
class Drawn:
    """A table as drawn, and the ids of the decisions it requires."""

    table: Table
    required: tuple[str, ...]


def required_by(decision: xml.Element, key: str) -> tuple[str, ...]:
    """Return the ids of the decisions that a decision requires.

    Raises Invalid("table.requires") for one of another file, or whose id is no name.
    """
    found: list[str] = []
    for requirement in xml.children(decision, tag="informationRequirement"):
        for each in xml.children(requirement, tag="requiredDecision"):
            target = xml.attribute(each, "href")
            if not target.startswith("#") or not target[1:].isidentifier():
                sentence = _(
                    "决策“{key}”要用的决策“{target}”不在这个文件里，或编号不能当名字用",
                    key=key,
                    target=target,
                )
                raise Invalid("table.requires", sentence, element=key)
            found.append(target[1:])
    return tuple(dict.fromkeys(found))


def linked(drawn: Sequence[Drawn]) -> tuple[Table, ...]:
    """Return the tables, each holding those it requires. Raises Invalid("table.requires")."""
    known = {each.table.key: each for each in drawn}
    return tuple(_with_required(each, known, [MAX_REQUIRED]) for each in drawn)


def _with_required(each: Drawn, known: Mapping[str, Drawn], budget: list[int]) -> Table:
    budget[0] -= 1
    if budget[0] < 0:
        sentence = _("决策“{key}”绕了一圈又要用到自己，或层层相扣太多", key=each.table.key)
        raise Invalid("table.requires", sentence, element=each.table.key)
    for key in each.required:
        if key not in known:
            sentence = _(
                "决策“{key}”要用的决策“{target}”不在这个文件里", key=each.table.key, target=key
            )
            raise Invalid("table.requires", sentence, element=each.table.key)
    required = tuple(_with_required(known[key], known, budget) for key in each.required)
    return replace(each.table, required=required) if required else each.table
