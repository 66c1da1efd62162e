"""Whether the service lives, and whether it can work."""

from __future__ import annotations

import sqlalchemy as sa

from web.api.endpoint import Nouns
from web.api.schemas import Health
from web.gate import PUBLIC
from web.here import product

health = Nouns("health", "For load balancers and monitors; no login.")


@health.reads("/health/live", action=PUBLIC, answer=Health)
def live() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@health.reads("/health/ready", action=PUBLIC, answer=Health)
def ready() -> dict[str, str]:
    """Tell that the database answers too; 503 where it does not."""
    with product().engine.database.read() as connection:
        connection.execute(sa.text("SELECT 1"))
    return {"status": "ok"}
