"""`shaodao prepare`: make a home ready: folder, keys, migrations, deploy of `bpmn/`."""

from __future__ import annotations

import click

from engine.i18n import _
from processes.cli.common import language, opened, say


@click.command("prepare", help=_("准备数据目录：密钥、数据库、流程。可重复运行。").to(language()))
def command() -> None:
    """Prepare the home and say where it is."""
    with opened() as product:
        say(_("数据目录已就绪：{home}", home=str(product.settings.home)))
