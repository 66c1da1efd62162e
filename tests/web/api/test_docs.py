"""The API describes all of itself."""

from __future__ import annotations

import re

from flask import Flask

from tests.web.conftest import Browser

CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")


def test_every_operation_is_described(app: Flask, visitor: Browser) -> None:
    spec = visitor.get("/api/openapi.json").json
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    served = {
        (CONVERTED.sub(r"{\1}", rule.rule), method.lower())
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method)
        for path, methods in spec["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert described == served
    for path, method in described:
        operation = spec["paths"][path][method]
        assert operation["summary"], (path, method)
        assert "default" in operation["responses"]


def test_every_post_takes_an_idempotency_key(visitor: Browser) -> None:
    spec = visitor.get("/api/openapi.json").json
    for path, methods in spec["paths"].items():
        if "post" in methods:
            names = [each["name"] for each in methods["post"]["parameters"] if "name" in each]
            assert "Idempotency-Key" in names, path


def test_the_page_shows_every_operation_and_loads_nothing_from_afar(visitor: Browser) -> None:
    spec = visitor.get("/api/openapi.json").json
    page = visitor.get("/api/").text
    for path in spec["paths"]:
        assert path in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
