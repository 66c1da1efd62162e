"""`shaodao check PATH…`: say what deploying would refuse; needs no database."""

from __future__ import annotations

from pathlib import Path

import click

from engine.i18n import _
from processes.checking import Checked, check_path
from processes.cli.common import language


@click.command(
    "check", help=_("检查流程图、决策表、表单或整个文件夹，不需要数据库。").to(language())
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    """Print each finding with its element; exit code 1 if anything would be refused."""
    results = [checked for path in paths for checked in check_path(path)]
    for checked in results:
        show(checked)
    if not all(checked.ok for checked in results):
        ctx.exit(1)


def show(checked: Checked) -> None:
    """Print what was found in one file or folder."""
    locale = language()
    verdict = _("通过") if checked.ok else _("不能部署")
    click.echo(f"{checked.path}: {verdict.to(locale)}")
    for finding in checked.findings:
        sentence = f"{finding.text.to(locale)} {finding.advice.to(locale)}"
        click.echo(f"  {finding.severity} {finding.element}: {sentence} [{finding.code}]")
