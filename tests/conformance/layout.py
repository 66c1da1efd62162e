"""A drawing as geometry: boxes, labels and lines of a BPMN file, and what touches what."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine import xml

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: Box) -> bool:
        """Tell whether two boxes share more than a border."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def has_on_border(self, point: Point) -> bool:
        x, y = point
        beside = x in (self.x, self.right) and self.y <= y <= self.bottom
        return beside or (y in (self.y, self.bottom) and self.x <= x <= self.right)


@dataclass(frozen=True)
class Layout:
    """Boxes of shapes, boxes of labels and lines of flows, by drawn id."""

    shapes: dict[str, Box]
    labels: dict[str, Box]
    lines: dict[str, tuple[Point, ...]]


def read_layout(path: Path) -> Layout:
    """Read the diagram interchange part of a file."""
    root = xml.read_xml(path.read_bytes())
    shapes, labels, lines = {}, {}, {}
    for drawn in xml.descendants(root, tag="BPMNShape"):
        shapes[xml.attribute(drawn, "bpmnElement")] = box_of(drawn)
    for drawn in xml.descendants(root, tag="BPMNEdge"):
        points = (numbers(point, "x", "y") for point in xml.children(drawn, tag="waypoint"))
        lines[xml.attribute(drawn, "bpmnElement")] = tuple((x, y) for x, y in points)
    for drawn in xml.descendants(root, tag="BPMNLabel"):
        owner = drawn.getparent()
        assert owner is not None
        labels[xml.attribute(owner, "bpmnElement")] = box_of(drawn)
    return Layout(shapes, labels, lines)


def box_of(drawn: xml.Element) -> Box:
    """Return the bounds of a shape or label."""
    (bounds,) = xml.children(drawn, tag="Bounds")
    return Box(*numbers(bounds, "x", "y", "width", "height"))


def numbers(element: xml.Element, *keys: str) -> tuple[float, ...]:
    """Return attributes as numbers."""
    return tuple(float(xml.attribute(element, key)) for key in keys)


def segments(line: tuple[Point, ...]) -> Iterator[Segment]:
    """Yield the straight pieces of a line."""
    return itertools.pairwise(line)


def span(segment: Segment) -> Box:
    """Return a straight piece as a box without thickness."""
    (x1, y1), (x2, y2) = segment
    return Box(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))


def cross(one: Segment, other: Segment) -> bool:
    """Tell whether two upright or level pieces touch."""
    a, b = span(one), span(other)
    return a.x <= b.right and b.x <= a.right and a.y <= b.bottom and b.y <= a.bottom


def width_of(words: str) -> float:
    """Return how wide words are at 12 px: a Chinese character is square, others about half."""
    return sum(12 if ord(each) > 0x2E00 else 7 for each in words)
