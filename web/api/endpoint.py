"""How an endpoint is declared: address, action, what comes in, what goes out, in one decorator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import flask_smorest
from flask_smorest.utils import prepare_response
from marshmallow import Schema

from web.api.schemas import Problem
from web.gate import PUBLIC, needs

View = TypeVar("View", bound=Callable[..., Any])

PROBLEM = "application/problem+json"
KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "Names this attempt: the same key gets the same answer for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "required": False,
}
SECURITY: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest with our problems in place of its own errors."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Leave errors to web/errors.py."""

    def _register_pagination_header(self) -> None:
        """Leave it out: our lists go on by cursor, in the body."""

    def _register_responses(self) -> None:
        """Register what the spec refers to as refusals."""
        for name in ("UNPROCESSABLE_ENTITY", "UNPROCESSABLE_CONTENT", "DEFAULT_ERROR"):
            response = {"description": "Refusal", "schema": self.ERROR_SCHEMA}
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(name, response, lazy=True)


class Nouns(flask_smorest.Blueprint):  # type: ignore[misc]
    """The endpoints of one noun under /api/v1."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            f"api_{name.replace(' ', '_')}", __name__, url_prefix="/api/v1", description=description
        )
        self.noun = name

    def reads(
        self,
        rule: str,
        *,
        action: str,
        answer: type[Schema] | None,
        query: type[Schema] | None = None,
    ) -> Callable[[View], View]:
        """Declare a GET. `query` is handed to the view as a dict, before the address's parts."""

        def declare(view: View) -> View:
            wrapped: Any = needs(action)(view)
            if query is not None:
                wrapped = self.arguments(query, location="query")(wrapped)
            if answer is not None:
                wrapped = self.response(200, answer)(wrapped)
            security = [] if action == PUBLIC else SECURITY
            wrapped = self.doc(security=security)(wrapped)
            self.route(rule, methods=["GET"], tags=[self.noun])(wrapped)
            return view

        return declare

    def writes(
        self,
        rule: str,
        *,
        action: str,
        answer: type[Schema],
        body: type[Schema] | None = None,
        status: int = 200,
    ) -> Callable[[View], View]:
        """Declare a POST that runs one command, with its Idempotency-Key."""

        def declare(view: View) -> View:
            wrapped: Any = needs(action)(view)
            if body is not None:
                wrapped = self.arguments(body, location="json")(wrapped)
            wrapped = self.response(status, answer)(wrapped)
            wrapped = self.doc(security=SECURITY, parameters=[KEY_HEADER])(wrapped)
            self.route(rule, methods=["POST"], tags=[self.noun])(wrapped)
            return view

        return declare
