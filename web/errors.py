"""Refusals become answers here and nowhere else: JSON problems for programs, pages for people.

Problems follow RFC 9457. A request of htmx gets the small `_error.html`, made to be swapped in.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, jsonify, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.errors import Broken, Conflict, Forbidden, Invalid, NotFound, ShaodaoError
from engine.i18n import Text, _
from web.here import locale, wants_json
from web.refusals import LoginRefused, Unauthenticated

log = structlog.get_logger()

STATUS: Mapping[type[ShaodaoError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    Broken: 503,
    Unauthenticated: 401,
    LoginRefused: 403,
}

HTTP_REFUSALS: Mapping[int, tuple[str, Text]] = {
    400: ("request.malformed", _("请求无法识别，请返回上一页重试。")),
    404: ("page.unknown", _("没有这个页面，可能链接有误或内容已移走。")),
    405: ("request.method", _("这个地址不支持这样的操作。")),
    406: ("request.accept", _("这个地址给不出所要的格式。")),
    413: ("request.too_large", _("提交的内容太大，请减少照片后重试。")),
    415: ("request.media_type", _("提交的内容格式不对。")),
    422: ("request.invalid", _("提交的内容有误，请按提示改正。")),
    429: ("request.too_many", _("操作过于频繁，请稍后再试。")),
    500: ("server.failed", _("系统出错了，本次操作没有保存，请稍后再试。")),
}


# What marshmallow says about a field, by how it begins, in our words.
FIELD_REFUSALS: tuple[tuple[str, Text], ...] = (
    ("Missing data", _("必须填写。")),
    ("Field may not be null", _("必须填写。")),
    ("Unknown field", _("没有这一项。")),
    ("Longer than", _("太长了。")),
    ("Shorter than", _("太短了。")),
    ("Length must", _("长度不对。")),
    ("Must be", _("超出了允许的范围。")),
    ("", _("类型或格式不对。")),
)


def status_of(error: ShaodaoError) -> int:
    """Return the HTTP status of a refusal, by its nearest class."""
    return next(STATUS[kind] for kind in (*type(error).__mro__, Broken) if kind in STATUS)


def init_errors(app: Flask) -> None:
    """Catch every refusal and every failure of the application."""
    app.register_error_handler(ShaodaoError, refused)
    app.register_error_handler(HTTPException, refused_by_http)
    app.register_error_handler(Exception, failed)


def refused(error: ShaodaoError) -> tuple[Response, int]:
    """Answer one of our own refusals."""
    status = status_of(error)
    return answer(status, error.code, error.text, fields_of(error))


def refused_by_http(error: HTTPException) -> tuple[Response, int] | HTTPException:
    """Answer what Flask and its extensions refuse, in our words."""
    if error.code is None or error.code < 400:
        return error  # a redirect
    if isinstance(error, CSRFError):
        return answer(400, "request.forged", _("页面已过期，请刷新后再试。"), {})
    code, text = HTTP_REFUSALS.get(error.code, HTTP_REFUSALS[400 if error.code < 500 else 500])
    response, status = answer(error.code, code, text, schema_messages(error))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response, status


def failed(error: Exception) -> tuple[Response, int]:
    """Answer a bug of ours: the log has the traceback, the caller a sentence."""
    log.error("request.failed", path=request.path, exc_info=error)
    code, text = HTTP_REFUSALS[500]
    return answer(500, code, text, {})


def answer(status: int, code: str, text: Text, fields: Mapping[str, str]) -> tuple[Response, int]:
    """Put a refusal into the form that the caller reads."""
    sentence = text.to(locale())
    if wants_json():
        return problem(status, code, sentence, fields), status
    back = url_for("pages.home")
    template = "_error.html" if request.headers.get("HX-Request") else "error.html"
    page = render_template(template, status=status, sentence=sentence, code=code, back=back)
    return Response(page), status


def problem(status: int, code: str, sentence: str, fields: Mapping[str, str]) -> Response:
    """Return an application/problem+json answer."""
    body: dict[str, Any] = {
        "type": f"urn:shaodao:error:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "code": code,
    }
    if fields:
        body["fields"] = dict(fields)
    response = jsonify(body)
    response.mimetype = "application/problem+json"
    return response


def fields_of(error: ShaodaoError) -> dict[str, str]:
    """Return the sentence of each wrong field, in the language of this answer."""
    fields = error.details.get("fields") or {}
    return {name: said(sentence) for name, sentence in fields.items()}


def said(sentence: Any) -> str:
    """Put a sentence into the language of this answer."""
    return sentence.to(locale()) if isinstance(sentence, Text) else str(sentence)


def in_our_words(message: Any) -> str:
    """Put a message of marshmallow into the language of this answer."""
    return next(said(text) for start, text in FIELD_REFUSALS if str(message).startswith(start))


def schema_messages(error: HTTPException) -> dict[str, str]:
    """Flatten what marshmallow says about the fields of a request: {"a.b": "sentence"}."""
    data = getattr(error, "data", None) or {}
    found: dict[str, str] = {}

    def walk(path: str, node: Any) -> None:
        if isinstance(node, Mapping):
            for name, child in node.items():
                walk(f"{path}.{name}" if path else str(name), child)
        else:
            found[path] = in_our_words(node[0] if isinstance(node, list) else node)

    for part in (data.get("messages") or {}).values():
        walk("", part)
    return found
