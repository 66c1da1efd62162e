"""What a deployment looks at beyond the drawing: expressions, forms, outcomes, words, timers.

`engine/bpmn/rules.py` judges the diagram alone; here the folder is judged as a whole. Every finding
names its element, says in a sentence what is wrong and what would help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.bpmn.mapping import read_mapping
from engine.bpmn.model import Diagram, EventKind, Kind, Node, Process, TimerKind
from engine.bpmn.rules import Finding, Severity, check, check_calls
from engine.bpmn.standard.judge import judge
from engine.bpmn.starts import event_starts
from engine.errors import Invalid, ShaodaoError
from engine.expr import compile_expression, compile_script
from engine.i18n import Text, _
from engine.run.clock_operations import CLOCK_OPERATIONS
from engine.run.clocks import AGREED
from engine.run.examine_choices import examine_choices
from engine.run.folder import Folder
from engine.run.host import PARAMETER
from engine.run.outcomes import outcomes_of
from engine.run.plugins import Plugins
from engine.run.timers import CLOCK_TEXT, is_time, time_without_data
from engine.sla.iso import parse_cycle, parse_duration, parse_instant

EXPRESSIONS = ("unit", "collection", "key", AGREED)
CLOCK_TIMES = ("due", "warn")
PEOPLE = (Kind.USER_TASK, Kind.MANUAL_TASK)
SHOW_STATUS = (
    *PEOPLE,
    Kind.RECEIVE_TASK,
    Kind.CALL_ACTIVITY,
    Kind.SUB_PROCESS,
    Kind.TRANSACTION,
    Kind.AD_HOC,
    Kind.CATCH_EVENT,
    Kind.END_EVENT,  # the last status of a case
)
MEND = _("请在设计器里改正后再部署。")


def examine(folder: Folder, plugins: Plugins) -> list[Finding]:
    """Return every finding on a folder, in the order of its files and elements."""
    findings: list[Finding] = []
    for name in sorted(name for name in folder.files if name.endswith(".bpmn")):
        try:
            diagram = folder.diagrams[name]
        except Invalid as error:
            return [wrong(name, error.code, error.text, MEND)]
        findings += examine_diagram(folder, diagram, plugins)
        findings += judge(folder.files[name].encode(), diagram)
    findings += [each for each in examine_together(folder) if each not in findings]
    if not folder.sources:
        text = _("文件夹里没有可执行的流程图。")
        findings.append(wrong(folder.key, "definition.empty", text, _("请放入 .bpmn 文件。")))
    return findings


def examine_together(folder: Folder) -> Iterator[Finding]:
    """Yield what no single file shows: one id for two processes, calls that come round."""
    drawn: dict[str, Process] = {}
    for name, diagram in folder.diagrams.items():
        for ident, process in diagram.processes.items():
            if ident in drawn:
                text = _("流程标识“{id}”在几个文件里都用到了", id=ident)
                yield wrong(name, "process.duplicate_id", text, MEND)
            drawn[ident] = process
    yield from check_calls(drawn)


def examine_diagram(folder: Folder, diagram: Diagram, plugins: Plugins) -> list[Finding]:
    """Return the findings on one diagram; the folder is asked only where the drawing holds."""
    findings = list(check(diagram))
    for process in diagram.processes.values():
        findings += unwatched(process)
        for node in process.nodes.values():
            findings += examine_node(folder, node, plugins)
        for flow in process.flows.values():
            if flow.condition:
                findings += tried(flow.id, compile_expression, flow.condition)
    return findings


def examine_node(folder: Folder, node: Node, plugins: Plugins) -> Iterator[Finding]:
    """Yield the findings on one node."""
    yield from texts_of(node)
    yield from timers_of(node)
    yield from examine_choices(folder, node)
    if node.kind in PEOPLE:
        yield from person_step(folder, node)
    for operation in operations_of(node):
        if operation not in plugins.operations and operation not in CLOCK_OPERATIONS:
            yield missing(node, "operation.unknown", _("没有名为“{name}”的操作。", name=operation))
    yield from status_shown(node, plugins)


def status_shown(node: Node, plugins: Plugins) -> Iterator[Finding]:
    """Yield a status that nobody knows, and one on an element that no token ever waits at."""
    status = node.properties.get("status", "")
    if not status or not plugins.statuses:
        return
    if status not in plugins.statuses:
        yield missing(node, "status.unknown", _("没有名为“{name}”的状态。", name=status))
    links = any(event.kind is EventKind.LINK for event in node.events)
    if node.kind not in SHOW_STATUS or links:
        text = _("流程不在“{name}”停留，那里的状态不会显示。", name=node.name or node.id)
        yield missing(node, "status.never_shown", text)


def unwatched(process: Process) -> Iterator[Finding]:
    """Yield the starts by condition: nobody would look at it while no instance is running."""
    for node in event_starts(process):
        if any(event.kind is EventKind.CONDITION for event in node.events):
            text = _("开始事件“{name}”按条件启动，尚不能部署。", name=node.name or node.id)
            advice = _("请改为消息、信号或定时启动。")
            yield wrong(node.id, "start.condition", text, advice)


def operations_of(node: Node) -> tuple[str, ...]:
    """Return the operations that a service task, a send task or a script names."""
    if node.kind is Kind.SERVICE_TASK or (node.kind is Kind.SEND_TASK and node.operation):
        return (node.operation,)
    if node.kind is Kind.SCRIPT_TASK:
        try:
            return tuple(compile_script(node.script).operations)
        except ShaodaoError:
            return ()  # told by texts_of
    return ()


def texts_of(node: Node) -> Iterator[Finding]:
    """Yield what does not compile among a node's expressions, scripts and mappings."""
    for name, text in node.properties.items():
        if name in EXPRESSIONS or name.startswith(PARAMETER):
            yield from tried(node.id, compile_expression, text)
        if name in ("in", "out"):
            yield from tried(node.id, compile_mapping, text)
    for event in node.events:
        if event.kind is EventKind.CONDITION:
            yield from tried(node.id, compile_expression, event.text)
    if node.kind is Kind.SCRIPT_TASK:
        yield from tried(node.id, compile_script, node.script)
    for text in (*repetition_texts(node), *copied_texts(node)):
        yield from tried(node.id, compile_expression, text)


def compile_mapping(text: str) -> None:
    """Compile what `in` and `out` name: `a = expression; b = expression`."""
    for _name, expression in read_mapping(text):
        compile_expression(expression)


def repetition_texts(node: Node) -> list[str]:
    """Return the expressions of a multi-instance or loop."""
    drawn = []
    if node.multi:
        drawn += [node.multi.cardinality, node.multi.collection, node.multi.completion]
    if node.loop:
        drawn.append(node.loop.condition)
    return [text for text in drawn if text]


def copied_texts(node: Node) -> list[str]:
    """Return the expressions of a node's data associations."""
    return [copy.source for copy in (*node.takes, *node.gives) if copy.fault is None]


def timers_of(node: Node) -> Iterator[Finding]:
    """Yield what is no time among a node's timers."""
    for event in node.events:
        if event.kind is EventKind.TIMER and event.text and not CLOCK_TEXT.match(event.text):
            begins = node.kind is Kind.START_EVENT and not node.scope
            read = timer_reader(event.timer, event.text, begins=begins)
            yield from tried(node.id, read, event.text)


def timer_reader(kind: TimerKind | None, text: str, *, begins: bool) -> Callable[[str], Any]:
    """Return what reads a timer's text: as a time where it looks like one, else as expression.

    What `begins` a process is calculated before there are any data.
    """
    if not is_time(text):
        return time_without_data if begins else timer_expression
    readers: dict[TimerKind | None, Callable[[str], Any]] = {
        TimerKind.CYCLE: parse_cycle,
        TimerKind.DATE: parse_instant,
    }
    return readers.get(kind, parse_duration)


def timer_expression(text: str) -> None:
    """Compile a timer's expression; a clock's time stands alone and is not reckoned with."""
    for call in compile_expression(text).calls:
        if call.function in CLOCK_TIMES:
            raise Invalid(
                "timer.clock_in_expression",
                _('定时器写 {name}("…") 时不能再加减，请另设一个时限。', name=call.function),
            )


def person_step(folder: Folder, node: Node) -> Iterator[Finding]:
    """Yield what a person's step lacks: lane, buttons, words for them, its form."""
    if not node.lane:
        yield missing(
            node, "step.no_lane", _("人工任务“{name}”不在任何泳道里。", name=node.name or node.id)
        )
    outcomes = outcomes_of(node)
    if not outcomes:
        yield missing(
            node, "step.no_outcome", _("人工任务“{name}”没有选项。", name=node.name or node.id)
        )
    for outcome in outcomes:
        if not folder.labels.has("outcomes", outcome):
            yield missing(
                node,
                "label.missing",
                _("选项“{outcome}”在 labels.toml 里没有名称。", outcome=outcome),
            )
    name = node.properties.get("form", "")
    if name:
        yield from tried(node.id, folder.form, name)
        yield from needless(folder, node, name)


def needless(folder: Folder, node: Node, name: str) -> Iterator[Finding]:
    """Yield outcomes that a form speaks of and the step does not have."""
    try:
        fields = folder.form(name).fields
    except ShaodaoError:
        return
    spoken_of = {code for each in fields for code in (*each.required_for, *each.asked_for)}
    for outcome in sorted(spoken_of):
        if outcome not in outcomes_of(node):
            yield missing(
                node,
                "form.unknown_outcome",
                _("表单“{form}”要求的选项“{outcome}”图上没有。", form=name, outcome=outcome),
            )


def tried(element: str, do: Callable[[str], Any], text: str) -> Iterator[Finding]:
    """Yield a finding where `do(text)` refuses."""
    try:
        do(text)
    except ShaodaoError as error:
        yield wrong(element, error.code, error.text, MEND)


def missing(node: Node, code: str, text: Text) -> Finding:
    """Return a finding on a node."""
    return wrong(node.id, code, text, MEND)


def wrong(element: str, code: str, text: Text, advice: Text) -> Finding:
    """Return a finding that refuses."""
    return Finding(element, code, text, advice, Severity.ERROR)
