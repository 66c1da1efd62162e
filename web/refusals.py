"""Refusals that only the web side knows: they are about requests, not about the work."""

from __future__ import annotations

from engine.errors import ShaodaoError
from engine.i18n import _


class Unauthenticated(ShaodaoError):
    """Nobody is logged in, or the token is not valid any more."""

    def __init__(self) -> None:
        super().__init__("login.required", _("请先登录；接口请带上有效的令牌。"))


class LoginRefused(ShaodaoError):
    """Login, password or the way of asking are not accepted."""
