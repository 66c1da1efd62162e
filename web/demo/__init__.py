"""`shaodao demo`: a district to look at, played by public commands on a virtual clock.

Nothing is inserted behind the door: units, people, reports, answers and checks are the same
commands that pages send, and timers come due through the worker's own loop. Time begins some days
ago and ends now.
"""

from __future__ import annotations

import click

from engine.i18n import _
from engine.now import SystemClock
from processes.cli.common import language, say, settings


@click.command("demo", help=_("生成演示街道：单位、人员、登录账号和事项。").to(language()))
def demo() -> None:
    """Make the demo district unless it stands already."""
    from web.demo.make import make  # noqa: PLC0415 - help does not need the whole product

    made = make(settings(), SystemClock().now())
    if not made.new:
        say(_("演示街道已经在了，没有改动。"))
        return
    say(_("演示街道已生成，共 {count} 件事项。", count=made.cases))
    if made.skipped:
        say(
            _(
                "另有 {count} 件早于本数据目录的启用时间，没有生成；"
                "要看全部事项，请换一个空的数据目录。",
                count=made.skipped,
            )
        )
