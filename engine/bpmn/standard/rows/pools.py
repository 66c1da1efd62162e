"""Pools, lanes and the messages between pools."""

from __future__ import annotations

from engine.bpmn.finding import Rule, Severity
from engine.bpmn.standard import pools
from engine.bpmn.standard.sheet import Sheet
from engine.i18n import _

E, W = Severity.ERROR, Severity.WARNING

POOLS: tuple[Rule[Sheet], ...] = (
    Rule(
        "lane.node_twice",
        E,
        pools.nodes_twice,
        _("“{name}”同时画在两条泳道里，不知道由谁来办"),
        _("请只放在一条泳道里"),
    ),
    Rule(
        "lane.foreign_node",
        W,
        pools.nodes_elsewhere,
        _("泳道“{name}”里的“{ref}”属于另一个流程"),
        _("请把它放进自己流程的泳道"),
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
        "message_flow.other_message",
        W,
        pools.other_messages,
        _("消息流“{name}”写的是消息“{ref}”，两端收发的却是别的消息"),
        _("请统一消息流和两端的消息"),
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
        _("“{name}”的参与者个数不可能：最多为零，或少于最少个数"),
        _("请改正个数"),
    ),
)
