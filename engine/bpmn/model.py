"""The frozen model of a drawn diagram: what lint, deploy, the fence, diff and documents read.

It says what is drawn and nothing about running it. Ids are the drawn ones; a sequence flow without
an id gets `<source>-><target>#<n>`. Texts of expressions are kept as written, stripped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType


def empty() -> Mapping[str, str]:
    """Return a mapping that holds nothing and cannot be filled."""
    return MappingProxyType({})


class Kind(StrEnum):
    """Kinds of flow nodes, named as BPMN names them."""

    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    CATCH_EVENT = "intermediateCatchEvent"
    THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SCRIPT_TASK = "scriptTask"
    RULE_TASK = "businessRuleTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    EVENT_BASED = "eventBasedGateway"
    COMPLEX = "complexGateway"
    SUB_PROCESS = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC = "adHocSubProcess"
    CALL_ACTIVITY = "callActivity"


class EventKind(StrEnum):
    """Kinds of event definitions; an event with none of them is a plain one."""

    TIMER = "timerEventDefinition"
    MESSAGE = "messageEventDefinition"
    SIGNAL = "signalEventDefinition"
    ERROR = "errorEventDefinition"
    ESCALATION = "escalationEventDefinition"
    CONDITION = "conditionalEventDefinition"
    LINK = "linkEventDefinition"
    TERMINATE = "terminateEventDefinition"
    CANCEL = "cancelEventDefinition"
    COMPENSATE = "compensateEventDefinition"


class TimerKind(StrEnum):
    """The three ways BPMN writes a timer."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or throws.

    `timer` and `text` for timers; `text` is the condition of a conditional event. `ref` is what is
    compared: the name of a message, signal or link, the code of an error or escalation. `dangling`:
    it refers to something that is not in the file, and `ref` is the reference itself.
    """

    kind: EventKind
    timer: TimerKind | None = None
    text: str = ""
    ref: str = ""
    dangling: bool = False


class CopyFault(StrEnum):
    """Why a data association copies nothing."""

    NOTHING = "nothing"
    STORE = "store"
    UNKNOWN = "unknown"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Variable:
    """A data object, a property, an input or an output: a name of its own in the scope it is in.

    `name` is its id as expressions can say it, `called` are the other names that read and write it.
    It begins as null, a collection as an empty list. `output`: the answer of its activity fills it.
    """

    id: str
    name: str
    called: tuple[str, ...] = ()
    collection: bool = False
    output: bool = False


@dataclass(frozen=True)
class Copy:
    """One copy of a data association: the value of `source`, an expression, becomes `target`.

    One with a `fault` copies nothing; `ref` is then what is at fault.
    """

    target: str = ""
    source: str = ""
    fault: CopyFault | None = None
    ref: str = ""


@dataclass(frozen=True)
class MultiInstance:
    """One activity for many: `cardinality` or `collection` (expressions) says how many.

    `variable` is what a drawn `inputDataItem` calls the item, `answer` what an `outputDataItem`
    calls the answer of a round, `gather` the variable that takes the list of answers in the end.
    `behavior`: when events are thrown.
    """

    sequential: bool = False
    cardinality: str = ""
    collection: str = ""
    completion: str = ""
    variable: str = ""
    behavior: str = ""
    answer: str = ""
    gather: str = ""


@dataclass(frozen=True)
class Loop:
    """A standard loop: again while `condition` holds, at most `maximum` times (text as drawn)."""

    test_before: bool = False
    maximum: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Flow:
    """A sequence flow. `condition` is an expression or empty."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Node:
    """A flow node as drawn.

    `properties` are the `spiffworkflow:properties`; `lane` is the innermost lane's id; `scope` the
    id of the enclosing sub-process, "" at the top of the process. For a sub-process `nodes` and
    `flows` of the process hold its content, with this node's id as their `scope`. `variables` live
    as long as a visit of the node; it `takes` copies on entry and `gives` copies when it is done.
    """

    id: str
    kind: Kind
    name: str = ""
    lane: str = ""
    scope: str = ""
    events: tuple[EventDefinition, ...] = ()
    attached_to: str = ""
    interrupting: bool = True
    default_flow: str = ""
    called: str = ""
    decision: str = ""
    script: str = ""
    operation: str = ""
    multi: MultiInstance | None = None
    loop: Loop | None = None
    triggered_by_event: bool = False
    properties: Mapping[str, str] = field(default_factory=empty)
    parameters: Mapping[str, str] = field(default_factory=empty)
    attributes: Mapping[str, str] = field(default_factory=empty)
    variables: tuple[Variable, ...] = ()
    takes: tuple[Copy, ...] = ()
    gives: tuple[Copy, ...] = ()


def waits_for_all(node: Node) -> bool:
    """Tell whether an event goes on only when each of its several definitions has come."""
    return node.attributes.get("parallelMultiple") in {"true", "1"}


def quantity(node: Node, attribute: str) -> int:
    """Return how many tokens begin an activity, or leave it on each flow; 0 for what is no number.

    `attribute` is startQuantity or completionQuantity (BPMN 2.0.2, 10.3): at least 1, mostly 1.
    """
    written = node.attributes.get(attribute, "1")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0


@dataclass(frozen=True)
class Lane:
    """A lane; its id is the role's code."""

    id: str
    name: str = ""


@dataclass(frozen=True)
class Process:
    """One drawn process with everything in it, sub-processes included."""

    id: str
    name: str = ""
    executable: bool = True
    lanes: tuple[Lane, ...] = ()
    nodes: Mapping[str, Node] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=empty)
    variables: tuple[Variable, ...] = ()

    def inside(self, scope: str) -> Iterator[Node]:
        """Yield the nodes drawn directly in `scope` ("" for the process itself)."""
        return (node for node in self.nodes.values() if node.scope == scope)

    def outgoing(self, node_id: str) -> list[Flow]:
        """Return the flows that leave a node, in the order drawn."""
        return list(self._leaving.get(node_id, ()))

    def incoming(self, node_id: str) -> list[Flow]:
        """Return the flows that enter a node, in the order drawn."""
        return list(self._entering.get(node_id, ()))

    @cached_property
    def _leaving(self) -> Mapping[str, list[Flow]]:
        found: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            found.setdefault(flow.source, []).append(flow)
        return found

    @cached_property
    def _entering(self) -> Mapping[str, list[Flow]]:
        found: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            found.setdefault(flow.target, []).append(flow)
        return found

    def boundary(self, node_id: str) -> list[Node]:
        """Return the boundary events attached to an activity."""
        return [node for node in self.nodes.values() if node.attached_to == node_id]


@dataclass(frozen=True)
class Unknown:
    """Something drawn that the model has no place for: the rules decide what it means."""

    element: str
    tag: str
    owner: str = ""


@dataclass(frozen=True)
class MessageFlow:
    """A message flow between pools; each end is a node, or the process whose pool it touches."""

    source: str
    target: str


@dataclass(frozen=True)
class Diagram:
    """One BPMN file: its processes, and what was found beside them."""

    processes: Mapping[str, Process]
    unknown: tuple[Unknown, ...] = ()
    participants: Mapping[str, str] = field(default_factory=empty)
    message_flows: tuple[MessageFlow, ...] = ()
