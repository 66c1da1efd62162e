"""What a file as a whole asks for that is not done here: extensions, imports, other diagrams."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.references import BPMN
from engine.bpmn.standard.sheet import Sheet, here

TALKS = (
    *("choreography", "globalChoreographyTask", "globalConversation"),
    *("conversation", "subConversation", "callConversation"),
)


def must_be_understood(sheet: Sheet) -> Iterator[Spot]:
    """Extensions without which, the file says, it would be misunderstood."""
    for extension in sheet.all("extension"):
        if xml.attribute(extension, "mustUnderstand") in {"true", "1"}:
            yield here(extension, ref=xml.attribute(extension, "definition"))


def imported_drawings(sheet: Sheet) -> Iterator[Spot]:
    """Other BPMN files that are to be read with this one."""
    for each in sheet.all("import"):
        if xml.attribute(each, "importType") == BPMN:
            yield here(each, ref=xml.attribute(each, "location"))


def talks(sheet: Sheet) -> Iterator[Spot]:
    """Choreographies and conversations: they tell who talks to whom, and nothing runs them."""
    return (here(each) for each in sheet.all(*TALKS))


def public_processes(sheet: Sheet) -> Iterator[Spot]:
    """Public processes, which only tell what others see, marked as to be run."""
    for process in sheet.all("process"):
        executable = xml.attribute(process, "isExecutable") in {"true", "1"}
        if executable and xml.attribute(process, "processType") == "Public":
            yield here(process)
