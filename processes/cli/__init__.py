"""The command line `shaodao`: commands come from the entry-point group `shaodao.commands`.

A command is loaded when it is called, so that those of the web cost the others nothing.
"""

from __future__ import annotations

import logging
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click

from engine.errors import ShaodaoError
from engine.i18n import _
from processes.cli.common import language
from processes.installation import check_packages
from processes.logs import log_to_stderr

GROUP = "shaodao.commands"


class Shell(click.Group):
    """A group whose commands are entry points; a refusal is one sentence and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *registered()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command by name."""
        own = super().get_command(ctx, cmd_name)
        found = registered().get(cmd_name)
        return own or (found.load() if found else None)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; put our refusals into the reader's language."""
        try:
            check_packages()
            return super().invoke(ctx)
        except ShaodaoError as refusal:
            click.echo(f"{refusal.sentence(language())} [{refusal.code}]", err=True)
            ctx.exit(1)


def registered() -> dict[str, EntryPoint]:
    """Return the registered commands by name."""
    return {each.name: each for each in entry_points(group=GROUP)}


@click.group(
    cls=Shell,
    help=_("哨到：网格发现、社区吹哨、部门报到。").to(language()),
    context_settings={"help_option_names": ["-h", "--help"]},
)
def main() -> None:
    """Run a command of the product."""
    log_to_stderr(level=logging.WARNING)
