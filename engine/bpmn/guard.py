"""Files from people are first read in a process of their own, with bounds that the kernel keeps.

Whatever a file does to a parser happens there: it can use up its seconds and its memory, and only
it dies. `examine_safely` is asked by the parent; `python -m engine.bpmn.guard` is the child. The
child has no environment, hence no secrets, opens no file for writing, and answers in JSON.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import orjson

from engine import xml
from engine.bpmn.read import read_diagram
from engine.bpmn.rules import Finding, Severity, check
from engine.bpmn.standard.judge import judge
from engine.errors import Invalid
from engine.i18n import Text, _

CHILD = ("-s", "-E", "-m", "engine.bpmn.guard")
HOME = Path(__file__).parents[2]
ADVICE = _("请在设计器里改正后再部署。")
AT_ONCE = BoundedSemaphore(2)
"""Children at the same time: two people who upload must not take the whole machine."""


@dataclass(frozen=True)
class Bounds:
    """What a child may use: seconds of processor and of wall clock, bytes of address space."""

    cpu: int = 10
    wall: float = 15.0
    memory: int = 512 * 1024 * 1024


BOUNDS = Bounds()


def examine_safely(files: Mapping[str, str], bounds: Bounds = BOUNDS) -> tuple[Finding, ...]:
    """Return what the rules find in diagrams and tables, read in a child process.

    A file that cannot be read is a finding whose element is the file's name: it must not be read
    again here. Raises Invalid("definition.too_heavy") where the child ran out of time or memory.
    """
    try:
        with AT_ONCE:
            child = subprocess.run(  # noqa: S603 - ourselves, with nothing of the user's on the line
                [sys.executable, *CHILD, str(bounds.cpu), str(bounds.memory)],
                input=orjson.dumps(dict(files)),
                capture_output=True,
                timeout=bounds.wall,
                cwd=HOME,
                env={},
                check=True,
            )
        return tuple(_finding(each) for each in orjson.loads(child.stdout))
    except (subprocess.SubprocessError, orjson.JSONDecodeError) as error:
        text = _("流程文件太复杂，读取时超出了时间或内存的限制，请简化或拆分后再部署。")
        raise Invalid("definition.too_heavy", text) from error


def examine_files(files: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the findings on each file; a file that cannot be read is one."""
    for name, text in sorted(files.items()):
        try:
            if name.endswith(".bpmn"):
                diagram = read_diagram(text.encode())
                yield from check(diagram)
                yield from judge(text.encode(), diagram)
            elif name.endswith(".dmn"):
                xml.read_xml(text.encode())
        except Invalid as error:
            yield Finding(name, error.code, error.text, ADVICE, Severity.ERROR)


def main() -> None:
    """Bind this process, read what stands on standard input, answer on standard output."""
    cpu, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    found = [_plain(each) for each in examine_files(orjson.loads(sys.stdin.buffer.read()))]
    sys.stdout.buffer.write(orjson.dumps(found))


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "element": finding.element,
        "code": finding.code,
        "text": _plain_text(finding.text),
        "advice": _plain_text(finding.advice),
        "severity": finding.severity.value,
    }


def _plain_text(text: Text) -> dict[str, Any]:
    values = {
        name: _plain_text(value) if isinstance(value, Text) else value
        for name, value in text.values.items()
    }
    return {"key": text.key, "values": values}


def _finding(said: Mapping[str, Any]) -> Finding:
    severity = Severity(said["severity"])
    return Finding(
        said["element"], said["code"], _text(said["text"]), _text(said["advice"]), severity
    )


def _text(said: Mapping[str, Any]) -> Text:
    values = {
        name: _text(value) if isinstance(value, Mapping) else value
        for name, value in said["values"].items()
    }
    return Text(said["key"], values)


if __name__ == "__main__":
    main()
