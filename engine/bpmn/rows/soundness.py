"""What playing the drawing shows; asked only where nothing is refused."""

from __future__ import annotations

from engine.bpmn import soundness
from engine.bpmn.finding import Rule, Severity
from engine.bpmn.model import Process
from engine.i18n import _

W = Severity.WARNING

SOUNDNESS: tuple[Rule[Process], ...] = (
    Rule(
        "sound.deadlock",
        W,
        soundness.deadlocks,
        _("并行汇合“{name}”可能等不齐所有分支，会一直停在这里"),
        _("请检查前面的分支：排他网关分出的路要用排他网关合并"),
    ),
    Rule(
        "sound.doubled",
        W,
        soundness.doubled,
        _("几条并行分支在“{name}”没有汇合就继续，后面的步骤会重复进行"),
        _("请先用并行网关汇合，再继续"),
    ),
    Rule(
        "sound.dead",
        W,
        soundness.dead,
        _("怎么走都轮不到“{name}”"),
        _("请检查通向它的连线和汇合"),
    ),
    Rule(
        "sound.no_end",
        W,
        soundness.without_end,
        _("走到“{name}”之后再也到不了任何结束"),
        _("请画出一条通向结束事件的路"),
    ),
)
