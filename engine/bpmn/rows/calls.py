"""What only processes drawn together show: calls that never end, or never begin."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.find import calls, endless
from engine.bpmn.finding import Rule, Severity
from engine.bpmn.model import Process
from engine.i18n import _

E = Severity.ERROR

CALLS: tuple[Rule[Mapping[str, Process]], ...] = (
    Rule(
        "call.endless",
        E,
        endless.endless_calls,
        _("调用活动“{name}”会绕回自己的流程，中间没有等待也没有选择，永远调用不完"),
        _("请在调用之前加上排他网关，让它有时不再调用"),
    ),
    Rule(
        "call.begun_by_event",
        E,
        calls.of_event_starts,
        _("调用活动“{name}”调用的流程“{called}”只能由事件开始，调用不起来"),
        _("请在被调用的流程里画一个普通的开始事件"),
    ),
)
