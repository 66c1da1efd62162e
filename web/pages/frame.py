"""What every page shows around its own content: who I am, where I can go, what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, request

from engine.i18n import Text, _
from processes.permissions import roles_for
from processes.reads.units import unit_names
from web.here import identity, label, locale, now, product


@dataclass(frozen=True)
class Entry:
    """An entry of the menu, for those who may do its action somewhere."""

    endpoint: str
    label: Text
    icon: str
    action: str


@dataclass(frozen=True)
class Tab:
    """An entry as it is shown to the person of this request."""

    endpoint: str
    label: str
    icon: str
    active: bool


@dataclass(frozen=True)
class Me:
    """The person on whose behalf the page is shown.

    `posts` are (role, unit) in words. `menu` stands in the bar, `more` behind its last entry.
    """

    name: str
    posts: tuple[tuple[str, str], ...]
    menu: tuple[Tab, ...]
    more: tuple[Tab, ...]


IN_BAR = 5  # what a bar on a phone has room for
MENU = (
    Entry("pages.inbox", _("待办"), "inbox", "item.read"),
    Entry("pages.report", _("上报"), "report", "case.report"),
    Entry("pages.cases", _("事项"), "cases", "case.read"),
    Entry("pages.overdue", _("超期"), "overdue", "overdue.read"),
    Entry("pages.trends", _("趋势"), "trending-up", "overdue.read"),
    Entry("pages.definitions", _("规则"), "list-checks", "definition.deploy"),
    Entry("pages.incidents", _("异常"), "octagon-alert", "incident.read"),
    Entry("pages.organisation", _("组织"), "building-2", "organisation.read"),
    Entry("pages.calendar_list", _("日历"), "calendar-days", "calendar.read"),
    Entry("pages.settings", _("设置"), "settings", "setting.change"),
    Entry("pages.whatif", _("试算"), "timer", "whatif.run"),
)


def init_frame(app: Flask) -> None:
    """Hand the frame to every template."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {"me": me(), "now": now(), "locale": locale()}


def me() -> Me | None:
    """Return the person of this request, None before logging in."""
    who = identity()
    if who is None:
        return None
    posts = who.actor.posts
    with product().engine.database.read() as connection:
        names = unit_names(connection, {post.unit for post in posts})
    shown = tabs()
    front = len(shown) if len(shown) <= IN_BAR else IN_BAR - 1
    return Me(
        name=who.name,
        posts=tuple((label("roles", post.role), names.get(post.unit, post.unit)) for post in posts),
        menu=shown[:front],
        more=shown[front:],
    )


def tabs() -> tuple[Tab, ...]:
    """Return the menu in the language of this request."""
    return tuple(
        Tab(
            endpoint=entry.endpoint,
            label=entry.label.to(locale()),
            icon=entry.icon,
            active=entry.endpoint == request.endpoint,
        )
        for entry in entries()
    )


def entries() -> tuple[Entry, ...]:
    """Return the menu of the person of this request."""
    who = identity()
    roles = {post.role for post in who.actor.posts} if who else set()
    return tuple(entry for entry in MENU if roles & roles_for(entry.action))
