"""A drawing can be read by somebody who never saw the tool: nothing overlaps, crosses or floats."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.bpmn.model import Flow, Kind, Node, Process
from engine.bpmn.read import read_diagram
from tests.conformance.layout import Box, Layout, cross, read_layout, segments, span, width_of
from tests.conformance.shipped import DRAWINGS

EVENTS = (
    Kind.START_EVENT,
    Kind.END_EVENT,
    Kind.BOUNDARY_EVENT,
    Kind.CATCH_EVENT,
    Kind.THROW_EVENT,
    Kind.EVENT_BASED,
)
LINE = 14  # height of a line of words
ROOM = 90  # width for words inside a task


@dataclass(frozen=True)
class Drawing:
    process: Process
    layout: Layout

    def box(self, ident: str) -> Box:
        return self.layout.shapes[ident]

    def is_around(self, outer: Node, node: Node) -> bool:
        """Tell whether a node is drawn somewhere inside another."""
        while node.scope:
            if node.scope == outer.id:
                return True
            node = self.process.nodes[node.scope]
        return False

    def speaks_inside(self, outer: Node, ident: str) -> bool:
        """Tell whether words belong to something drawn inside a node."""
        flow = self.process.flows.get(ident)
        return self.is_around(outer, self.process.nodes[flow.source if flow else ident])


@pytest.fixture(params=DRAWINGS, ids=lambda path: path.stem)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    path: Path = request.param
    (process,) = read_diagram(path.read_bytes()).processes.values()
    return Drawing(process, read_layout(path))


def test_everything_is_drawn(drawing: Drawing) -> None:
    assert set(drawing.process.nodes) <= set(drawing.layout.shapes)
    assert set(drawing.process.flows) == set(drawing.layout.lines)
    assert {lane.id for lane in drawing.process.lanes} <= set(drawing.layout.shapes)


def test_lanes_are_bands_one_under_the_other(drawing: Drawing) -> None:
    bands = [drawing.box(lane.id) for lane in drawing.process.lanes]
    assert len({(band.x, band.right) for band in bands}) == 1
    for upper, lower in itertools.pairwise(bands):
        assert upper.bottom == lower.y


def test_what_belongs_to_a_lane_is_inside_it(drawing: Drawing) -> None:
    for node in drawing.process.nodes.values():
        home = node.scope or node.lane
        if node.kind is Kind.BOUNDARY_EVENT:
            home = drawing.process.nodes[node.attached_to].lane
        assert drawing.box(home).holds(drawing.box(node.id)), node.id


def test_a_boundary_event_sits_on_the_border_of_its_activity(drawing: Drawing) -> None:
    for node in drawing.process.nodes.values():
        if node.attached_to:
            centre = drawing.box(node.id).centre
            assert drawing.box(node.attached_to).has_on_border(centre), node.id


def test_a_flow_begins_and_ends_where_it_says_and_runs_straight(drawing: Drawing) -> None:
    for flow in drawing.process.flows.values():
        line = drawing.layout.lines[flow.id]
        assert drawing.box(flow.source).has_on_border(line[0]), flow.id
        assert drawing.box(flow.target).has_on_border(line[-1]), flow.id
        for (x1, y1), (x2, y2) in segments(line):
            assert x1 == x2 or y1 == y2, flow.id


def test_no_two_flows_touch(drawing: Drawing) -> None:
    for one, other in itertools.combinations(drawing.layout.lines, 2):
        for a in segments(drawing.layout.lines[one]):
            for b in segments(drawing.layout.lines[other]):
                assert not cross(a, b), (one, other)


def test_no_flow_runs_through_a_node(drawing: Drawing) -> None:
    for flow in drawing.process.flows.values():
        source = drawing.process.nodes[flow.source]
        for node in drawing.process.nodes.values():
            if not drawing.is_around(node, source):
                box = drawing.box(node.id)
                for piece in segments(drawing.layout.lines[flow.id]):
                    assert not box.meets(span(piece)), (flow.id, node.id)


def test_nodes_do_not_overlap(drawing: Drawing) -> None:
    for one, other in itertools.combinations(drawing.process.nodes.values(), 2):
        attached = other.id == one.attached_to or one.id == other.attached_to
        if one.scope == other.scope and not attached:
            assert not drawing.box(one.id).meets(drawing.box(other.id)), (one.id, other.id)


def test_words_outside_have_their_own_room(drawing: Drawing) -> None:
    named: dict[str, Node | Flow] = {**drawing.process.nodes, **drawing.process.flows}
    for ident, label in drawing.layout.labels.items():
        assert width_of(named[ident].name) <= label.width * (label.height // LINE), ident
    for node in drawing.process.nodes.values():
        outside = node.kind in EVENTS or node.kind is Kind.EXCLUSIVE
        assert (node.id in drawing.layout.labels) == (outside and bool(node.name)), node.id
    for flow in drawing.process.flows.values():
        assert (flow.id in drawing.layout.labels) == bool(flow.name), flow.id


def test_words_inside_fit_their_task(drawing: Drawing) -> None:
    for node in drawing.process.nodes.values():
        if node.id not in drawing.layout.labels and node.kind is not Kind.SUB_PROCESS:
            assert width_of(node.name) <= 2 * ROOM, node.id


def test_words_outside_cover_nothing(drawing: Drawing) -> None:
    boxes = drawing.layout.labels
    for one, other in itertools.combinations(boxes, 2):
        assert not boxes[one].meets(boxes[other]), (one, other)
    for ident, label in boxes.items():
        assert any(drawing.box(lane.id).holds(label) for lane in drawing.process.lanes), ident
        for node in drawing.process.nodes.values():
            if not drawing.speaks_inside(node, ident):
                assert not label.meets(drawing.box(node.id)), (ident, node.id)
        for flow, line in drawing.layout.lines.items():
            for piece in segments(line):
                assert not label.meets(span(piece)), (ident, flow)


def test_a_choice_of_a_person_is_labelled(drawing: Drawing) -> None:
    for node in drawing.process.nodes.values():
        ways = drawing.process.outgoing(node.id)
        if node.kind is Kind.EXCLUSIVE and len(ways) > 1:
            assert node.name, node.id
            assert all(way.name for way in ways), node.id


def test_the_story_runs_from_left_to_right(drawing: Drawing) -> None:
    (start,) = (n for n in drawing.process.inside("") if n.kind is Kind.START_EVENT)
    centres = [drawing.box(node.id).centre[0] for node in drawing.process.inside("")]
    ends = [n for n in drawing.process.inside("") if n.kind is Kind.END_EVENT]
    assert drawing.box(start.id).centre[0] == min(centres)
    assert max(drawing.box(end.id).centre[0] for end in ends) == max(centres)
