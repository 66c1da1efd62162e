"""Flows and gateways: conditions, directions, where a way begins and ends."""

from __future__ import annotations

from engine.bpmn.finding import Rule, Severity
from engine.bpmn.standard import expressions, flows, gateways
from engine.bpmn.standard.sheet import Sheet
from engine.i18n import _

E, W = Severity.ERROR, Severity.WARNING

WAYS: tuple[Rule[Sheet], ...] = (
    Rule(
        "flow.condition_empty",
        E,
        expressions.empty_conditions,
        _("连线“{name}”的条件是空的，会被当成无条件通过"),
        _("请写上条件；要无条件通过，就去掉这个空条件"),
    ),
    Rule(
        "flow.lone_condition",
        W,
        flows.lone_conditions,
        _("“{name}”是唯一的出口却带有条件，条件不成立时会停住"),
        _("请去掉条件，或再画一条默认连线"),
    ),
    Rule(
        "flow.listed_wrong",
        W,
        flows.listed_wrong,
        _("“{name}”列出的连线“{flow}”并不接在它上面"),
        _("请重新连接这条线"),
    ),
    Rule(
        "flow.unlisted",
        W,
        flows.unlisted,
        _("“{name}”没有列出接在它上面的连线“{flow}”，仍按连线运行"),
        _("在设计器里重新保存即可改正"),
    ),
    Rule(
        "flow.not_immediate",
        W,
        flows.not_immediate,
        _("连线“{name}”标为不立即（isImmediate），运行时仍立即通过"),
        _("请去掉这个属性"),
    ),
    Rule(
        "gateway.direction",
        W,
        gateways.wrong_directions,
        _("网关“{name}”标为 {direction}，与它的连线不符"),
        _("请改正 gatewayDirection，或改画连线"),
    ),
    Rule(
        "gateway.without_choice",
        W,
        gateways.without_choice,
        _("网关“{name}”没有几条进线，也没有几条出线，什么也不决定"),
        _("请补上其他连线，或去掉网关"),
    ),
    Rule(
        "gateway.one_event",
        W,
        gateways.lone_races,
        _("事件网关“{name}”后面只有一个事件"),
        _("请画上另一个事件，或去掉网关"),
    ),
    Rule(
        "gateway.mixed_race",
        W,
        gateways.mixed_races,
        _("事件网关“{name}”后面既有接收任务，又有消息事件"),
        _("请都画成消息事件，或都画成接收任务"),
    ),
    Rule(
        "start.leads_nowhere",
        W,
        flows.empty_starts,
        _("开始事件“{name}”后面什么也没有，从这里开始就立刻结束"),
        _("请连到第一个步骤，或删掉它"),
    ),
    Rule(
        "node.ends_in_passing",
        W,
        flows.ends_in_passing,
        _("“{name}”后面没有连线，这一支到此结束，而图上另有结束事件"),
        _("请连到下一步，或连到结束事件"),
    ),
    Rule(
        "process.start_without_end",
        W,
        flows.starts_without_end,
        _("“{name}”有开始事件而没有结束事件"),
        _("请画上结束事件"),
    ),
    Rule(
        "process.end_without_start",
        W,
        flows.ends_without_start,
        _("“{name}”有结束事件而没有开始事件"),
        _("请画上开始事件"),
    ),
)
