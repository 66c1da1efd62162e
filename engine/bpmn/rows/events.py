"""What can run at all, and what events, gateways of events and repetition need."""

from __future__ import annotations

from engine.bpmn.find import events, support
from engine.bpmn.finding import Rule, Severity
from engine.bpmn.model import Process
from engine.i18n import _

E, W = Severity.ERROR, Severity.WARNING

EVENTS: tuple[Rule[Process], ...] = (
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
)
