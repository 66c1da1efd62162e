"""Activities: repetition, calls, and the expressions drawn on them."""

from __future__ import annotations

from engine.bpmn.finding import Rule, Severity
from engine.bpmn.standard import calls, expressions, repetition
from engine.bpmn.standard.sheet import Sheet
from engine.i18n import _

W = Severity.WARNING

ACTIVITIES: tuple[Rule[Sheet], ...] = (
    Rule(
        "activity.counted_twice",
        W,
        repetition.counted_twice,
        _("多实例“{name}”既写了个数，又写了集合，按集合进行"),
        _("请只留一种"),
    ),
    Rule(
        "activity.no_behavior_event",
        W,
        repetition.behaviour_without_event,
        _("多实例“{name}”没有写 {key}，不会抛出事件"),
        _("请选择事件，或去掉 behavior"),
    ),
    Rule(
        "activity.item_kind",
        W,
        repetition.items_of_another_kind,
        _("多实例“{name}”的种类与所属列表的不同"),
        _("请统一 itemSubjectRef"),
    ),
    Rule(
        "call.input_unpassed",
        W,
        calls.inputs_unpassed,
        _("调用活动“{name}”没有传入流程“{called}”要的“{ref}”，在那里是空的"),
        _("请画上同名的输入，或写进属性 in"),
    ),
    Rule(
        "call.data_differ",
        W,
        calls.data_differ,
        _("调用活动“{name}”的输入输出与流程“{called}”的个数或种类不同"),
        _("请照被调用的流程改画"),
    ),
    Rule(
        "expression.blank",
        W,
        expressions.blanks,
        _("“{name}”的 {key} 是空的，等于没写（第 {line} 行）"),
        _("请写上表达式，或去掉它"),
    ),
    Rule(
        "expression.other_language",
        W,
        expressions.other_languages,
        _("“{name}”写明用 {language}，这里仍按本系统的表达式理解（第 {line} 行）"),
        _("请用本系统的表达式写，并去掉语言说明"),
    ),
)
