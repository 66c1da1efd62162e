"""`shaodao setting [NAME VALUE]`: how this district blows, shown or changed."""

from __future__ import annotations

import click

from engine.actor import SYSTEM
from engine.i18n import _
from processes.cli.common import existing, language, say
from processes.practice import VALUES, ChangeSetting
from processes.reads.practice import practices


@click.command("setting", help=_("查看设置，或把一项设置改成另一个值。").to(language()))
@click.argument("name", required=False)
@click.argument("value", required=False)
def command(*, name: str | None, value: str | None) -> None:
    """Show all settings, or change one; the change is in the chain of organisation changes."""
    with existing() as product:
        if name and value:
            product.engine.execute(ChangeSetting(name=name, value=value), SYSTEM)
            product.seal()
        with product.engine.database.read() as connection:
            found = practices(connection)
    for each in found:
        others = " ".join(other for other in VALUES[each.name] if other != each.value)
        if name in (None, each.name):
            say(f"{each.name} = {each.value}  ({others})")
