"""Deployed process versions, and their diagrams as drawn."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Response

from processes.reads import deployed
from processes.reads.deployed import DefinitionRow
from web.api.endpoint import Nouns
from web.api.schemas import schema_of
from web.here import product

definitions = Nouns("definitions", "Deployed versions of the process folders.")


@dataclass(frozen=True)
class Definitions:
    """Every deployed version, newest first within its key."""

    rows: tuple[DefinitionRow, ...]


@definitions.reads("/definitions", action="definition.read", answer=schema_of(Definitions))
def list_definitions() -> Definitions:
    """Return every deployed version."""
    with product().engine.database.read() as connection:
        return Definitions(deployed.definitions(connection))


@definitions.reads(
    "/definitions/<uuid:definition_id>/diagrams/<file>", action="definition.read", answer=None
)
def get_diagram(definition_id: UUID, file: str) -> Response:
    """Return one diagram of a version: BPMN 2.0 XML as drawn."""
    with product().engine.database.read() as connection:
        text = deployed.diagram(connection, definition_id, file)
    return Response(text, mimetype="application/xml")
