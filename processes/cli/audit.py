"""`shaodao audit verify`: prove the trail, against a head from outside where one is given."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from engine.errors import Invalid
from engine.i18n import _
from engine.trail.heads import SignedHead
from processes.audit import verify as verify_record
from processes.calendars.entered import compare_calendars
from processes.cli.common import existing, language, say
from processes.organisation_chain import verify_changes
from processes.privacy_chain import verify_readings

MOST_NAMED: Final = 5  # places of calendars that were changed behind the chain's back


@click.group("audit", help=_("办理留痕的核验。").to(language()))
def command() -> None:
    """Group the commands about the trail."""


@command.command("verify", help=_("核验全部留痕；发现改动时指出第一处并返回 1。").to(language()))
@click.option(
    "--head",
    "head_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("从外部保存的签名文件，用来证明没有缺失。").to(language()),
)
@click.pass_context
def verify(ctx: click.Context, head_file: Path | None) -> None:
    """Check every chain and the log; exit code 1 if anything is wrong."""
    head = read_head(head_file) if head_file else None
    with existing() as product, product.engine.database.read() as connection:
        report = verify_record(connection, product.keys, head)
        readings, changes = verify_readings(connection), verify_changes(connection)
        calendars = compare_calendars(connection)
    say(
        _(
            "共核验 {instances} 个实例、{entries} 条留痕、{heads} 个签名、{readings} 条查阅记录、"
            "{changes} 条组织变更。",
            instances=report.instances,
            entries=report.entries,
            heads=report.heads,
            readings=readings.entries,
            changes=changes.entries,
        )
    )
    if not readings.ok:
        say(_("查阅记录从第 {seq} 条起不一致。", seq=readings.first_bad))
    if not changes.ok:
        say(_("组织变更记录从第 {seq} 条起不一致。", seq=changes.first_bad))
    if not calendars.ok:
        places = "、".join(calendars.differing[:MOST_NAMED])
        say(_("工作日历与录入记录不一致：{places}。", places=places))
    say(report.says)
    if not (report.ok and readings.ok and changes.ok and calendars.ok):
        ctx.exit(1)


def read_head(path: Path) -> SignedHead:
    """Read a signed head that was kept outside."""
    try:
        return SignedHead.read(path.read_bytes())
    except FileNotFoundError as error:
        raise Invalid("head.missing", _("找不到签名文件 {path}。", path=str(path))) from error
