"""The only place that reads XML: bytes from anyone become a tree, or one clear refusal.

No DOCTYPE, no entities, no network, no huge trees. Readers of BPMN and DMN walk the tree with the
helpers below and never import the XML library. Namespaces are full names, not prefixes; "" means
any namespace.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, TypeAlias

from lxml import etree

from engine.errors import Invalid
from engine.i18n import _

Element: TypeAlias = etree._Element  # noqa: SLF001 - the library gives its type no public name

MAX_BYTES = 4 * 1024 * 1024
MAX_ELEMENTS = 50_000

SCHEMA = ("SpiffWorkflow", "SpiffWorkflow/bpmn/parser/schema/BPMN20.xsd")
"""The distribution that carries the schema of BPMN 2.0, and where in it."""

DECLARED = re.compile(
    r"""\A(\s*<\?xml\b[^>]*?\bencoding\s*=\s*)(["'])([\w.:-]{1,40})\2""", re.ASCII
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
"""How a file begins that is not written in bytes of ASCII and the like."""
CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5"}
CODECS |= {"utf-8": "utf-8", "ascii": "ascii", "cp1252": "cp1252", "iso8859-1": "iso8859-1"}
"""Encodings that people's modelers write, and what reads them: GB 18030 holds both older ones."""


def decode(data: bytes) -> str:
    """Return an XML file's text, in whatever encoding it declares, declared as UTF-8 from now on.

    UTF-8 comes back as it is. Raises Invalid `xml.encoding_unknown` or `xml.encoding_wrong`.
    """
    codec = next((each[1] for each in MARKS if data.startswith(each[0])), "")
    said = DECLARED.match(data[:200].decode("latin-1"))
    codec = codec or _codec(said[3] if said else "utf-8")
    try:
        text = data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        wrong = _("文件的内容不是它声明的编码 {encoding}，请另存为 UTF-8", encoding=codec)
        raise Invalid("xml.encoding_wrong", wrong) from error
    return text if codec == "utf-8" else DECLARED.sub(r"\1\2UTF-8\2", text, count=1)


def _codec(declared: str) -> str:
    try:
        return CODECS[codecs.lookup(declared).name]
    except LookupError:
        text = _("不认识文件声明的编码“{encoding}”，请另存为 UTF-8", encoding=declared)
        raise Invalid("xml.encoding_unknown", text) from None


def read_xml(data: bytes, *, most: int = MAX_ELEMENTS) -> Element:
    """Parse a document in any encoding it declares and return its root element.

    `most` is how many elements it may have.

    Raises Invalid with `xml.too_large`, `xml.empty`, `xml.malformed` (line and reason in the
    sentence) or `xml.doctype`.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("xml.too_large", _("文件超过 {limit} MB，无法读取", limit=MAX_BYTES >> 20))
    if not data.strip():
        raise Invalid("xml.empty", _("文件是空的"))
    root = _parse(data)
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid("xml.doctype", _("文件含有 DOCTYPE 声明，出于安全不予读取"))
    if sum(1 for each in root.iter() if each is not None) > most:
        raise Invalid("xml.too_large", _("文件的元素超过 {limit} 个", limit=most))
    return root


def _parse(data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None) or 0
        text = _("文件不是正确的 XML（第 {line} 行：{reason}）", line=line, reason=_reason(error))
        raise Invalid("xml.malformed", text, line=line) from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "msg", None) or error).split(", line ")[0]


def name(element: Element) -> str:
    """Return the tag without its namespace."""
    return etree.QName(element).localname


def namespace(element: Element) -> str:
    """Return the namespace of the tag, "" for none."""
    return etree.QName(element).namespace or ""


def children(element: Element, ns: str = "", tag: str = "") -> Iterator[Element]:
    """Yield the child elements, narrowed by namespace and tag where given."""
    for child in element:
        if (not tag or name(child) == tag) and (not ns or namespace(child) == ns):
            yield child


def child(element: Element, ns: str, tag: str) -> Element | None:
    """Return the first child of that name, or None."""
    return next(children(element, ns, tag), None)


def descendants(element: Element, ns: str = "", tag: str = "") -> Iterator[Element]:
    """Yield the element's descendants in document order, itself excluded."""
    for inner in element.iterdescendants():
        if (not tag or name(inner) == tag) and (not ns or namespace(inner) == ns):
            yield inner


def parent(element: Element) -> Element | None:
    """Return the element around, None for the root."""
    return element.getparent()


def root_of(element: Element) -> Element:
    """Return the root of the document that an element is in."""
    return element.getroottree().getroot()


def prefixes(element: Element) -> dict[str, str]:
    """Return the namespaces by the prefixes that are declared for an element."""
    return {prefix or "": namespace for prefix, namespace in element.nsmap.items()}


def text(element: Element | None) -> str:
    """Return all text inside an element, stripped; "" for None."""
    if element is None:
        return ""
    return "".join(str(part) for part in element.itertext()).strip()


def attribute(element: Element, key: str, ns: str = "") -> str:
    """Return an attribute, stripped; "" where it is absent. Without `ns`: the bare attribute."""
    return (element.get(f"{{{ns}}}{key}" if ns else key) or "").strip()


def attributes(element: Element) -> dict[str, str]:
    """Return all attributes; those with a namespace keep it as `{namespace}name`."""
    return {str(key): str(value) for key, value in element.attrib.items()}


def line_of(element: Element) -> int:
    """Return the line of the file on which the element starts, 0 where unknown."""
    line: Any = element.sourceline
    return int(line or 0)


@dataclass(frozen=True)
class Violation:
    """What a schema says against a file: where, and its message.

    `kind` is the library's name for it; `element` is None where it cannot be told which.
    """

    line: int
    kind: str
    message: str
    element: Element | None


@cache
def _schema() -> etree.XMLSchema:
    package, path = SCHEMA
    return etree.XMLSchema(etree.parse(str(distribution(package).locate_file(path))))


@cache
def schema_names() -> frozenset[str]:
    """Return the names of the elements that the schema of BPMN 2.0 knows, without namespaces."""
    package, path = SCHEMA
    home = distribution(package).locate_file(path)
    names: set[str] = set()
    for file in Path(str(home)).parent.glob("*.xsd"):
        for element in etree.parse(str(file)).getroot().iter("{*}element"):
            names.add(str(element.get("name") or (element.get("ref") or "").rpartition(":")[2]))
    return frozenset(names)


def violations(root: Element) -> list[Violation]:
    """Return what the schema of BPMN 2.0 says against a document; read once, then kept."""
    schema = _schema()
    schema.validate(root)
    return [
        Violation(each.line, each.type_name, each.message, _found(root, each.path))
        for each in schema.error_log  # type: ignore[attr-defined]
    ]


def _found(root: Element, path: str | None) -> Element | None:
    spaces = {prefix: namespace for prefix, namespace in root.nsmap.items() if prefix}
    try:
        found = root.getroottree().xpath(path or "/*", namespaces=spaces)
    except etree.XPathError:
        return None
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, etree._Element) else None  # noqa: SLF001 - as above
