"""The one table of what BPMN 2.0's text asks of a file that a schema cannot say.

What cannot run as drawn is refused by `engine/bpmn/rules.py`; here an error is only what could mean
two things or nothing.
"""

from __future__ import annotations

from engine.bpmn.finding import Rule, Severity
from engine.bpmn.standard import items, pointers, pools, shapes
from engine.bpmn.standard.sheet import Sheet
from engine.i18n import _

E, W = Severity.ERROR, Severity.WARNING

STANDARD: tuple[Rule[Sheet], ...] = (
    Rule(
        "event.definition_missing",
        E,
        pointers.definitions_nowhere,
        _("“{name}”引用的事件定义“{ref}”在文件里没有，不知道它是什么事件"),
        _("请在文件里定义它，或把事件定义直接画在事件上"),
    ),
    Rule(
        "lane.node_twice",
        E,
        pools.nodes_twice,
        _("“{name}”同时画在两条泳道里，不知道由谁来办"),
        _("请只放在一条泳道里"),
    ),
    Rule(
        "timer.several",
        E,
        shapes.several_times,
        _("定时器“{name}”写了不止一种时间，不知道以哪个为准"),
        _("请只留日期、时长、周期中的一种"),
    ),
    Rule(
        "reference.missing",
        W,
        pointers.leading_nowhere,
        _("“{name}”的 {key} 引用的“{ref}”在文件里没有（第 {line} 行）"),
        _("请补上它，或去掉这个引用"),
    ),
    Rule(
        "reference.wrong_kind",
        W,
        pointers.leading_astray,
        _("“{name}”的 {key} 不能引用 {tag}“{ref}”（第 {line} 行）"),
        _("请改为引用正确种类的元素"),
    ),
    Rule(
        "flow.lone_condition",
        W,
        shapes.lone_conditions,
        _("“{name}”是唯一的出口却带有条件，条件不成立时会停住"),
        _("请去掉条件，或再画一条默认连线"),
    ),
    Rule(
        "flow.listed_wrong",
        W,
        shapes.listed_wrong,
        _("“{name}”列出的连线“{flow}”并不接在它上面"),
        _("请重新连接这条线"),
    ),
    Rule(
        "gateway.direction",
        W,
        shapes.wrong_directions,
        _("网关“{name}”标为 {direction}，与它的连线不符"),
        _("请改正 gatewayDirection，或改画连线"),
    ),
    Rule(
        "gateway.one_event",
        W,
        shapes.lone_races,
        _("事件网关“{name}”后面只有一个事件"),
        _("请画上另一个事件，或去掉网关"),
    ),
    Rule(
        "gateway.mixed_race",
        W,
        shapes.mixed_races,
        _("事件网关“{name}”后面既有接收任务，又有消息事件"),
        _("请都画成消息事件，或都画成接收任务"),
    ),
    Rule(
        "event.always_interrupts",
        W,
        shapes.gentle_errors,
        _("“{name}”画成不中断，但错误、取消和补偿总是中断"),
        _("请画成会中断的"),
    ),
    Rule(
        "event.leads_nowhere",
        W,
        shapes.dead_ends,
        _("中间事件“{name}”后面什么也没有"),
        _("请画上后续步骤，或改为结束事件"),
    ),
    Rule(
        "process.start_without_end",
        W,
        shapes.starts_without_end,
        _("“{name}”有开始事件而没有结束事件"),
        _("请画上结束事件"),
    ),
    Rule(
        "process.end_without_start",
        W,
        shapes.ends_without_start,
        _("“{name}”有结束事件而没有开始事件"),
        _("请画上开始事件"),
    ),
    Rule(
        "error.no_code",
        W,
        shapes.errors_without_code,
        _("“{name}”会被抛出，却没有写 {key}，按名称或标识使用"),
        _("请填写代码"),
    ),
    Rule(
        "activity.counted_twice",
        W,
        shapes.counted_twice,
        _("多实例“{name}”既写了个数，又写了集合，按集合进行"),
        _("请只留一种"),
    ),
    Rule(
        "activity.no_behavior_event",
        W,
        shapes.behaviour_without_event,
        _("多实例“{name}”没有写 {key}，不会抛出事件"),
        _("请选择事件，或去掉 behavior"),
    ),
    Rule(
        "message_flow.inside_pool",
        W,
        pools.flows_inside,
        _("消息流“{name}”的两端在同一个池里"),
        _("池内请用连线，消息流只画在两个池之间"),
    ),
    Rule(
        "message_flow.wrong_end",
        W,
        pools.flows_from_silence,
        _("消息流“{name}”的一端不能收发消息"),
        _("请接到池、任务，或消息事件上"),
    ),
    Rule(
        "pool.process_twice",
        W,
        pools.processes_twice,
        _("池“{name}”里的流程“{ref}”已经在另一个池里"),
        _("请让一个流程只在一个池里"),
    ),
    Rule(
        "pool.impossible_count",
        W,
        pools.impossible_counts,
        _("“{name}”的参与者最少个数多于最多个数"),
        _("请改正个数"),
    ),
    Rule(
        "lane.foreign_node",
        W,
        pools.nodes_elsewhere,
        _("泳道“{name}”里的“{ref}”属于另一个流程"),
        _("请把它放进自己流程的泳道"),
    ),
    Rule(
        "data.io_in_sub_process",
        W,
        items.io_of_sub_process,
        _("子流程“{name}”不能有输入输出说明（ioSpecification）"),
        _("请在子流程里面画数据对象"),
    ),
    Rule(
        "data.in_no_set",
        W,
        items.in_no_set,
        _("“{name}”不在任何输入集或输出集里"),
        _("请把它列入 inputSet 或 outputSet"),
    ),
    Rule(
        "data.kinds_differ",
        W,
        items.kinds_differ,
        _("“{name}”的数据关联两端种类不同，又没有转换"),
        _("请统一 itemSubjectRef，或写上转换表达式"),
    ),
)
