"""The one table of permissions (role × action × relation to the unit) and the function reading it.

docs/permissions.md shows the same table; a test holds the two together. A post at a unit covers
that unit and everything below it, so one question is enough: does the unit of a post lie on the
path of the unit in question?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Flag, auto
from types import MappingProxyType
from typing import Final

from engine.actor import Actor, Post
from engine.errors import Forbidden
from engine.i18n import _

LANES: Final = (
    "grid_worker",
    "acceptor",
    "community_secretary",
    "whistle_approver",
    "street_dispatcher",
    "duty_leader",
    "dispatcher",
    "convener",
    "dept",
    "dept_leader",
    "dept_head",
    "callback_agent",
    "district_gov",
    "supervisor",
)
ROLES: Final = (*LANES, "designer", "admin")
AGENTS: Final = ("import", "system")  # actors that are no persons stand in the table like roles


class Relation(Flag):
    """How near something must be to the actor's post; of several, one is enough."""

    ANYWHERE = auto()
    BELOW = auto()  # at the post's unit or under it
    OWN_UNIT = auto()  # at the post's unit exactly
    OWN_REPORT = auto()  # reported by the actor
    CONTACT = auto()  # an open step of the actor's is to speak with the person (property `person`)


ANYWHERE, BELOW, OWN_UNIT, OWN_REPORT, CONTACT = Relation


def everyone(relation: Relation) -> dict[str, Relation]:
    """Return a row that gives each role of a person the same relation."""
    return dict.fromkeys(ROLES, relation)


def agents(*names: str) -> dict[str, Relation]:
    """Return the part of a row that lets actors that are no persons do it anywhere."""
    return dict.fromkeys(names, ANYWHERE)


TABLE: Final[Mapping[str, Mapping[str, Relation]]] = MappingProxyType(
    {
        "case.report": {**everyone(ANYWHERE), **agents(*AGENTS)},
        "case.read": {**everyone(BELOW | OWN_REPORT), **agents("system")},
        "case.read_person": {
            "grid_worker": OWN_REPORT,
            "acceptor": BELOW,
            "community_secretary": BELOW,
            "dispatcher": BELOW,
            "dept": CONTACT,
            "callback_agent": BELOW,
            "supervisor": BELOW,
        },
        "case.link": {
            "acceptor": BELOW,
            "community_secretary": BELOW,
            "whistle_approver": BELOW,
            "street_dispatcher": BELOW,
            "dispatcher": BELOW,
            "supervisor": BELOW,
            **agents("system"),
        },
        "case.classify": {
            "acceptor": BELOW,
            "community_secretary": BELOW,
            "whistle_approver": BELOW,
            "street_dispatcher": BELOW,
            "dispatcher": BELOW,
            **agents("system"),
        },
        "item.read": dict.fromkeys(LANES, BELOW),
        "item.do": {**dict.fromkeys(LANES, BELOW), **agents(*AGENTS)},
        "overdue.read": {role: BELOW for role in LANES if role not in ("grid_worker", "convener")},
        "diligence.read": dict.fromkeys(("dept", "dept_leader", "dept_head", "supervisor"), BELOW),
        "audit.read": {"supervisor": ANYWHERE, "admin": ANYWHERE, **agents("system")},
        "incident.read": {"supervisor": ANYWHERE, "admin": ANYWHERE, **agents("system")},
        "incident.retry": {"admin": ANYWHERE, **agents("system")},
        "instance.start": {"admin": ANYWHERE, **agents("system")},
        "instance.cancel": {"admin": ANYWHERE, **agents("system")},
        "message.send": {"admin": ANYWHERE, **agents("system")},
        "signal.send": {"admin": ANYWHERE, **agents("system")},
        "setting.change": {"admin": ANYWHERE, **agents("system")},
        "definition.read": everyone(ANYWHERE),
        "definition.deploy": {"designer": ANYWHERE, "admin": ANYWHERE, **agents("system")},
        "organisation.read": {**everyone(ANYWHERE), **agents("system")},
        "organisation.manage": {"admin": BELOW, **agents(*AGENTS)},
        "calendar.read": {
            **dict.fromkeys(("supervisor", "designer", "admin"), ANYWHERE),
            **agents("system"),
        },
        "calendar.manage": {"admin": BELOW, **agents("system")},
        "deadline.recompute": {"admin": ANYWHERE, **agents("system")},
        "whatif.run": {"designer": ANYWHERE, "admin": ANYWHERE, **agents("system")},
        "account.manage": {"admin": BELOW, **agents("system")},
    }
)


def covers(post: Post, path: str) -> bool:
    """Tell whether a unit's path passes through the post's unit."""
    return f"/{post.unit}/" in path


def allowed(
    actor: Actor,
    action: str,
    *,
    paths: Iterable[str] = (),
    role: str = "",
    own_report: bool = False,
    contact: bool = False,
) -> bool:
    """Tell whether the actor may do `action` on something.

    `paths` are the paths of the units it belongs to (a case: its area and the units of its parts;
    none of them: it belongs to no unit, which is no hindrance). `role` narrows to posts in that
    role: a lane's step is done by its lane. `own_report`: the actor reported it. `contact`: an open
    step of theirs is to speak with the person. An action that the table does not know is allowed to
    nobody.
    """
    row = TABLE.get(action, {})
    if actor.kind in AGENTS:
        return actor.kind in row
    places = tuple(paths)
    return any(
        near(row[post.role], post, places, own_report=own_report, contact=contact)
        for post in actor.posts
        if post.role in row and role in ("", post.role)
    )


def near(
    relation: Relation, post: Post, paths: tuple[str, ...], *, own_report: bool, contact: bool
) -> bool:
    """Tell whether what stands at `paths` is near enough to the post."""
    if ANYWHERE in relation or (OWN_REPORT in relation and own_report):
        return True
    if CONTACT in relation and contact:
        return True
    if BELOW in relation:
        return not paths or any(covers(post, path) for path in paths)
    if OWN_UNIT in relation:
        return not paths or any(path.endswith(f"/{post.unit}/") for path in paths)
    return False


def require(
    actor: Actor, action: str, *, paths: Iterable[str] = (), own_report: bool = False
) -> None:
    """Refuse with Forbidden("action.not_allowed") what the table does not allow."""
    if not allowed(actor, action, paths=paths, own_report=own_report):
        raise Forbidden(
            "action.not_allowed",
            _("您的岗位没有权限进行这项操作，如确有需要请联系管理员。"),
            action=action,
        )


def roles_for(action: str) -> frozenset[str]:
    """Return the roles that may do an action somewhere: what menus and endpoints show."""
    return frozenset(role for role in TABLE.get(action, {}) if role in ROLES)
