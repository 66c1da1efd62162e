"""Deployed process versions, and their diagrams as drawn."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Response

from processes.reads import deployed
from processes.reads.deployed import DefinitionRow
from processes.reads.drawings import DefinitionPage, definition_page
from web import reading
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
    "/definitions/<uuid:definition_id>", action="definition.read", answer=schema_of(DefinitionPage)
)
def get_definition(definition_id: UUID) -> DefinitionPage:
    """Return a version: its drawings, and what boundary trials walked on them if they were kept."""
    with reading.reader() as reader:
        return definition_page(reader, definition_id)


@definitions.reads(
    "/definitions/<uuid:definition_id>/diagrams/<file>", action="definition.read", answer=None
)
def get_diagram(definition_id: UUID, file: str) -> Response:
    """Return one diagram of a version: BPMN 2.0 XML as drawn."""
    with product().engine.database.read() as connection:
        text = deployed.diagram(connection, definition_id, file)
    return Response(text, mimetype="application/xml")
