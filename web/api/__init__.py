"""The JSON API under /api/v1, and its description in OpenAPI."""

from __future__ import annotations

from flask import Flask

from web.api import docs
from web.api.calendars import calendars
from web.api.cases import cases
from web.api.definitions import definitions
from web.api.endpoint import Api
from web.api.health import health
from web.api.incidents import incidents
from web.api.organisation import organisation
from web.api.tables import decision_tables
from web.api.work_items import items
from web.here import EXTENSION

NOUNS = (items, cases, definitions, decision_tables, organisation, calendars, incidents, health)


def init_api(app: Flask) -> None:
    """Register every noun and the pages that describe them."""
    app.config.update(
        API_TITLE="哨到 Shaodao",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=None,  # we serve the description ourselves: no foreign scripts
    )
    api = Api(app)
    api.DEFAULT_ERROR_RESPONSE_NAME = "DEFAULT_ERROR"
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.spec.components.security_scheme(
        "session", {"type": "apiKey", "in": "cookie", "name": EXTENSION}
    )
    for noun in NOUNS:
        api.register_blueprint(noun)
    spec = api.spec.to_dict()
    spec["tags"] = [{"name": noun.noun, "description": noun.description} for noun in NOUNS]
    docs.init_docs(app, spec)
