"""Whether the service lives, and whether it can work."""

from __future__ import annotations

from processes.readiness import degraded, require_ready
from web.api.endpoint import Nouns
from web.api.schemas import Health
from web.gate import PUBLIC
from web.here import locale, product

health = Nouns("health", "For load balancers and monitors; no login.")


@health.reads("/health/live", action=PUBLIC, answer=Health)
def live() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@health.reads("/health/ready", action=PUBLIC, answer=Health)
def ready() -> dict[str, str]:
    """Tell that this host can work: database, clock and disk; 503 with the reason where not.

    `degraded`, with the reason, where it works and something it could do without is missing.
    """
    require_ready(product())
    missing = degraded(product())
    if missing is None:
        return {"status": "ok"}
    return {"status": "degraded", "code": missing.code, "detail": missing.sentence(locale())}
