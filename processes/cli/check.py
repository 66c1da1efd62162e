"""`shaodao check PATH…`: say what deploying would refuse; needs no database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from engine.bpmn.rules import Finding, Severity
from engine.errors import ShaodaoError
from engine.i18n import _
from processes.checking import ADVICE, Checked, check_path
from processes.cli.common import language


@click.command(
    "check", help=_("检查流程图、决策表、表单或整个文件夹，不需要数据库。").to(language())
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 列出。").to(language()))
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Print each finding with its element; exit code 1 if anything would be refused."""
    results = [checked for path in paths for checked in looked_at(path)]
    if as_json:
        click.echo(orjson.dumps([told(checked) for checked in results]).decode())
    else:
        for checked in results:
            show(checked)
    if not all(checked.ok for checked in results):
        ctx.exit(1)


def looked_at(path: Path) -> Iterator[Checked]:
    """Check a path; one that cannot be checked at all is a finding among the others."""
    try:
        yield from check_path(path)
    except ShaodaoError as error:
        finding = Finding(path.name, error.code, error.text, ADVICE, Severity.ERROR)
        yield Checked(path, (finding,))


def told(checked: Checked) -> dict[str, Any]:
    """Return what was found in one file or folder as plain values."""
    locale = language()
    return {
        "path": str(checked.path),
        "ok": checked.ok,
        "findings": [
            {
                "element": finding.element,
                "severity": str(finding.severity),
                "code": finding.code,
                "sentence": finding.text.to(locale),
                "advice": finding.advice.to(locale),
            }
            for finding in checked.findings
        ],
        "read_over": dict(checked.read_over),
    }


def show(checked: Checked) -> None:
    """Print what was found in one file or folder."""
    locale = language()
    verdict = _("通过") if checked.ok else _("不能部署")
    click.echo(f"{checked.path}: {verdict.to(locale)}")
    for finding in checked.findings:
        sentence = f"{finding.text.to(locale)} {finding.advice.to(locale)}"
        click.echo(f"  {finding.severity} {finding.element}: {sentence} [{finding.code}]")
    if checked.read_over:
        counted = "，".join(f"{tag} × {count}" for tag, count in checked.read_over.items())
        click.echo("  " + _("只作说明：{counted}", counted=counted).to(locale))
