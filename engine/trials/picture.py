"""A diagram as a picture, coloured by what was walked: no viewer needed to look at it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from xml.sax.saxutils import escape

from engine import xml

WALKED, LEFT = "#1a7f37", "#b3b9c0"
MARGIN = 20
ROUND = 36  # events are drawn as circles up to this width


def picture(diagram: bytes, walked: Collection[str]) -> str:
    """Return an SVG of a BPMN file with its layout; walked ids green, the others grey.

    Raises Invalid("xml.…") for what is no XML. A file without a layout gives an empty picture.
    """
    root = xml.read_xml(diagram)
    names = {xml.attribute(e, "id"): xml.attribute(e, "name") for e in xml.descendants(root)}
    lines = list(_lines(root, walked))
    shapes = list(_shapes(root, walked, names))
    width, height = _size(root)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
            'font-family="sans-serif" font-size="11" fill="none">',
            '<rect width="100%" height="100%" fill="#fff"/>',
            *lines,
            *shapes,
            "</svg>\n",
        ]
    )


def _colour(ident: str, walked: Collection[str]) -> str:
    return WALKED if ident in walked else LEFT


def _lines(root: xml.Element, walked: Collection[str]) -> Iterator[str]:
    for edge in xml.descendants(root, tag="BPMNEdge"):
        points = [_numbers(each, "x", "y") for each in xml.children(edge, tag="waypoint")]
        drawn = " ".join(f"{x:g},{y:g}" for x, y in points)
        colour = _colour(xml.attribute(edge, "bpmnElement"), walked)
        yield f'<polyline points="{drawn}" stroke="{colour}" stroke-width="2"/>'


def _shapes(root: xml.Element, walked: Collection[str], names: dict[str, str]) -> Iterator[str]:
    for shape in xml.descendants(root, tag="BPMNShape"):
        ident = xml.attribute(shape, "bpmnElement")
        for bounds in xml.children(shape, tag="Bounds"):
            x, y, width, height = _numbers(bounds, "x", "y", "width", "height")
            corner = width / 2 if width <= ROUND else 6
            colour = _colour(ident, walked)
            yield (
                f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
                f'rx="{corner:g}" stroke="{colour}" stroke-width="2"/>'
            )
            yield (
                f'<text x="{x + 4:g}" y="{y + height + 11 if width <= 50 else y + 14:g}" '
                f'fill="#24292f">{escape(names.get(ident, ""))}</text>'
            )


def _size(root: xml.Element) -> tuple[float, float]:
    boxes = [_numbers(e, "x", "y", "width", "height") for e in xml.descendants(root, tag="Bounds")]
    right = max((x + width for x, _y, width, _height in boxes), default=0.0)
    bottom = max((y + height for _x, y, _width, height in boxes), default=0.0)
    return right + MARGIN, bottom + MARGIN


def _numbers(element: xml.Element, *keys: str) -> tuple[float, ...]:
    return tuple(float(xml.attribute(element, key) or 0) for key in keys)
