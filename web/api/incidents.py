"""What has stopped, and trying it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.errors import Invalid
from engine.i18n import _
from engine.run.commands import RetryIncident
from processes.reads import incidents as incident_reads
from processes.reads.incidents import Causes, Incidents
from processes.retrying import Retried, retry_alike
from web.api.endpoint import Nouns
from web.api.schemas import Answer, CauseBody, PageQuery, schema_of
from web.here import actor, as_uuid, execute, product

incidents = Nouns("incidents", "Tokens and jobs that stopped on a failure.")


@incidents.reads("/incidents", action="incident.read", query=PageQuery, answer=schema_of(Incidents))
def list_incidents(query: dict[str, Any]) -> Incidents:
    """Return open incidents, oldest first."""
    cursor = None
    if query["cursor"] is not None:
        cursor = as_uuid(query["cursor"])
        if cursor is None:
            raise Invalid("page.bad_cursor", _("翻页位置无效，请从第一页重新查看。"))
    with product().engine.database.read() as connection:
        return incident_reads.incidents(connection, cursor=cursor, limit=query["limit"])


@incidents.reads("/incidents/causes", action="incident.read", answer=schema_of(Causes))
def list_causes() -> Causes:
    """Return open incidents grouped by cause, what holds up most first."""
    with product().engine.database.read() as connection:
        return incident_reads.causes(connection)


@incidents.writes(
    "/incidents/retry", action="incident.retry", body=CauseBody, answer=schema_of(Retried)
)
def retry_cause(body: dict[str, Any]) -> Retried:
    """Try again what stopped for one cause, at most a hundred at once."""
    return retry_alike(product().engine, actor(), code=body["code"], cause=body["cause"])


@incidents.writes("/incidents/<uuid:incident_id>/retry", action="incident.retry", answer=Answer)
def retry_incident(incident_id: UUID) -> dict[str, Any]:
    """Try again what had stopped."""
    return execute(RetryIncident(incident_id=incident_id))
