"""Words of deployed folders: names of steps, buttons, statuses and clocks, by definition id.

A version never changes, so what was read of it once is good for every later page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.bpmn.model import Node, Process
from engine.decision import Table
from engine.errors import Broken
from engine.forms import EMPTY_FORM, Form
from engine.labels import Labels
from engine.run.folder import Folder
from engine.run.library import Library
from engine.run.outcomes import outcomes_of, usual_of
from processes.reads.rows import Button


@dataclass(frozen=True)
class Drawn:
    """One drawn process of a version, with words in one language."""

    folder: Folder
    process: Process
    labels: Labels
    locale: str

    def word(self, section: str, code: str) -> str:
        """Return the words for a code of a section of labels.toml, or the code."""
        return self.labels.of(section, code, self.locale)

    def node(self, element: str | None) -> Node | None:
        """Return a drawn node, None where the id is not one."""
        return self.process.nodes.get(element or "")

    def name(self, element: str | None) -> str:
        """Return what an element is called: its label, else what is drawn, else its id."""
        code = element or self.process.id
        if self.labels.has("elements", code):
            return self.word("elements", code)
        node = self.node(code)
        drawn = node.name if node else self.process.name if code == self.process.id else ""
        return drawn or code

    def outcome(self, element: str | None, code: str) -> str:
        """Return what a button is called: by the step's own label, else by the outcome's."""
        own = f"{element}.{code}"
        return self.word("outcomes", own if self.labels.has("outcomes", own) else code)

    def status(self, element: str | None) -> str:
        """Return the status that a step stands for: its own, else that of what it is drawn in."""
        node = self.node(element)
        while node is not None:
            if status := node.properties.get("status"):
                return status
            node = self.node(node.scope)
        return ""

    def buttons(self, element: str) -> tuple[Button, ...]:
        """Return the drawn outcomes of a step; the first drawn is the primary one."""
        node = self.node(element)
        codes = outcomes_of(node) if node else ()
        return tuple(
            Button(outcome=code, label=self.outcome(element, code), primary=place == 0)
            for place, code in enumerate(codes)
        )

    def usual(self, element: str) -> str:
        """Return the outcome that a step's form opens with, "" where the person has to choose."""
        node = self.node(element)
        return usual_of(node) if node else ""

    def form(self, element: str | None) -> Form:
        """Return the form of a step, an empty one where none is drawn."""
        node = self.node(element)
        name = node.properties.get("form", "") if node else ""
        return self.folder.form(name) if name else EMPTY_FORM


class Folders:
    """The deployed folders as readers need them. `shared` are the labels all of them lean on."""

    def __init__(self, library: Library, shared: Labels) -> None:
        self.library = library
        self._merged: dict[UUID, Labels] = {}
        self.shared = shared

    def drawn(
        self, connection: Connection, definition_id: UUID, process: str, locale: str
    ) -> Drawn:
        """Return a drawn process; a version not seen before costs one statement."""
        folder = self.library.folder(connection, definition_id)
        labels = self._merged.get(definition_id)
        if labels is None:
            labels = self._merged.setdefault(definition_id, self.shared.merge(folder.labels))
        return Drawn(folder, folder.process(process), labels, locale)

    def table(self, connection: Connection, key: str, at: datetime) -> Table | None:
        """Return the version of a decision table in force at an instant, None without one."""
        try:
            return self.library.table(connection, key, at)[1]
        except Broken:
            return None

    def version(self, connection: Connection, key: str, version: UUID) -> Table | None:
        """Return a version of a decision table, None for one that is not there."""
        try:
            return self.library.version(connection, key, version)
        except (Broken, KeyError):
            return None

    def word(self, section: str, code: str, locale: str) -> str:
        """Return the shared words for a code."""
        return self.shared.of(section, code, locale)

    def words(self, section: str, codes: Iterable[str], locale: str) -> tuple[str, ...]:
        """Return the shared words for codes, each once, in their order."""
        return tuple(self.word(section, code, locale) for code in dict.fromkeys(codes))
