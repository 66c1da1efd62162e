"""The file as a whole: where its references lead, and what it asks for that is not done."""

from __future__ import annotations

from engine.bpmn.finding import Rule, Severity
from engine.bpmn.standard import pointers, whole
from engine.bpmn.standard.sheet import Sheet
from engine.i18n import _

E, W = Severity.ERROR, Severity.WARNING

FILE: tuple[Rule[Sheet], ...] = (
    Rule(
        "extension.must_understand",
        E,
        whole.must_be_understood,
        _("文件要求必须理解扩展“{ref}”，这里不认识它（第 {line} 行）"),
        _("请去掉这个扩展，或把 mustUnderstand 改为 false"),
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
        "import.not_read",
        W,
        whole.imported_drawings,
        _("文件引入了另一个流程图“{ref}”，这里不会一起读取"),
        _("请把它也放进流程文件夹一起部署"),
    ),
    Rule(
        "process.public",
        W,
        whole.public_processes,
        _("流程“{name}”标为公开（Public），本来只作说明，仍会按图运行"),
        _("请把 processType 改为 None 或 Private"),
    ),
    Rule(
        "element.not_run",
        W,
        whole.talks,
        _("“{name}”是编排或会话，只作说明，不会运行（第 {line} 行）"),
        _("要运行的步骤请画在流程里"),
    ),
)
