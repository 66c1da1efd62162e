"""How a district blows its whistles: the few choices that differ from place to place.

They are rows, not environment variables: diagrams read them as `case.blow_right` and
`case.signoff`, and what an administrator changes holds from the next step on. The mode is the
exception: a case keeps the one in which it was reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.prepared import Prepared
from engine.errors import Invalid
from engine.i18n import Text, _
from engine.run.commands import Command
from engine.run.plugins import Answer, Handler
from processes.organisation_chain import changing, note
from processes.permissions import require
from processes.tables import setting

if TYPE_CHECKING:
    from engine.run.context import Context

YES: Final = "yes"
VALUES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "blow_right": ("street", "community", "centre"),
        "signoff": ("no", YES),
        "mode": ("normal", "urgent", "wartime"),
    }
)
"""What each setting may be, the default first.

`blow_right`: the community may only ask and the street issues; the community blows itself; the
centre blows, on what comes in to it or what a community asks for (users.md section 3). `signoff`:
whether a leader signs a department's result before it leaves. `mode`: what limits, routing,
approval and verification of new cases go by (domain.md section 3; in a storm: users.md T15).
"""
CHOSEN: Final = Prepared(sa.select(setting.c.value).where(setting.c.name == sa.bindparam("name")))
DEFAULTS: Final = MappingProxyType({name: values[0] for name, values in VALUES.items()})

WORDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "blow_right": _("谁可吹哨"),
        "blow_right.street": _("社区申请，街道签发"),
        "blow_right.community": _("社区直接吹哨"),
        "blow_right.centre": _("区中心吹哨：受理时直接吹，或应社区申请分哨"),
        "signoff": _("部门审签"),
        "signoff.no": _("联络员反馈后直接销哨"),
        "signoff.yes": _("分管领导审签后再销哨"),
        "mode": _("运行模式"),
        "mode.normal": _("平时"),
        "mode.urgent": _("急时：新上报的按急时时限和程序办理"),
        "mode.wartime": _("战时：新上报的一律先到场、事后补签"),
    }
)
"""What people call a setting, and each of its values as `<name>.<value>`."""


@dataclass(frozen=True, kw_only=True)
class ChangeSetting(Command):
    """Change how this district blows. `name` and `value` are those of `VALUES`."""

    name: str
    value: str


def change_setting(context: Context, command: ChangeSetting) -> Answer:
    """Keep a setting and note it in the chain of organisation changes.

    Raises Invalid("setting.unknown_name" or "setting.unknown_value").
    """
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
    before = chosen(context.connection, command.name)
    row = {
        "name": command.name,
        "value": command.value,
        "changed_by": context.actor.id,
        "changed_at": context.now,
    }
    context.connection.execute(sa.delete(setting).where(setting.c.name == command.name))
    context.connection.execute(setting.insert(), row)
    note(context, "setting.changed", command.name, before=before, after=command.value)
    return {"name": command.name, "value": command.value}


def chosen(connection: Connection, name: str) -> str:
    """Return what a setting is now, its default where nobody chose or the choice is no more."""
    value = CHOSEN.scalar(connection, {"name": name})
    return value if value in VALUES[name] else DEFAULTS[name]


PRACTICE_HANDLERS: Final[Mapping[type[Command], Handler]] = MappingProxyType(
    {ChangeSetting: changing(change_setting)}
)
