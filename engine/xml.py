"""The only place that reads XML: bytes from anyone become a tree, or one clear refusal.

No DOCTYPE, no entities, no network, no huge trees. Readers of BPMN and DMN walk the tree with the
helpers below and never import the XML library. Namespaces are full names, not prefixes; "" means
any namespace.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from engine.errors import Invalid
from engine.i18n import _

Element: TypeAlias = etree._Element  # noqa: SLF001 - the library gives its type no public name

MAX_BYTES = 4 * 1024 * 1024
MAX_ELEMENTS = 50_000


def read_xml(data: bytes) -> Element:
    """Parse a document in any encoding it declares and return its root element.

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
    if sum(1 for each in root.iter() if each is not None) > MAX_ELEMENTS:
        raise Invalid("xml.too_large", _("文件的元素超过 {limit} 个", limit=MAX_ELEMENTS))
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
