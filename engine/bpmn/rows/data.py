"""Data associations that cannot be said, found or done."""

from __future__ import annotations

from engine.bpmn.find import data
from engine.bpmn.finding import Rule, Severity
from engine.bpmn.model import Process
from engine.i18n import _

E, W = Severity.ERROR, Severity.WARNING

DATA: tuple[Rule[Process], ...] = (
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
)
