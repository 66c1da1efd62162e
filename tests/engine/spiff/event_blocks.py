"""Draws sound diagrams full of events by chance, on top of the plain blocks."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.bpmn.model import EventDefinition, EventKind, Process, TimerKind
from tests.engine.spiff.blocks import Block, Pen, leaves, wider
from tests.engine.spiff.drawing import draw

GUARDS = (
    *("error", "any-error", "escalation", "late-escalation", "cancel", "terminate"),
    *("message", "note", "signal", "handle-error", "handle-message", "handle-note", "handle-cycle"),
)

HALT = EventDefinition(EventKind.MESSAGE, ref="halt")
NOTE = EventDefinition(EventKind.SIGNAL, ref="note")
HOUR = EventDefinition(EventKind.TIMER, timer=TimerKind.DURATION, text="PT1H")

single = st.tuples(
    st.sampled_from(["first", "link", "await", "send", "guarded_task", "either", "both"])
)
eventful = leaves | single


def wider_with_events(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    """Blocks made of smaller ones, some with something that catches what happens inside."""
    return wider(inner) | st.tuples(st.just("guarded"), st.sampled_from(GUARDS), inner)


few = eventful | wider_with_events(eventful)
event_blocks = wider_with_events(few | wider_with_events(few))


class EventPen(Pen):
    """Draws blocks with events; every one of them has one way in and one way out."""

    def draw_first(self) -> None:
        """Three things are waited for; the first goes on."""
        gateway = self.add("race")
        ends = []
        for kind in ("catch~message=yes", "receive~message=no", "catch"):
            self.at = gateway
            self.add(kind)
            ends.append(self.add("service"))
        self.merge(ends)

    def draw_link(self) -> None:
        """Jump."""
        name = f"l{self.count}"
        self.add(f"throw~link={name}")
        self.at = self.node(f"catch~link={name}")
        self.add("task")

    def draw_await(self) -> None:
        """One branch waits for what a person says in the other."""
        split = self.add("and")
        asked = self.add("user")
        ends = [self.at]
        self.at = split
        ends.append(self.add(f"catch~condition={asked}.outcome"))
        self.merge(ends, "and")

    def draw_send(self) -> None:
        """Throw what nobody in here waits for."""
        self.add("send~message=out")
        self.add("throw~signal=nobody")
        self.add("throw~escalation=nobody")

    def draw_guarded_task(self) -> None:
        """A step with a message that interrupts it and a condition beside it."""
        activity = self.add("user")
        ends = [activity]
        self.at = self.node("stop~message=halt", on=activity)
        ends.append(self.add("user"))
        self.at = self.node(f"remind~condition={activity}.outcome", on=activity)
        self.add("service")
        self.merge(ends)

    def draw_either(self) -> None:
        """One event waits for any of three things, another beside a step for two."""
        self.add("catch", events=(HALT, NOTE, HOUR))
        activity = self.add("user")
        self.at = self.node("stop", on=activity, events=(HALT, HOUR))
        self.merge([activity, self.add("user")])

    def draw_both(self) -> None:
        """Both of two things have to come; then two are thrown at once."""
        self.add("catch", events=(NOTE, HOUR), attributes={"parallelMultiple": "true"})
        self.add("throw", events=(HALT, EventDefinition(EventKind.SIGNAL, ref="inside")))

    def draw_guarded(self, how: str, inner: Block) -> None:
        """A sub-process; a person inside may say "b", and what is caught then depends on `how`."""
        activity = self.add("transaction" if how == "cancel" else "sub")
        place, self.place, self.at = self.place, f"{self.place}{activity}/", ""
        self.at = self.node("start")
        self.block(inner)
        asked = self.add("user")
        gateway = self.add("xor")
        thrown = {
            "error": "end~error=E1",
            "any-error": "end~error=E2",
            "handle-error": "end~error=E3",
            "escalation": "end~escalation=up",
            "late-escalation": "throw~escalation=late",
            "cancel": "end~cancel",
            "terminate": "end~terminate",
        }.get(how, "end~signal=inside")
        self.go(self.node(thrown), f'[{asked}.outcome == "b"]')
        self.at = gateway
        self.go(self.node("end"), "*")
        if how.startswith("handle"):
            self.handler(how)
        self.place = place
        self.border(activity, how)

    def handler(self, how: str) -> None:
        """An event sub-process beside what has been drawn in this scope."""
        place = self.place
        handler = self.node("handler")
        self.place = f"{place}{handler}/"
        start = {
            "handle-error": "start~error=E3",
            "handle-message": "start~message=stop",
            "handle-note": "beside~message=note",
            "handle-cycle": "beside~timer=R/PT1H",
        }[how]
        self.at = self.node(start)
        self.add("service" if how == "handle-cycle" else "user")
        self.place = place

    def border(self, activity: str, how: str) -> None:
        """The boundary event that catches, and the merge behind it."""
        caught = {
            "error": "stop~error=E1",
            "any-error": "stop~error",
            "escalation": "stop~escalation",
            "late-escalation": "remind~escalation=late",
            "cancel": "stop~cancel",
            "message": "stop~message=halt",
            "note": "remind~message=note",
            "signal": "stop~signal=inside",
        }.get(how)
        ends = [activity]
        if caught:
            self.at = self.node(caught, on=activity)
            last = self.add("service" if caught.startswith("remind") else "user")
            ends += [] if caught.startswith("remind") else [last]
        self.merge(ends)

    def merge(self, ends: list[str], kind: str = "xor") -> None:
        """Bring branches together."""
        join = self.node(kind)
        for self.at in ends:
            self.go(join)


def drawn_with_events(block: Block) -> Process:
    """Draw a block between a start and an end."""
    pen = EventPen()
    pen.at = pen.node("start")
    pen.block(block)
    pen.add("end")
    return draw(" ".join(pen.nodes), " ".join(pen.flows), **pen.more)
