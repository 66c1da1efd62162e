"""What people hand in is read by a child process first (engine/bpmn/guard.py).

What comes with the product and is deployed by the system is read at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.guard import examine_safely
from engine.errors import Invalid
from engine.run.commands import DeployFolder, DeployTables
from engine.run.handlers.definitions import XML, refuse, texts
from engine.run.handlers.instances import require

if TYPE_CHECKING:
    from engine.run.context import Context


def examine_upload(context: Context, command: DeployFolder | DeployTables) -> None:
    """Refuse an upload that cannot be read, or not within bounds, before it is read here.

    Raises Invalid("definition.refused" or "definition.too_heavy"); for tables the reader's own
    code stands in the place of the former.
    """
    if context.actor.kind == "system":
        return
    require(context, "definition.deploy", None)
    files = {name: text for name, text in texts(command.files).items() if name.endswith(XML)}
    unread = [each for each in examine_safely(files) if each.element in files]
    if isinstance(command, DeployFolder):
        refuse(command.folder, unread)
    elif unread:
        raise Invalid(unread[0].code, unread[0].text)
