"""What cannot be stored is refused at the threshold: NUL, and halves of characters.

PostgreSQL stores no NUL and UTF-8 has no lone surrogate; SQLite takes the first and not the second.
Both must refuse alike, with a sentence and not with an error of a driver.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import request

from engine.errors import Invalid
from engine.i18n import _

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def refuse_unstorable() -> None:
    """Refuse a request whose address, form or JSON says what no database can keep."""
    try:
        bad = any(map(is_unstorable, said()))
    except RecursionError:
        bad = True  # nested deeper than anybody means
    if bad:
        raise Invalid("request.unstorable", _("提交的内容里有无法保存的字符，请删去后重试。"))


def is_unstorable(text: str) -> bool:
    """Tell whether a text has such a sign; long photos in base64 are ASCII and quickly told."""
    return "\x00" in text if text.isascii() else UNSTORABLE.search(text) is not None


def said() -> Iterator[str]:
    """Yield all texts of the request."""
    yield request.path
    yield from request.args.values()
    if request.is_json:
        yield from texts(request.get_json(silent=True))
    else:
        yield from request.form.values()


def texts(value: Any) -> Iterator[str]:
    """Yield the texts of a JSON value, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield name
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
