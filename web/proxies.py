"""Who really asks, behind reverse proxies: their word is taken only where they are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxies:
    """Takes client, scheme and host from X-Forwarded-… of proxies at the given addresses.

    Anybody can send such headers; from anybody else they are left unread. Of a chain of proxies
    all must be known: the first address from the right that is not is who asks.
    """

    def __init__(self, app: WSGIApplication, proxies: Sequence[str]) -> None:
        self._app = app
        self._networks = [ip_network(each) for each in proxies]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if not self._known(environ.get("REMOTE_ADDR", "")):
            return self._app(environ, start_response)
        named = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        hops = 1
        while hops < len(named) and self._known(named[-hops].strip()):
            hops += 1
        return ProxyFix(self._app, x_for=hops, x_proto=1, x_host=1)(environ, start_response)

    def _known(self, text: str) -> bool:
        """Tell whether an address is one of a proxy."""
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self._networks)
