"""What each step needs: its lane, its operation, its time, its bounds."""

from __future__ import annotations

from engine.bpmn.find import bounds, endless, events, nodes
from engine.bpmn.finding import Rule, Severity
from engine.bpmn.model import Process
from engine.i18n import _

E, W = Severity.ERROR, Severity.WARNING

STEPS: tuple[Rule[Process], ...] = (
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
)
