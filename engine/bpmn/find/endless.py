"""Ways on which the engine would run for ever, or call itself for ever, without waiting once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn.find.spot import Spot, at
from engine.bpmn.model import Kind, Node, Process
from engine.bpmn.net import CONTAINERS, Net, nets

WAITING = frozenset(
    {
        *(Kind.USER_TASK, Kind.MANUAL_TASK, Kind.RECEIVE_TASK, Kind.CALL_ACTIVITY),
        *(Kind.CATCH_EVENT, Kind.EVENT_BASED, Kind.COMPLEX, Kind.AD_HOC),
    }
)
CHOOSING = frozenset({Kind.EXCLUSIVE, Kind.INCLUSIVE})


def never_waits(process: Process) -> Iterator[Spot]:
    """Loops of automatic steps that no choice can leave: one spot for each level."""
    pausing = _pausing(process)
    for net in nets(process):
        trapped = _trapped(net, pausing)
        begun = next((ident for ident in net.ranked() if ident in trapped), None)
        if begun is not None:
            yield at(net.nodes[_on_loop(net, begun, trapped)])


def _pausing(process: Process) -> set[str]:
    """Return the nodes on which a token waits; a sub-process does where anything in it does."""
    found = {node.id for node in process.nodes.values() if node.kind in WAITING}
    for ident in list(found):
        scope = process.nodes[ident].scope
        while scope and scope not in found:
            found.add(scope)
            scope = process.nodes[scope].scope if scope in process.nodes else ""
    return found


def _trapped(net: Net, pausing: set[str]) -> set[str]:
    """Return the nodes from which a token runs for ever, whatever is chosen.

    The greatest set in which every way of a choice stays inside, and some way of all others does.
    """
    inside = {ident for ident in net.nodes if ident not in pausing and not _joins(net, ident)}
    todo = list(inside)
    while todo:
        ident = todo.pop()
        if ident in inside and not _stays(net, ident, inside):
            inside.remove(ident)
            todo += [flow.source for flow in net.entering.get(ident, ())]
            todo += [net.nodes[ident].attached_to] if net.nodes[ident].attached_to else []
    return inside


def _joins(net: Net, ident: str) -> bool:
    kind = net.nodes[ident].kind
    return kind in {Kind.PARALLEL, Kind.INCLUSIVE} and len(net.entering.get(ident, ())) > 1


def _stays(net: Net, ident: str, inside: set[str]) -> bool:
    ways = [flow.target in inside for flow in net.leaving.get(ident, ())]
    escapes = [border.id in inside for border in net.borders.get(ident, ()) if border.interrupting]
    if _chooses(net, net.nodes[ident]):
        return bool(ways) and all(ways) and all(escapes)
    return any(ways) and all(escapes)


def _chooses(net: Net, node: Node) -> bool:
    return node.kind in CHOOSING or any(flow.condition for flow in net.leaving.get(node.id, ()))


def _on_loop(net: Net, begun: str, trapped: set[str]) -> str:
    seen: set[str] = set()
    while begun not in seen:
        seen.add(begun)
        begun = next(each for each in net.next(begun) if each in trapped)
    return begun


def endless_calls(processes: Mapping[str, Process]) -> Iterator[Spot]:
    """Calls that come round to their own process before anything waits or is decided."""
    certain = {ident: list(_certain_calls(drawn)) for ident, drawn in processes.items()}
    for ident, calls in certain.items():
        for call in calls:
            if ident in _called_from(call.called, certain):
                yield at(call)


def _called_from(called: str, certain: Mapping[str, Iterable[Node]]) -> set[str]:
    reached, todo = {called}, [called]
    while todo:
        fresh = [call.called for call in certain.get(todo.pop(), ()) if call.called not in reached]
        reached.update(fresh)
        todo += fresh
    return reached


def _certain_calls(process: Process) -> Iterator[Node]:
    """Yield the calls that every run of a process makes before it first waits."""
    levels = {net.scope: net for net in nets(process)}
    pausing = _pausing(process)
    todo = [(levels[""], ident) for ident in levels[""].starts] if "" in levels else []
    seen: set[str] = set()
    while todo:
        net, ident = todo.pop()
        if ident in seen:
            continue
        seen.add(ident)
        node = net.nodes[ident]
        if node.kind is Kind.CALL_ACTIVITY and not node.multi:
            yield node
        if node.kind in CONTAINERS - {Kind.AD_HOC} and not node.multi and ident in levels:
            todo += [(levels[ident], inner) for inner in levels[ident].starts]
        if ident not in pausing and not _joins(net, ident) and not _may_choose(net, node):
            todo += [(net, flow.target) for flow in net.leaving.get(ident, ())]


def _may_choose(net: Net, node: Node) -> bool:
    return _chooses(net, node) and len(net.leaving.get(node.id, ())) > 1
