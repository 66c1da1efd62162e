"""`shaodao reindex`: make the index of the search anew from the cases' texts."""

from __future__ import annotations

import click

from engine.i18n import _
from processes.cli.common import existing, language, say
from processes.index import reindex


@click.command("reindex", help=_("重建查找用的索引；可在系统运行时进行。").to(language()))
def command() -> None:
    """Rebuild the index and say of how many cases."""
    with existing() as product:
        count = reindex(product.engine.database)
    say(_("已为 {count} 件事项重建查找索引。", count=count))
