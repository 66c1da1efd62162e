"""The API described: as OpenAPI for programs, as a page for people. Nothing is loaded from afar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, render_template

from web.gate import PUBLIC, needs


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation, or a field of its body."""

    name: str
    place: str  # path, query, header, body
    type: str
    required: bool
    description: str


@dataclass(frozen=True)
class Operation:
    """One operation as the page shows it."""

    method: str
    path: str
    tag: str
    summary: str
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str], ...]  # status, name of the schema


@dataclass(frozen=True)
class SchemaTable:
    """A schema as the page shows it."""

    name: str
    description: str
    fields: tuple[Parameter, ...]


def init_docs(app: Flask, spec: dict[str, Any]) -> None:
    """Serve a description in both forms."""

    @needs(PUBLIC)
    def openapi() -> Response:
        """Return the OpenAPI 3 description."""
        return jsonify(spec)

    @needs(PUBLIC)
    def reference() -> str:
        """Show the description as a page."""
        return render_template(
            "api_reference.html",
            title=spec["info"]["title"],
            tags=spec["tags"],
            operations=operations(spec),
            schemas=schemas(spec),
        )

    blueprint = Blueprint("api_docs", __name__, url_prefix="/api")
    blueprint.add_url_rule("/openapi.json", "openapi", openapi)
    blueprint.add_url_rule("/", "reference", reference)
    app.register_blueprint(blueprint)


def operations(spec: dict[str, Any]) -> tuple[Operation, ...]:
    """Return the operations of a description in the order of their paths."""
    return tuple(
        Operation(
            method=method.upper(),
            path=path,
            tag=operation["tags"][0],
            summary=" ".join(
                filter(None, (operation.get("summary"), operation.get("description")))
            ),
            parameters=parameters(methods, operation),
            answers=tuple(
                (status, answered(answer)) for status, answer in operation["responses"].items()
            ),
        )
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post"}
    )


def parameters(path: dict[str, Any], operation: dict[str, Any]) -> tuple[Parameter, ...]:
    """Return what an operation takes; a body is one parameter, named by its schema."""
    named = [
        Parameter(
            each["name"],
            each["in"],
            type_name(each["schema"]),
            each.get("required", False),
            each.get("description", ""),
        )
        for each in (*path.get("parameters", ()), *operation.get("parameters", ()))
    ]
    bodies = [
        Parameter("", "body", type_name(media["schema"]), required=True, description="")
        for media in operation.get("requestBody", {}).get("content", {}).values()
    ]
    return (*named, *bodies)


def answered(answer: dict[str, Any]) -> str:
    """Return the name of the schema that an answer holds, "" for none."""
    for media in answer.get("content", {}).values():
        return type_name(media.get("schema", {}))
    return "Problem" if "$ref" in answer else ""


def schemas(spec: dict[str, Any]) -> tuple[SchemaTable, ...]:
    """Return the schemas of a description by name."""
    return tuple(
        SchemaTable(
            name,
            schema.get("description", ""),
            tuple(
                Parameter(
                    field,
                    "body",
                    type_name(described),
                    field in schema.get("required", ()),
                    described.get("description", ""),
                )
                for field, described in schema.get("properties", {}).items()
            ),
        )
        for name, schema in sorted(spec.get("components", {}).get("schemas", {}).items())
    )


def type_name(schema: dict[str, Any]) -> str:
    """Say a schema's type in one word or two: `[Deadline]`, `string (uuid)`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "allOf" in schema:
        return type_name(schema["allOf"][0])
    if schema.get("type") == "array":
        return f"[{type_name(schema['items'])}]"
    kind = schema.get("type", "any")
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)
