"""Check files before they are deployed: diagrams, tables, forms, labels, alone or as a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from engine.bpmn.beside import read_over
from engine.bpmn.model import Diagram
from engine.bpmn.read import read_diagram
from engine.bpmn.rules import Finding, Severity, check
from engine.bpmn.standard.judge import judge
from engine.decision import read_dmn
from engine.errors import Invalid, ShaodaoError
from engine.expr import compile_expression
from engine.foreign.proposals import proposals
from engine.forms import read_form
from engine.i18n import _
from engine.labels import read_labels
from engine.run.examine import examine, texts_of, timers_of, tried
from engine.run.folder import Folder
from engine.run.handlers.definitions import text_of
from engine.run.plugins import Plugins
from processes.access import OrganisationAccess
from processes.catalogue.checks import facts_beside, judge_table
from processes.operations import OPERATIONS
from processes.statuses import STATUSES

NOWHERE: Final = UUID(int=0)  # a folder that is deployed nowhere
SUFFIXES: Final = (".bpmn", ".dmn", ".form.json", "labels.toml")
DIAGRAMS: Final = (".bpmn", ".bpmn.xml", ".bpmn20.xml")
ADVICE: Final = _("请改正后再检查。")


@dataclass(frozen=True)
class Checked:
    """A file or folder and what was found in it."""

    path: Path
    findings: tuple[Finding, ...]
    read_over: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether it could be deployed."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def check_path(path: Path) -> Iterator[Checked]:
    """Check a file, or a folder with all it holds. Raises Invalid("check.…") for neither."""
    if path.is_dir():
        yield from check_folder(path)
    elif not path.exists():
        raise Invalid("check.missing", _("找不到 {path}。", path=str(path)))
    elif not path.name.endswith((*SUFFIXES, *DIAGRAMS)):
        raise Invalid(
            "check.file_type",
            _("{path} 不是流程图、决策表、表单或标签文件，无法检查。", path=str(path)),
        )
    else:
        yield check_file(path)


def check_folder(path: Path) -> Iterator[Checked]:
    """Check a process folder as deploying would, and the tables in it one by one."""
    files = [each for each in sorted(path.rglob("*")) if each.name.endswith(SUFFIXES)]
    homes = sorted({each.parent for each in files if each.name.endswith(".bpmn")})
    for home in homes:
        yield Checked(home, findings_of(str(home), lambda home=home: examined(home)))  # type: ignore[misc]
    for each in files:
        if each.parent not in homes:
            yield check_file(each)
    if not files:
        raise Invalid("check.empty", _("{path} 里没有可检查的文件。", path=str(path)))


def examined(home: Path) -> list[Finding]:
    """Return what deploying a folder would find."""
    texts = {
        each.name: text_of(each.name, each.read_bytes())
        for each in sorted(home.iterdir())
        if each.name.endswith(SUFFIXES)
    }
    plugins = Plugins(access=OrganisationAccess(), operations=OPERATIONS, statuses=STATUSES)
    return examine(Folder(NOWHERE, home.name, 0, texts), plugins)


def check_file(path: Path) -> Checked:
    """Check one file by what its name says it is."""
    findings = findings_of(path.name, lambda: read_one(path))
    is_read = path.name.endswith(DIAGRAMS) and not any(f.code.startswith("xml.") for f in findings)
    return Checked(path, findings, read_over(path.read_bytes()) if is_read else {})


def read_one(path: Path) -> list[Finding]:
    """Read a file as what it is; diagrams and tables have findings beyond being readable."""
    data = path.read_bytes()
    if path.name.endswith(DIAGRAMS):
        diagram = read_diagram(data)
        return [*drawn_findings(diagram), *judge(data, diagram), *proposals(data)]
    if path.suffix == ".dmn":
        facts = facts_beside(path.parent)
        return [doubt for each in read_dmn(data) for doubt in judge_table(each, facts).doubts]
    if path.suffix == ".toml":
        read_labels(data.decode("utf-8-sig"))
    else:
        read_form(data.decode("utf-8-sig"))
    return []


def drawn_findings(diagram: Diagram) -> Iterator[Finding]:
    """Yield what is wrong with a diagram alone: its drawing, and the expressions in it."""
    yield from check(diagram)
    for process in diagram.processes.values():
        for node in process.nodes.values():
            yield from texts_of(node)
            yield from timers_of(node)
        for flow in process.flows.values():
            if flow.condition:
                yield from tried(flow.id, compile_expression, flow.condition)


def findings_of(element: str, look: Callable[[], Any]) -> tuple[Finding, ...]:
    """Return what looking finds; a refusal to read is a finding too."""
    try:
        return tuple(look())
    except ShaodaoError as error:
        return (Finding(element, error.code, error.text, ADVICE, Severity.ERROR),)
    except UnicodeDecodeError:
        text = _("文件不是 UTF-8 编码。")
        return (Finding(element, "file.not_utf8", text, ADVICE, Severity.ERROR),)
    except (OSError, ValueError, LookupError, TypeError, RecursionError, AttributeError) as error:
        # A fault of ours on somebody's file must not hide what is found in the files after it.
        text = _("检查时出错：{reason}", reason=f"{type(error).__name__}: {error}")
        return (Finding(element, "check.failed", text, ADVICE, Severity.ERROR),)
