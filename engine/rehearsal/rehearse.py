"""Plays a file: the script's steps as soon as they are possible, then work, then time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.bpmn.model import Diagram, EventKind
from engine.bpmn.read import read_diagram
from engine.bpmn.standard.judge import judge
from engine.errors import ShaodaoError
from engine.rehearsal.cues import Cue, Cues, reserved
from engine.rehearsal.drawing import Drawing, first_error
from engine.rehearsal.host import Decide, no_tables
from engine.rehearsal.part import Post, Work
from engine.rehearsal.partners import partners_of
from engine.rehearsal.post import MESSAGE, SIGNAL, is_called
from engine.rehearsal.stage import OverLimit, Stage
from engine.rehearsal.told import Told, refusal
from engine.run.outcomes import outcomes_of
from engine.spiff.contract import STARVED

Beside = Callable[[str], bytes | None]

MAX_MOVES = 5_000
EVERYTHING = "*"


def nothing(_called: str) -> bytes | None:
    """Find no file beside this one."""
    return None


def rehearse(
    content: bytes,
    name: str,
    *,
    data: Mapping[str, Any] | None = None,
    cues: Cues | None = None,
    idle: frozenset[str] = frozenset(),
    decide: Decide = no_tables,
    beside: Beside = nothing,
) -> Told:
    """Run the file `name` and tell how it went; what cannot be run is told as `refused`.

    `idle` are operations that scripts may name and that do nothing here; `beside` gives the file
    of a called process that is not drawn in this one.
    """
    cues = cues or Cues()
    try:
        diagram = read_diagram(content)
        drawing = Drawing(with_called(diagram, beside), name)
        finding = drawing.refused() or first_error(judge(content, diagram))
        if finding is not None:
            where = {"element": finding.element, "reason": str(finding.text), "code": finding.code}
            return Told(refused=where, ended="")
        drawing.program(drawing.main)
    except ShaodaoError as error:
        return refusal(error)
    stage = Stage(drawing, cues.begin, idle=idle, decide=decide)
    return Play(stage, cues).run(data or {})


def with_called(diagram: Diagram, beside: Beside) -> Diagram:
    """Return the diagram with the called processes that are drawn in files beside it."""
    processes = dict(diagram.processes)
    todo = list(processes.values())
    while todo:
        nodes = todo.pop().nodes.values()
        for called in {node.called for node in nodes if node.called} - set(processes):
            content = beside(called)
            found = read_diagram(content).processes if content else {}
            todo += [each for ident, each in found.items() if ident not in processes]
            processes = {**found, **processes}
    return replace(diagram, processes=processes)


class Play:
    """One rehearsal under way."""

    def __init__(self, stage: Stage, cues: Cues) -> None:
        self.stage = stage
        self.hold = cues.hold
        self.steps = list(cues.steps)
        self.cancelled = False

    def run(self, data: Mapping[str, Any]) -> Told:
        """Play until nothing moves any more, or too much has."""
        told = self.stage.told
        try:
            self.begin(data)
            told.ended = self.until_still()
        except OverLimit:
            told.ended = "completed" if self.has_ended() else "limit"
        except ShaodaoError as error:
            where = str(error.details.get("element", self.stage.drawing.main))
            told.note("error", where, self.stage.drawing.main, code=error.code, reason=str(error))
            told.ended = "error"
        told.missed = [f"{step.kind} {step.name}" for step in self.steps] + told.missed
        told.data = dict(self.stage.main.data()) if self.stage.main else dict(data)
        return told

    def begin(self, data: Mapping[str, Any]) -> None:
        """Start the main process, and those that take part, in the order in which they hear.

        A main process that begins with an event is first left to those who may bring it about:
        other processes, then the script.
        """
        drawing, stage = self.stage.drawing, self.stage
        stage.given = data
        partners = partners_of(drawing.diagram, drawing.processes, drawing.main)
        at = drawing.where_to_start()
        for ident in partners.before:
            stage.begin(ident, {})
        if at is None:
            stage.begin(drawing.main, data)
        for ident in partners.after:
            stage.begin(ident, {})
        stage.calm()
        if not any(self.begins_main(step) for step in self.steps):
            self.begin_main()

    def begins_main(self, step: Cue) -> bool:
        """Tell whether a step of the script is the event that the main process begins with."""
        kind = {MESSAGE: EventKind.MESSAGE, SIGNAL: EventKind.SIGNAL}.get(step.kind)
        if kind is None:
            return False
        starts = self.stage.drawing.starts(kind)
        main = [node for process, node in starts if process == self.stage.drawing.main]
        return any(is_called(step.name, node, kind) for node in main)

    def begin_main(self) -> bool:
        """Begin a main process that nothing has begun at the first event it could begin with."""
        if self.stage.main is not None or self.cancelled:
            return False
        drawing = self.stage.drawing
        self.stage.begin(drawing.main, self.stage.given, at=drawing.where_to_start())
        return True

    def until_still(self) -> str:
        """Move as long as anything can, and say how it ended."""
        for _count in range(MAX_MOVES):
            self.stage.calm()
            if not (self.cue() or self.stage.mail.again() or self.do_work() or self.tick()):
                if self.begin_main():
                    continue
                if not self.steps:
                    return self.verdict()
                step = self.steps.pop(0)
                self.stage.told.missed.append(f"{step.kind} {step.name}")
        raise OverLimit

    def has_ended(self) -> bool:
        """Tell whether the process that was started has ended."""
        return self.stage.main is not None and self.stage.main.over

    def verdict(self) -> str:
        """Return how a rehearsal in which nothing moves any more has ended."""
        if self.cancelled:
            return "cancelled"
        if self.stage.main is not None and self.stage.main.over:
            return "error" if self.stage.main.failed else "completed"
        errors = (line for line in self.stage.told.trace if line["event"] == "error")
        return "error" if any(line["code"] != STARVED for line in errors) else "waiting"

    def cue(self) -> bool:
        """Do the script's next step if it is possible now."""
        if self.steps and self.perform(self.steps[0]):
            self.steps.pop(0)
            return True
        return False

    def perform(self, step: Cue) -> bool:
        """Do a step of the script; False if it has to wait."""
        stage = self.stage
        if step.kind == "wait":
            self.let_pass(step)
        elif step.kind == "cancel":
            if stage.main:
                stage.cancel(stage.main)
            self.cancelled = True
        elif step.kind in (MESSAGE, SIGNAL):
            post = Post(step.kind, step.name, step.data, key=step.key)
            return stage.mail.deliver(post) if step.kind == MESSAGE else stage.mail.broadcast(post)
        else:
            work = next((each for each in stage.work() if self.is_named(each, {step.name})), None)
            if work is None:
                return False
            if step.kind == "fail":
                stage.fail(work, step.code)
            else:
                stage.complete(work, self.result(work, step))
        return True

    def let_pass(self, step: Cue) -> None:
        """Let time pass; what is open stays open, timers fire when they are due."""
        until = self.stage.now + step.lasting
        while (alarm := self.stage.next_alarm()) and alarm[0] <= until:
            self.stage.ring(*alarm)
            self.stage.calm()
        self.stage.now = until

    def is_named(self, work: Work, names: set[str] | frozenset[str]) -> bool:
        """Tell whether a piece of work is among those named, by id or by drawn name."""
        element = work.waiting.element
        node = self.stage.drawing.node(work.part.process, element)
        return bool(names & {element, node.name, EVERYTHING} - {""})

    def result(self, work: Work, step: Cue | None) -> dict[str, Any]:
        """Return what a person hands in: the outcome asked for, else the first button."""
        node = self.stage.drawing.node(work.part.process, work.waiting.element)
        outcomes = outcomes_of(node)
        outcome = (step.outcome if step else "") or (outcomes[0] if outcomes else "")
        said = {"outcome": outcome} if outcome else {}
        return {**said, **(step.data if step else {})}

    def do_work(self) -> bool:
        """Do the oldest piece of work that nothing holds."""
        held = self.hold | reserved(self.steps)
        for work in self.stage.work():
            if not self.is_named(work, held):
                self.stage.complete(work, self.result(work, None))
                return True
        return False

    def tick(self) -> bool:
        """Let the next timer come due."""
        alarm = self.stage.next_alarm()
        if alarm is None:
            return False
        self.stage.ring(*alarm)
        return True
