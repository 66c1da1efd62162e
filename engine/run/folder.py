"""A deployed folder: diagrams, forms and labels of one version, read once and kept.

A version never changes, so what is read here is shared by every instance and every thread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from threading import Lock
from uuid import UUID

import orjson

from engine.bpmn.model import Diagram, Node, Process
from engine.bpmn.read import read_diagram
from engine.bpmn.starts import event_starts
from engine.errors import Broken
from engine.forms import Form, read_form
from engine.i18n import _
from engine.labels import Labels, read_labels
from engine.spiff.build import build
from engine.spiff.program import Program

LABELS = "labels.toml"
PART = "#"  # cannot stand in an XML id


class Folder:
    """One version of a process folder. `files` maps names to texts; tables are not among them."""

    def __init__(self, definition_id: UUID, key: str, version: int, files: Mapping[str, str]):
        self.id = definition_id
        self.key = key
        self.version = version
        self.files = files
        self._parts: dict[str, Process] = {}
        self._programs: dict[str, Program] = {}
        self._forms: dict[str, Form] = {}
        self._building = Lock()

    @cached_property
    def diagrams(self) -> Mapping[str, Diagram]:
        """The diagrams by file name."""
        return {
            name: read_diagram(text.encode())
            for name, text in sorted(self.files.items())
            if name.endswith(".bpmn")
        }

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """File name of each drawn process."""
        return {
            process: name
            for name, diagram in self.diagrams.items()
            for process in diagram.processes
        }

    @cached_property
    def begins_by_itself(self) -> bool:
        """Whether one of its processes is drawn to begin at a message, a signal or a time."""
        return any(event_starts(self.process(process)) for process in self.sources)

    @cached_property
    def labels(self) -> Labels:
        """The folder's own words."""
        return read_labels(self.files.get(LABELS, ""))

    @property
    def main(self) -> str:
        """Id of the process to start: named like the folder, else the only one."""
        if self.key in self.sources or not self.sources:
            return self.key
        return min(self.sources)

    def has(self, process: str) -> bool:
        """Tell whether a process, or a part of one, is drawn in this folder."""
        whole, _hash, part = process.partition(PART)
        return whole in self.sources and (not part or part in self.process(whole).nodes)

    def process(self, process: str) -> Process:
        """Return a drawn process. Of a part (`part_name`) it has the drawing and no properties."""
        if process in self._parts:
            return self._parts[process]
        whole, _hash, part = process.partition(PART)
        if whole not in self.sources:
            raise Broken(
                "definition.process_missing",
                _("流程文件夹“{key}”里没有名为“{process}”的流程。", key=self.key, process=process),
            )
        drawn = self.diagrams[self.sources[whole]].processes[whole]
        if part:
            return self._parts.setdefault(process, replace(drawn, properties={}))
        return drawn

    def xml(self, process: str) -> str:
        """Return the diagram's text, as drawn."""
        return self.files[self.sources[whole_name(process)]]

    def node(self, process: str, element: str) -> Node:
        """Return a drawn node."""
        return self.process(process).nodes[element]

    def program(self, process: str) -> Program:
        """Return what the fence runs; built once."""
        with self._building:
            if process not in self._programs:
                part = process.partition(PART)[2]
                self._programs[process] = build(self.process(process), part=part)
            return self._programs[process]

    def form(self, name: str) -> Form:
        """Return the form `<name>.form.json`."""
        if name not in self._forms:
            source = self.files.get(f"{name}.form.json")
            if source is None:
                raise Broken("form.missing", _("流程里没有名为“{name}”的表单。", name=name))
            self._forms[name] = read_form(source)
        return self._forms[name]


def whole_name(process: str) -> str:
    """Return the drawn process that an instance runs, or runs a part of."""
    return process.partition(PART)[0]


def part_name(process: str, element: str) -> str:
    """Name the content of a sub-process that runs as an instance of its own."""
    return f"{whole_name(process)}{PART}{element}"


def content_hash(files: Mapping[str, str]) -> str:
    """Name a version by its content: SHA-256 of its names and texts."""
    return hashlib.sha256(orjson.dumps(dict(files), option=orjson.OPT_SORT_KEYS)).hexdigest()
