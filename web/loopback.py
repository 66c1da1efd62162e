"""When demo logins work: only for somebody who sits at this very machine.

The server must be bound to the loopback address, the request must come from it and name it, and
must not carry a header that says it was passed on: a tunnel or proxy ends on the loopback too.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request

PASSED_ON = ("Forwarded", "Via", "X-Real-IP")
PASSED_ON_PREFIX = "x-forwarded-"


def is_loopback(host: str | None) -> bool:
    """Tell whether a host name or address means this machine only."""
    name = (host or "").strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def passed_on(request: Request) -> bool:
    """Tell whether something between the browser and us says so."""
    return any(name in request.headers for name in PASSED_ON) or any(
        name.lower().startswith(PASSED_ON_PREFIX) for name, _value in request.headers
    )


def demo_allowed(request: Request, *, bound_to: str) -> bool:
    """Tell whether demo logins may be used on this request."""
    named = urlsplit(f"//{request.host}").hostname
    return (
        is_loopback(bound_to)
        and is_loopback(request.remote_addr)
        and is_loopback(named)
        and not passed_on(request)
    )
