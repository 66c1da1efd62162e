"""Put together: one product behind security, identity, the gate, the API and the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from processes.reads.definitions import Folders
from web.api import init_api
from web.assets import init_assets
from web.auth import init_auth
from web.babel import init_babel
from web.errors import init_errors
from web.filters import init_filters
from web.gate import init_gate
from web.here import EXTENSION, FOLDERS
from web.pages import init_pages
from web.proxies import TrustedProxies
from web.security import init_security, limit_logins

if TYPE_CHECKING:
    from processes.bootstrap import Product


def build(product: Product) -> Flask:
    """Return the application. The order of the parts is the order in which they see a request."""
    app = Flask("web")
    app.extensions[EXTENSION] = product
    app.extensions[FOLDERS] = Folders(product.engine.library, product.shipped.labels)
    init_babel(app)
    init_auth(app, product)
    init_gate(app)
    init_security(app, secret=product.keys.session_key)
    init_errors(app)
    init_assets(app)
    init_filters(app)
    init_api(app)
    init_pages(app)
    limit_logins(app, counted_at=product.settings.throttle)
    app.wsgi_app = TrustedProxies(app.wsgi_app, product.settings.proxies)  # type: ignore[method-assign]
    return app
