"""Names for what BPMN draws as data: a variable is said by its id, or by its drawn name.

Expressions cannot say every id: what no name can hold becomes `_`. A drawn name is only another
way to say it where it means one thing: nothing else in the scope, and no element, is called so.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from engine import xml
from engine.bpmn.mapping import NAME
from engine.bpmn.model import Variable
from engine.bpmn.references import BPMN, local

HELD = frozenset({"dataObject", "property", "dataInput", "dataOutput"})
FILLED = "dataOutput"
REFERENCE = "dataObjectReference"
STORES = frozenset({"dataStore", "dataStoreReference"})
SETS = frozenset({"ioSpecification"})
WORDS = frozenset({*keyword.kwlist, "true", "false", "null", "case", "item", "index", "results"})
"""Names that mean something else in an expression."""


@dataclass(frozen=True)
class Held:
    """A variable and the element it lives with: a process, a sub-process, an activity, an event."""

    variable: Variable
    owner: str


@dataclass(frozen=True)
class Variables:
    """The variables of a process by the ids that may refer to them, and its data stores."""

    by_id: Mapping[str, Held] = field(default_factory=dict)
    stores: frozenset[str] = frozenset()

    def of(self, owner: str) -> tuple[Variable, ...]:
        """Return the variables that live with an element, as drawn."""
        own = (held.variable for held in self.by_id.values() if held.owner == owner)
        return tuple(dict.fromkeys(own))


def read_variables(process: xml.Element, elements: Iterable[str]) -> Variables:
    """Collect what a process draws as data; `elements` are the ids of its nodes."""
    drawn = [
        each
        for each in xml.descendants(process, BPMN)
        if xml.name(each) in HELD | {REFERENCE} and xml.attribute(each, "id")
    ]
    held = [each for each in drawn if xml.name(each) in HELD]
    root = xml.root_of(process)
    stores = frozenset(
        xml.attribute(each, "id")
        for each in xml.descendants(root, BPMN)
        if xml.name(each) in STORES
    )
    pointing = {
        xml.attribute(each, "id"): (local(xml.attribute(each, "dataObjectRef")), each)
        for each in drawn
        if xml.name(each) == REFERENCE
    }
    names = _names([xml.attribute(each, "id") for each in held], {*elements, *WORDS})
    wishes = {
        xml.attribute(each, "id"): [xml.attribute(each, "name"), xml.attribute(each, "id")]
        for each in held
    }
    for ident, (target, each) in pointing.items():
        wishes.get(target, []).extend((ident, xml.attribute(each, "name")))
    found = {xml.attribute(each, "id"): _held(each, process, names) for each in held}
    found = _with_other_names(found, wishes, {*names.values(), *elements})
    pointed = {i: found[target] for i, (target, _e) in pointing.items() if target in found}
    return Variables(MappingProxyType({**found, **pointed}), stores)


def as_name(ident: str) -> str:
    """Return an id as an expression can say it."""
    return re.sub(r"\W", "_", ident)


def _names(idents: Iterable[str], taken: set[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for ident in idents:
        name = as_name(ident)
        while name in taken or not NAME.fullmatch(name):
            name = f"{name}_" if NAME.fullmatch(name) else f"_{name}"
        taken.add(name)
        names[ident] = name
    return names


def _held(element: xml.Element, process: xml.Element, names: Mapping[str, str]) -> Held:
    around = xml.parent(element)
    while around is not None and xml.name(around) in SETS:
        around = xml.parent(around)
    owner = "" if around is None or around is process else xml.attribute(around, "id")
    ident = xml.attribute(element, "id")
    return Held(
        Variable(
            ident,
            names[ident],
            collection=xml.attribute(element, "isCollection") in {"true", "1"},
            output=xml.name(element) == FILLED,
        ),
        owner,
    )


def _with_other_names(
    found: Mapping[str, Held], wishes: Mapping[str, list[str]], taken: set[str]
) -> dict[str, Held]:
    wanted = {
        ident: {each for each in wishes[ident] if NAME.fullmatch(each)} - WORDS - taken
        for ident in found
    }
    counts = Counter((found[i].owner, name) for i, names in wanted.items() for name in names)
    given: dict[str, Held] = {}
    for ident, held in found.items():
        alone = sorted(name for name in wanted[ident] if counts[held.owner, name] == 1)
        given[ident] = replace(held, variable=replace(held.variable, called=tuple(alone)))
    return given
