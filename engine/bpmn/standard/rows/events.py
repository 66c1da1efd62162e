"""Events: their definitions, times, codes and links."""

from __future__ import annotations

from engine.bpmn.finding import Rule, Severity
from engine.bpmn.standard import events, pointers
from engine.bpmn.standard.sheet import Sheet
from engine.i18n import _

E, W = Severity.ERROR, Severity.WARNING

EVENTS: tuple[Rule[Sheet], ...] = (
    Rule(
        "event.definition_missing",
        E,
        pointers.definitions_nowhere,
        _("“{name}”引用的事件定义“{ref}”在文件里没有，不知道它是什么事件"),
        _("请在文件里定义它，或把事件定义直接画在事件上"),
    ),
    Rule(
        "event.definition_of_other",
        E,
        pointers.definitions_of_others,
        _("“{name}”引用的事件定义“{ref}”画在另一个事件里，不能共用"),
        _("请把这个事件定义移到文件最外层，或在这个事件里另写一个"),
    ),
    Rule(
        "timer.several",
        E,
        events.several_times,
        _("定时器“{name}”写了不止一种时间，不知道以哪个为准"),
        _("请只留日期、时长、周期中的一种"),
    ),
    Rule(
        "link.at_odds",
        E,
        events.links_at_odds,
        _("链接事件“{name}”按名称和按引用指向两处，引用的是“{ref}”"),
        _("请让两端的链接同名，或去掉 source 和 target"),
    ),
    Rule(
        "event.rivals",
        E,
        events.rivals,
        _("“{name}”与“{other}”在同一处接同样的错误或取消，不知道走哪一个"),
        _("请只留一个，或让它们接不同的错误代码"),
    ),
    Rule(
        "event.always_interrupts",
        W,
        events.gentle_errors,
        _("“{name}”画成不中断，但错误、取消和补偿总是中断"),
        _("请画成会中断的"),
    ),
    Rule(
        "event.leads_nowhere",
        W,
        events.dead_ends,
        _("中间事件“{name}”后面什么也没有"),
        _("请画上后续步骤，或改为结束事件"),
    ),
    Rule(
        "event.begins",
        W,
        events.beginning_between,
        _("中间事件“{name}”前面什么也没有，流程从它开始"),
        _("请画一个开始事件，并连到它"),
    ),
    Rule(
        "event.throws_unnamed",
        W,
        events.unnamed_throws,
        _("“{name}”没有写抛出哪个错误或升级，只有不挑代码的事件接得住"),
        _("请选择一个带代码的错误或升级"),
    ),
    Rule(
        "error.no_code",
        W,
        events.errors_without_code,
        _("“{name}”会被抛出，却没有写 {key}，按名称或标识使用"),
        _("请填写代码"),
    ),
)
