"""Messages and signals of a rehearsal: who gets them.

A message flow drawn from an element says who; without one it is the name. A message that nobody
waits for yet is kept until somebody does: in a rehearsal all pools run at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from engine.bpmn.model import EventKind, Node
from engine.rehearsal.part import Part, Post
from engine.run.subscriptions import KEY, as_key
from engine.spiff.contract import WaitingEvent

if TYPE_CHECKING:
    from engine.rehearsal.stage import Stage

MESSAGE, SIGNAL = "message", "signal"


class Mail:
    """Takes messages and signals to those who wait for them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._kept: list[Post] = []

    def send(self, post: Post) -> None:
        """Take what an instance threw where it belongs; a message may have to wait."""
        if post.kind == SIGNAL:
            self.broadcast(post)
        elif not self.deliver(post):
            self._kept.append(post)

    def again(self) -> bool:
        """Try the messages that nobody waited for; True if one got there."""
        for post in self._kept:
            if self.deliver(post):
                self._kept.remove(post)
                return True
        return False

    def deliver(self, post: Post) -> bool:
        """Give a message to the one who has waited longest, else start who it starts."""
        for part, event in self._waiting(MESSAGE):
            if self._is_for(post, part, event):
                self._hand_over(part, event, post)
                return True
        for process, node in self._starts(EventKind.MESSAGE):
            if self._addressed(post, process, node.id, node, _ref(node, EventKind.MESSAGE)):
                self._start(process, node, post)
                return True
        return False

    def broadcast(self, post: Post) -> bool:
        """Give a signal to all who wait for it, and start all whom it starts.

        Those in the sender's own instance have heard it at once.
        """
        waiting = [
            (part, event)
            for part, event in self._waiting(SIGNAL)
            if event.ref == post.name and part.number != post.sender
        ]
        for part, event in waiting:
            self._hand_over(part, event, post)
        starts = [
            (process, node)
            for process, node in self._starts(EventKind.SIGNAL)
            if _ref(node, EventKind.SIGNAL) == post.name
        ]
        for process, node in starts:
            self._start(process, node, post)
        return bool(waiting or starts)

    def _starts(self, kind: EventKind) -> Iterator[tuple[str, Node]]:
        """Yield where processes begin with an event; the main one begins only once."""
        main = self._stage.drawing.main if self._stage.main else None
        found = self._stage.drawing.starts(kind)
        return ((process, node) for process, node in found if process != main)

    def _waiting(self, kind: str) -> Iterator[tuple[Part, WaitingEvent]]:
        for part in list(self._stage.active):
            yield from ((part, event) for event in part.snapshot.events if event.kind == kind)

    def _is_for(self, post: Post, part: Part, event: WaitingEvent) -> bool:
        node = self._stage.drawing.node(part.process, event.element)
        if not self._addressed(post, part.drawn_in, event.element, node, event.ref):
            return False
        text = node.properties.get(KEY)
        if post.key is None or not text:
            return True
        data = part.execution.data(event.scope)
        mine = self._stage.host(part.process).evaluate(text, data)
        return as_key(mine, event.element, text) == post.key

    def _addressed(self, post: Post, process: str, element: str, node: Node, ref: str) -> bool:
        flows = self._stage.drawing.diagram.message_flows
        targets = {flow.target for flow in flows if post.element and flow.source == post.element}
        if targets:
            return element in targets or (process in targets and ref == post.name)
        names = {ref} if post.element else {ref, node.id, node.name}
        return bool(post.name) and post.name in names

    def _hand_over(self, part: Part, event: WaitingEvent, post: Post) -> None:
        if any(each.token == event.token for each in part.snapshot.events):
            part.execution.deliver(event.token, dict(post.data) or None)
            self._stage.settle(part)

    def _start(self, process: str, node: Node, post: Post) -> None:
        given = self._stage.given if process == self._stage.drawing.main else {}
        data = {**given, node.id: dict(post.data)}
        self._stage.later(partial(self._stage.begin, process, data, at=node.id))


def is_called(name: str, node: Node, kind: EventKind) -> bool:
    """Tell whether the script's `name` is that of a signal, or of a message or its node."""
    own = {node.id, node.name} if kind is EventKind.MESSAGE else set()
    return bool(name) and name in {_ref(node, kind), *own}


def _ref(node: Node, kind: EventKind) -> str:
    return next((event.ref for event in node.events if event.kind is kind), "")
