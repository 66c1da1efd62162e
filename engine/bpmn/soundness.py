"""Plays the token game of a drawing and tells what can go wrong in it: warnings, not refusals.

Each level is played on its own, an inner sub-process as one step. Of the tokens that can move, the
one furthest upstream moves: no other token could take its way, so nothing that can get stuck is
missed, and parallel branches cost their sum and not their product. A place that holds two tokens
is told and not played on. Levels with an inclusive join or a complex gateway are left out: what a
join there waits for depends on the rest of the play. Conditions on flows that leave a task are
taken to exclude each other, as people draw them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from engine.bpmn.find.spot import Spot, at
from engine.bpmn.model import EventKind, Flow, Kind, Node, Process
from engine.bpmn.net import Net, nets

MAX_STATES = 20_000
MAX_CHOICES = 5  # conditional ways of one node that are played in every combination
MAX_WAYS = 256  # what one node with many borders may leave
CLEARING = frozenset({EventKind.TERMINATE, EventKind.ERROR, EventKind.CANCEL})
UNPLAYED = frozenset({Kind.COMPLEX, Kind.AD_HOC})
ONE_WAY = frozenset({Kind.EXCLUSIVE, Kind.EVENT_BASED})


@dataclass
class Played:
    """What a game has shown. `whole`: every state was seen, each place with one token at most."""

    stuck: dict[str, None] = field(default_factory=dict)
    doubled: dict[str, None] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    whole: bool = True


class Game:
    """One level's token game. A state is a number with a bit for each flow that holds a token."""

    def __init__(self, net: Net, ranked: list[str]) -> None:
        self.net = net
        self.ending = leading_to_end(net, ranked)
        self.rank = {ident: self._rank(ident, place) for place, ident in enumerate(ranked)}
        flows = [flow for ident in net.nodes for flow in net.leaving.get(ident, ())]
        self.bit = {flow.id: 1 << place for place, flow in enumerate(flows)}
        self.target = {self.bit[flow.id]: flow.target for flow in flows}
        self.ways = {ident: self._ways(net.nodes[ident]) for ident in ranked}
        self.waits_for = {
            ident: sum(self.bit[flow.id] for flow in net.entering[ident])
            for ident in ranked
            if is_join(net, ident)
        }

    def _rank(self, ident: str, place: int) -> int:
        """Upstream first, but last what goes round for ever or takes all other tokens away."""
        late = clears(self.net.nodes[ident]) or ident not in self.ending
        return place + (len(self.net.nodes) if late else 0)

    def play(self) -> Played:
        """Play every choice from every start."""
        played = Played()
        todo = [state for start in self.net.starts for state in self.ways[start]]
        played.moved.update(self.net.starts)
        seen = set(todo)
        while todo:
            state = todo.pop()
            for following in self._move(state, played):
                if following not in seen:
                    seen.add(following)
                    todo.append(following)
            if len(seen) > MAX_STATES:
                played.whole = False
                break
        return played

    def _move(self, state: int, played: Played) -> Iterator[int]:
        """Yield the states that the next move may lead to."""
        ready = self._ready(state)
        if ready is None:
            played.stuck.update(dict.fromkeys(self._holding(state)))
            return
        bits, ident = ready
        played.moved.add(ident)
        node, rest = self.net.nodes[ident], state & ~bits
        if clears(node):
            ends = (self.net.nodes[each] for each in self._holding(state))
            played.moved.update(each.id for each in ends if clears(each))
            yield 0
            return
        for made in self.ways[ident]:
            if made & rest:
                played.doubled[ident] = None
                played.whole = False
            else:
                yield rest | made
        self._note_borders(ident, played)

    def _note_borders(self, ident: str, played: Played) -> None:
        played.moved.update(border.id for border in self.net.borders.get(ident, ()))

    def _ready(self, state: int) -> tuple[int, str] | None:
        """Return the token or tokens that move next, and the node they enter."""
        best: tuple[int, str] | None = None
        for bit in bits_of(state):
            ident = self.target[bit]
            needed = self.waits_for.get(ident, bit)
            if state & needed == needed and self._is_before(ident, best):
                best = needed, ident
        return best

    def _is_before(self, ident: str, best: tuple[int, str] | None) -> bool:
        return best is None or self.rank[ident] < self.rank[best[1]]

    def _holding(self, state: int) -> Iterator[str]:
        return (self.target[bit] for bit in bits_of(state))

    def _ways(self, node: Node) -> list[int]:
        """Return what a node may leave on its flows, one number for each choice."""
        ways = self._choices(node)
        for border in self.net.borders.get(node.id, ()):
            escape = self._choices(border)
            if border.interrupting:
                ways = [*ways, *escape]
            else:
                ways = [*ways, *(way | beside for way in ways for beside in escape)]
            ways = list(dict.fromkeys(ways))[:MAX_WAYS]
        return ways

    def _choices(self, node: Node) -> list[int]:
        flows = self.net.leaving.get(node.id, [])
        if node.kind in ONE_WAY:
            return [self.bit[flow.id] for flow in flows] or [0]
        if node.kind is Kind.PARALLEL:
            return [self._all(flows)]
        chosen = [flow for flow in flows if node.kind is Kind.INCLUSIVE or flow.condition]
        if not chosen:
            return [self._all(flows)]
        rest = [flow for flow in flows if flow not in chosen and not is_default(flow, node)]
        always = self._all(rest)
        some = subsets(chosen) if node.kind is Kind.INCLUSIVE else ((flow,) for flow in chosen)
        fallback = [always | self._all([flow]) for flow in flows if is_default(flow, node)]
        return [*(always | self._all(list(few)) for few in some), *fallback]

    def _all(self, flows: list[Flow]) -> int:
        return sum(self.bit[flow.id] for flow in flows)


def clears(node: Node) -> bool:
    """Tell whether a node ends its whole level."""
    return node.kind is Kind.END_EVENT and any(event.kind in CLEARING for event in node.events)


def is_join(net: Net, ident: str) -> bool:
    """Tell whether a node waits for a token on each flow into it."""
    return net.nodes[ident].kind is Kind.PARALLEL and len(net.entering.get(ident, ())) > 1


def is_default(flow: Flow, node: Node) -> bool:
    """Tell whether a flow is its source's default."""
    return flow.id == node.default_flow


def subsets(flows: list[Flow]) -> Iterator[tuple[Flow, ...]]:
    """Yield every choice of one flow or more; of many flows only each alone and all together."""
    if len(flows) > MAX_CHOICES:
        yield from ((flow,) for flow in flows)
        yield tuple(flows)
        return
    for count in range(1, len(flows) + 1):
        yield from combinations(flows, count)


def bits_of(state: int) -> Iterator[int]:
    """Yield the single bits of a number."""
    while state:
        bit = state & -state
        yield bit
        state ^= bit


def _games(process: Process) -> Iterator[tuple[Net, list[str], Played]]:
    for net in nets(process):
        ranked = net.ranked()
        if not any(_is_unplayed(net, ident) for ident in ranked):
            yield net, ranked, Game(net, ranked).play()


def _is_unplayed(net: Net, ident: str) -> bool:
    kind = net.nodes[ident].kind
    joins = kind is Kind.INCLUSIVE and len(net.entering.get(ident, ())) > 1
    return joins or kind in UNPLAYED


def deadlocks(process: Process) -> Iterator[Spot]:
    """Parallel joins that wait for a token that may never come."""
    for net, _ranked, played in _games(process):
        yield from (at(net.nodes[ident]) for ident in played.stuck)


def doubled(process: Process) -> Iterator[Spot]:
    """Nodes from which parallel tokens go on one behind the other: each later step runs twice."""
    for net, _ranked, played in _games(process):
        yield from (at(net.nodes[ident]) for ident in played.doubled)


def dead(process: Process) -> Iterator[Spot]:
    """The first nodes that are drawn on a way and that no token reaches in any play."""
    for net, ranked, played in _games(process):
        if played.whole and not played.stuck and len(leading_to_end(net, ranked)) == len(ranked):
            for ident in ranked:
                before = {flow.source for flow in net.entering.get(ident, ())}
                if ident not in played.moved and before & played.moved:
                    yield at(net.nodes[ident])


def without_end(process: Process) -> Iterator[Spot]:
    """The first node of each level from which no way leads to an end."""
    for net in nets(process):
        ranked = net.ranked()
        ending = leading_to_end(net, ranked)
        yield from (at(net.nodes[ident]) for ident in [i for i in ranked if i not in ending][:1])


def leading_to_end(net: Net, ranked: list[str]) -> set[str]:
    """Return the nodes from which some way leads to a node that nothing leaves."""
    back: dict[str, list[str]] = {}
    for ident in ranked:
        for following in net.next(ident):
            back.setdefault(following, []).append(ident)
    todo = [ident for ident in ranked if not net.leaving.get(ident)]
    ending = set(todo)
    while todo:
        fresh = [each for each in back.get(todo.pop(), ()) if each not in ending]
        ending.update(fresh)
        todo += fresh
    return ending
