"""Data: kinds, inputs and outputs, and their sets."""

from __future__ import annotations

from engine.bpmn.finding import Rule, Severity
from engine.bpmn.standard import items, sets
from engine.bpmn.standard.sheet import Sheet
from engine.i18n import _

W = Severity.WARNING

DATA: tuple[Rule[Sheet], ...] = (
    Rule(
        "data.io_in_sub_process",
        W,
        sets.io_of_sub_process,
        _("子流程“{name}”不能有输入输出说明（ioSpecification）"),
        _("请在子流程里面画数据对象"),
    ),
    Rule(
        "data.in_no_set",
        W,
        sets.in_no_set,
        _("“{name}”不在任何输入集或输出集里"),
        _("请把它列入 inputSet 或 outputSet"),
    ),
    Rule(
        "data.sets_unpaired",
        W,
        sets.one_sided_pairs,
        _("“{name}”引用了“{ref}”，对方却没有引用它"),
        _("请让输入集与输出集互相引用"),
    ),
    Rule(
        "data.more_than_one",
        W,
        sets.more_than_one,
        _("“{name}”收发消息，应只有一个 {tag}，却有 {count} 个"),
        _("请只留一个"),
    ),
    Rule(
        "data.beside_event",
        W,
        sets.data_beside_events,
        _("事件“{name}”画了 {count} 个数据，却有 {events} 个事件定义"),
        _("请让数据与事件定义一一对应"),
    ),
    Rule(
        "data.against_stream",
        W,
        sets.against_the_stream,
        _("数据关联往流程的输入“{ref}”里写，或从流程的输出里读"),
        _("请改连数据对象，输入只读、输出只写"),
    ),
    Rule(
        "data.kinds_differ",
        W,
        items.kinds_differ,
        _("“{name}”的数据关联两端种类不同，又没有转换"),
        _("请统一 itemSubjectRef，或写上转换表达式"),
    ),
    Rule(
        "data.collections_differ",
        W,
        items.collections_differ,
        _("“{name}”与它的种类“{ref}”一个是集合，一个不是，按“{name}”自己写的进行"),
        _("请统一 isCollection"),
    ),
    Rule(
        "data.message_kind",
        W,
        items.messages_of_another_kind,
        _("“{name}”的数据与它收发的“{ref}”种类不同"),
        _("请统一 itemSubjectRef 与消息的种类"),
    ),
)
