"""Starts, flows and the ways that gateways choose."""

from __future__ import annotations

from engine.bpmn.find import events, flows, nodes
from engine.bpmn.finding import Rule, Severity
from engine.bpmn.model import Process
from engine.i18n import _

E, W = Severity.ERROR, Severity.WARNING

FLOWS: tuple[Rule[Process], ...] = (
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
)
