"""Hostile and foreign bytes at the only door for XML."""

from __future__ import annotations

import pytest

from engine import xml
from engine.errors import Invalid


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16", "gb18030"])
def test_any_declared_encoding_is_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a name="审批"><b>现场<c>核查</c></b></a>'
    root = xml.read_xml(text.encode(encoding))
    assert (xml.attribute(root, "name"), xml.text(xml.child(root, "", "b"))) == ("审批", "现场核查")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml.empty"),
        (b"  \n", "xml.empty"),
        (b"<a", "xml.malformed"),
        (b"<a>\xff</a>", "xml.malformed"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "xml.malformed"),
        (b"<a>&lol;</a>", "xml.malformed"),
        (b"<!DOCTYPE a><a/>", "xml.doctype"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml.doctype"),
        (b"<a>" * 300 + b"</a>" * 300, "xml.malformed"),
        (b"<a>" + b"<b/>" * (xml.MAX_ELEMENTS + 1) + b"</a>", "xml.too_large"),
        (b"<a>" + b" " * xml.MAX_BYTES + b"</a>", "xml.too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        xml.read_xml(data)
    assert refusal.value.code == code


def test_exploding_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "' + b"ha" * 50 + b'">'
    bomb += b"".join(b'<!ENTITY x%d "%s">' % (n, b"&x;" * 20) for n in range(9)) + b"]><a>&x8;</a>"
    with pytest.raises(Invalid):
        xml.read_xml(bomb)
