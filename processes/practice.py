"""How a district blows its whistles: the few choices that differ from place to place.

They are rows, not environment variables: diagrams read them as `case.blow_right` and
`case.signoff`, and what an administrator changes holds from the next step on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.errors import Invalid
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Answer
from processes.permissions import require
from processes.tables import setting

if TYPE_CHECKING:
    from engine.run.context import Context

YES: Final = "yes"
VALUES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "blow_right": ("community_applies", "community", "street", "centre"),
        "signoff": ("no", YES),
    }
)
"""What each setting may be, the default first.

`blow_right`: the community applies and the street issues; the community blows itself; only the
street; only the centre. `signoff`: whether a leader signs a department's result before it leaves.
"""
DEFAULTS: Final = MappingProxyType({name: values[0] for name, values in VALUES.items()})


@dataclass(frozen=True, kw_only=True)
class ChangeSetting(Command):
    """Change how this district blows. `name` and `value` are those of `VALUES`."""

    name: str
    value: str


def change_setting(context: Context, command: ChangeSetting) -> Answer:
    """Keep a setting. Raises Invalid("setting.unknown_name" or "setting.unknown_value")."""
    require(context.actor, "setting.change")
    allowed = VALUES.get(command.name)
    if allowed is None:
        raise Invalid(
            "setting.unknown_name",
            _(
                "没有名为“{name}”的设置；可用的有：{known}。",
                name=command.name,
                known="、".join(VALUES),
            ),
        )
    if command.value not in allowed:
        known = "、".join(allowed)
        raise Invalid(
            "setting.unknown_value",
            _("设置“{name}”只能是：{known}。", name=command.name, known=known),
        )
    row = {
        "name": command.name,
        "value": command.value,
        "changed_by": context.actor.id,
        "changed_at": context.now,
    }
    context.connection.execute(sa.delete(setting).where(setting.c.name == command.name))
    context.connection.execute(setting.insert(), row)
    return {"name": command.name, "value": command.value}
