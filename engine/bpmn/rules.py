"""The one table of rules: what a diagram must be so that it runs as drawn.

Deploying refuses errors; warnings are shown. A rule is a row: a stable code, a finder, a sentence
and what to do about it. Expressions, forms and labels are checked where they are compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn import soundness
from engine.bpmn.find import bounds, data, endless, events, flows, nodes, support
from engine.bpmn.finding import Finding, Rule, Severity
from engine.bpmn.model import Diagram, Process
from engine.i18n import _

__all__ = ["RULES", "SOUNDNESS", "UNKNOWN", "Finding", "Rule", "Severity", "check", "check_calls"]


E, W = Severity.ERROR, Severity.WARNING

RULES: tuple[Rule[Process], ...] = (
    Rule(
        "element.unsupported",
        E,
        support.unsupported_kinds,
        _("“{name}”是{kind}，目前不能运行"),
        _("请改用已支持的元素：用户任务、服务任务、脚本、规则、排他与并行网关、子流程、调用活动"),
    ),
    Rule(
        "event.unsupported",
        E,
        support.unsupported_events,
        _("“{name}”是{event}，目前不能在这里运行"),
        _("请改用这里能用的事件，或普通的开始、结束"),
    ),
    Rule(
        "event.not_one",
        E,
        events.not_one,
        _("事件“{name}”没有说明是什么事件，或同时是几种"),
        _("请给它恰好一种：定时器、消息、信号、条件等"),
    ),
    Rule(
        "event.no_name",
        E,
        events.nameless,
        _("“{name}”没有写是哪条消息或哪个信号"),
        _("请选择消息或信号，并给它名称"),
    ),
    Rule(
        "event.dangling",
        E,
        events.dangling,
        _("“{name}”引用的“{ref}”在文件里没有定义"),
        _("请在文件里定义它，或改选一个已有的"),
    ),
    Rule(
        "event.error_undeclared",
        W,
        events.undeclared_errors,
        _("“{name}”引用的错误“{ref}”在文件里没有定义，按错误代码使用"),
        _("请在文件里定义这个错误"),
    ),
    Rule(
        "event.no_condition",
        E,
        events.without_condition,
        _("条件事件“{name}”没有写条件"),
        _("请写上条件表达式"),
    ),
    Rule(
        "link.broken",
        E,
        events.broken_links,
        _("链接事件“{name}”没有在同一层恰好对上一个同名的接收链接，或还连着线"),
        _("请让抛出与接收链接同名、同层，一个接收对应若干抛出，中间不画连线"),
    ),
    Rule(
        "cancel.uncaught",
        E,
        events.loose_cancels,
        _("取消结束“{name}”外面没有带取消边界事件的事务子流程"),
        _("请把它画进事务子流程，并在事务边上画取消事件"),
    ),
    Rule(
        "gateway.event_target",
        E,
        events.wrong_racers,
        _("事件网关“{name}”后面只能是只由它引入、不带边界事件的等待事件或接收任务，任一发生即走"),
        _("请让它的每条连线都直接引到等待事件或接收任务"),
    ),
    Rule(
        "event_sub.connected",
        E,
        events.connected_handlers,
        _("事件子流程“{name}”不能有连线或边界事件"),
        _("请去掉与它相连的连线和边界事件"),
    ),
    Rule(
        "start.instantiates",
        E,
        events.wrong_instantiation,
        _("“{name}”标为启动流程，但它不在流程的最外层，或有连线引入"),
        _("请去掉启动标记，或把它画在流程最前面"),
    ),
    Rule(
        "activity.repetition_unsupported",
        E,
        support.unsupported_repetition,
        _("“{name}”的循环或多实例方式目前不能运行"),
        _("请改用任务、子流程或调用活动的多实例或循环，或用网关画出循环"),
    ),
    Rule(
        "element.attribute_unsupported",
        E,
        support.unsupported_attributes,
        _("“{name}”的属性 {attribute} 目前不能运行"),
        _("请去掉这个属性"),
    ),
    Rule(
        "start.missing",
        E,
        nodes.no_start,
        _("“{name}”没有开始事件"),
        _("请画一个开始事件"),
    ),
    Rule(
        "start.several",
        E,
        events.several_starts,
        _("子流程“{name}”有不止一个开始事件"),
        _("请只留一个开始事件，其余合并"),
    ),
    Rule(
        "flow.loose_end",
        E,
        flows.loose_ends,
        _("连线“{name}”的一端没有接到本流程的元素上"),
        _("请把连线两端都接好，或删掉它"),
    ),
    Rule(
        "flow.crosses_scope",
        E,
        flows.crossing,
        _("连线“{name}”穿过了子流程的边框"),
        _("请让连线留在同一层，用子流程的出入连线代替"),
    ),
    Rule(
        "flow.wrong_way",
        E,
        flows.wrong_way,
        _("连线“{name}”进入开始或边界事件，或从结束事件引出"),
        _("请把连线改到别的元素上"),
    ),
    Rule(
        "flow.condition_idle",
        E,
        flows.idle_conditions,
        _("连线“{name}”带有条件，但引出它的元素不按条件选路"),
        _("请在前面加一个排他或包容网关，或去掉条件"),
    ),
    Rule(
        "gateway.branch_open",
        E,
        flows.open_branches,
        _("网关“{gateway}”的分支“{name}”既没有条件，也不是默认分支"),
        _("请写上条件，或把它设为默认分支"),
    ),
    Rule(
        "gateway.default_unknown",
        E,
        flows.unknown_defaults,
        _("“{name}”的默认分支不是从它引出的连线"),
        _("请重新选择默认分支"),
    ),
    Rule(
        "gateway.no_default",
        W,
        flows.missing_defaults,
        _("网关“{name}”没有默认分支，条件都不成立时会停住"),
        _("请把其中一个分支设为默认分支"),
    ),
    Rule(
        "gateway.default_condition",
        W,
        flows.conditional_defaults,
        _("默认分支“{name}”上的条件不会被使用"),
        _("请去掉这个条件"),
    ),
    Rule(
        "node.unreachable",
        E,
        flows.unreachable,
        _("从开始走不到“{name}”"),
        _("请用连线把它接上，或删掉它"),
    ),
    Rule(
        "task.no_lane",
        E,
        nodes.people_without_lane,
        _("“{name}”不在任何泳道里，不知道由谁来办"),
        _("请把它画进某个角色的泳道"),
    ),
    Rule(
        "task.no_outcomes",
        W,
        nodes.people_without_outcomes,
        _("“{name}”没有写办理结果（outcomes），办理时没有按钮"),
        _("请在属性 outcomes 中写上按钮代码"),
    ),
    Rule(
        "call.no_target",
        E,
        nodes.calls_of_nothing,
        _("调用活动“{name}”没有写调用哪个流程"),
        _("请填写被调用流程的标识（calledElement）"),
    ),
    Rule(
        "activity.no_count",
        E,
        nodes.many_of_nothing,
        _("多实例“{name}”没有写对谁逐一进行"),
        _("请填写集合（collection）或个数"),
    ),
    Rule(
        "loop.no_end",
        E,
        nodes.endless_loops,
        _("循环“{name}”没有写条件，次数也不是 1 到 {limit} 的整数"),
        _("请填写循环条件（loopCondition）或最多次数（loopMaximum）"),
    ),
    Rule(
        "timer.no_time",
        E,
        nodes.timers_without_time,
        _("定时器“{name}”没有写时间"),
        _('请填写时长、日期，或 due("时限")'),
    ),
    Rule(
        "timer.repeats_in_flow",
        E,
        nodes.repeating_waits,
        _("“{name}”在流程中间等待，却写了要来几次；流程走过去只有一次"),
        _("请写时长或日期；要做几次，就画出循环，或画在活动边上不打断的定时器"),
    ),
    Rule(
        "boundary.loose",
        E,
        nodes.loose_boundary,
        _("边界事件“{name}”没有附着在本层的活动上"),
        _("请把它拖到任务、子流程或调用活动的边上"),
    ),
    Rule(
        "boundary.leads_nowhere",
        W,
        nodes.silent_boundary,
        _("边界事件“{name}”后面什么也没有"),
        _("请画出到点之后要做的事"),
    ),
    Rule(
        "script.empty",
        W,
        nodes.empty_scripts,
        _("脚本任务“{name}”没有写脚本，走到这里什么也不做"),
        _("请写上形如“名称 = 表达式”的脚本，或改用普通任务"),
    ),
    Rule(
        "service.no_operation",
        E,
        nodes.services_of_nothing,
        _("服务任务“{name}”没有写要做什么操作"),
        _("请在属性 operation 中写上操作名称"),
    ),
    Rule(
        "rule.no_decision",
        E,
        nodes.rules_of_nothing,
        _("规则任务“{name}”没有写用哪张决策表"),
        _("请在属性 decision 中写上决策表的标识"),
    ),
    Rule(
        "mapping.malformed",
        E,
        nodes.malformed_mappings,
        _("“{name}”的属性 {key} 写法不对：{reason}"),
        _("请写成“名称 = 表达式; 名称 = 表达式”"),
    ),
    Rule(
        "diagram.name_too_long",
        E,
        bounds.long_names,
        _("“{name}…”的标识超过 {id} 个字符，或名称超过 {most} 个字符"),
        _("请把说明写进文档（documentation），名称只留几个字"),
    ),
    Rule(
        "diagram.too_many_expressions",
        E,
        bounds.too_much_written,
        _("流程“{name}”里的表达式和脚本超过 {most} 条，或总共太长"),
        _("请拆成几个流程，用调用活动连起来"),
    ),
    Rule(
        "activity.count_out_of_range",
        E,
        bounds.unbearable_counts,
        _("多实例“{name}”的个数 {count} 不在 0 到 {most} 之间"),
        _("请改成合理的个数，或填写集合（collection）"),
    ),
    Rule(
        "loop.never_waits",
        E,
        endless.never_waits,
        _("从“{name}”开始的循环全是自动步骤，没有出口也没有等待，会一直空转"),
        _("请加一个能走出循环的排他网关，或在循环里加上等待"),
    ),
    Rule(
        "event_sub.no_start",
        E,
        events.startless_handlers,
        _("事件子流程“{name}”没有开始事件，永远不会开始"),
        _("请在里面画一个带消息、信号、定时器等的开始事件"),
    ),
    Rule(
        "data.unknown",
        E,
        data.unknown_ends,
        _("“{name}”的数据关联连到“{ref}”，那里看不到这个数据"),
        _("请连到同一层或外层的数据对象、属性，或这个活动自己的输入、输出"),
    ),
    Rule(
        "data.unsaid",
        E,
        data.unsaid_copies,
        _("“{name}”的数据关联（{ref}）没有说清把什么复制到哪里"),
        _("请只留一个来源，或写上转换表达式；赋值的 to 写数据的名称"),
    ),
    Rule(
        "data.place",
        E,
        data.misplaced_copies,
        _("“{name}”上的数据关联目前不能在这里运行"),
        _("请改画在普通任务、子流程、调用活动或会中断的事件上"),
    ),
    Rule(
        "data.copies_nothing",
        W,
        data.empty_copies,
        _("“{name}”的数据关联没有写来源，不会复制任何数据"),
        _("请在这个活动里画出输出，并从它连到数据对象"),
    ),
    Rule(
        "data.store",
        W,
        data.stores,
        _("“{name}”读写数据存储“{ref}”，这只作说明，不会真的读写"),
        _("请用服务任务读写外面的数据"),
    ),
    Rule(
        "process.drawing_only",
        W,
        nodes.drawn_only,
        _("流程“{name}”标为不可执行，仍会按图运行"),
        _("请在流程属性中勾选可执行"),
    ),
)

SOUNDNESS: tuple[Rule[Process], ...] = (
    Rule(
        "sound.deadlock",
        W,
        soundness.deadlocks,
        _("并行汇合“{name}”可能等不齐所有分支，会一直停在这里"),
        _("请检查前面的分支：排他网关分出的路要用排他网关合并"),
    ),
    Rule(
        "sound.doubled",
        W,
        soundness.doubled,
        _("几条并行分支在“{name}”没有汇合就继续，后面的步骤会重复进行"),
        _("请先用并行网关汇合，再继续"),
    ),
    Rule(
        "sound.dead",
        W,
        soundness.dead,
        _("怎么走都轮不到“{name}”"),
        _("请检查通向它的连线和汇合"),
    ),
    Rule(
        "sound.no_end",
        W,
        soundness.without_end,
        _("走到“{name}”之后再也到不了任何结束"),
        _("请画出一条通向结束事件的路"),
    ),
)
"""What playing the drawing shows; asked only where nothing is refused."""

UNKNOWN: Rule[Process] = Rule(
    "element.unknown",
    E,
    lambda _process: (),
    _("不认识的元素 {tag}，无法按图运行"),
    _("请删掉它，或改用已支持的元素"),
)
"""About the file rather than one process: what the model has no place for."""

ENDLESS_CALL: Rule[Process] = Rule(
    "call.endless",
    E,
    lambda _process: (),
    _("调用活动“{name}”会绕回自己的流程，中间没有等待也没有选择，永远调用不完"),
    _("请在调用之前加上排他网关，让它有时不再调用"),
)
"""About processes drawn together: which calls come round."""


def check(diagram: Diagram) -> tuple[Finding, ...]:
    """Return every broken rule of a diagram, in the order of the table."""
    strange = [UNKNOWN.finding(spot) for spot in support.unknown_elements(diagram)]
    drawn = [process for process in diagram.processes.values() if process.nodes]
    if not drawn:
        drawn = list(diagram.processes.values())
    found = [*strange, *_broken(RULES, drawn), *check_calls(diagram.processes)]
    if any(each.severity is Severity.ERROR for each in found):
        return tuple(found)
    return (*found, *_broken(SOUNDNESS, drawn))


def _broken(rules: Iterable[Rule[Process]], drawn: list[Process]) -> Iterator[Finding]:
    return (
        rule.finding(spot) for rule in rules for process in drawn for spot in rule.find(process)
    )


def check_calls(processes: Mapping[str, Process]) -> list[Finding]:
    """Return the calls among processes drawn together that come round without waiting."""
    return [ENDLESS_CALL.finding(spot) for spot in endless.endless_calls(processes)]
