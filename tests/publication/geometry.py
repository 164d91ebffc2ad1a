"""Where things stand on a drawn diagram: lines that cross, lines through shapes, labels on top of something."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring

_NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
_FRAMES = ("participant", "lane", "subProcess")
A3 = 420 / 297  # width to height
SMALLEST = 4.0  # points, of a label of 11 px: small, and still read on paper


@dataclass(frozen=True)
class Box:
    """A rectangle on the drawing, in pixels."""

    of: str
    x: float
    y: float
    width: float
    height: float

    def shrunk(self, by: float) -> Box:
        """Without a rim, so that touching is not overlapping."""
        return Box(self.of, self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class Piece:
    """One straight piece of a sequence flow."""

    of: str
    ends: frozenset[str]  # what the flow connects
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def box(self) -> Box:
        """What it covers; every piece is horizontal or vertical."""
        x, y = min(self.x1, self.x2), min(self.y1, self.y2)
        return Box(self.of, x, y, abs(self.x1 - self.x2) or 0.01, abs(self.y1 - self.y2) or 0.01)

    @property
    def straight(self) -> bool:
        """Whether it runs along one of the axes."""
        return abs(self.x1 - self.x2) < 1 or abs(self.y1 - self.y2) < 1


@dataclass(frozen=True)
class Drawing:
    """What the DI of a diagram says."""

    shapes: tuple[Box, ...]
    labels: tuple[Box, ...]
    pieces: tuple[Piece, ...]
    hosts: frozenset[tuple[str, str]]  # boundary event, activity it is attached to
    width: float
    height: float


def drawing(content: bytes) -> Drawing:
    """The boxes and lines of a diagram, without pools, lanes and the frames of subprocesses."""
    root = fromstring(content)  # noqa: S314  # a diagram of our own
    frames = {one.get("id") for tag in _FRAMES for one in root.iterfind(f".//bpmn:{tag}", _NS)}
    ends = {
        str(one.get("id")): frozenset({str(one.get("sourceRef")), str(one.get("targetRef"))})
        for one in root.iterfind(".//bpmn:sequenceFlow", _NS)
    }
    hosts = {
        (str(one.get("id")), str(one.get("attachedToRef")))
        for one in root.iterfind(".//bpmn:boundaryEvent", _NS)
    }
    shapes, labels, pieces = [], [], []
    everything = [_box(one, one.get("bpmnElement")) for one in root.iterfind(".//bpmndi:BPMNShape", _NS)]
    for shape in root.iterfind(".//bpmndi:BPMNShape", _NS):
        if shape.get("bpmnElement") not in frames:
            shapes.append(_box(shape, shape.get("bpmnElement")))
    for label in root.iterfind(".//*[bpmndi:BPMNLabel]", _NS):
        found = label.find("bpmndi:BPMNLabel", _NS)
        if found is not None and found.find("dc:Bounds", _NS) is not None:
            labels.append(_box(found, label.get("bpmnElement")))
    for edge in root.iterfind(".//bpmndi:BPMNEdge", _NS):
        flow = str(edge.get("bpmnElement"))
        points = [(float(p.get("x", 0)), float(p.get("y", 0))) for p in edge.iterfind("di:waypoint", _NS)]
        pieces += [Piece(flow, ends[flow], *a, *b) for a, b in itertools.pairwise(points)]
    return Drawing(
        shapes=tuple(shapes),
        labels=tuple(labels),
        pieces=tuple(pieces),
        hosts=frozenset(hosts),
        width=max(one.x + one.width for one in everything) - min(one.x for one in everything),
        height=max(one.y + one.height for one in everything) - min(one.y for one in everything),
    )


def _box(element: Element, of: str | None) -> Box:
    bounds = element.find("dc:Bounds", _NS)
    assert bounds is not None
    x, y, width, height = (float(bounds.get(name, 0)) for name in ("x", "y", "width", "height"))
    return Box(str(of), x, y, width, height)


def faults(drawn: Drawing) -> Iterator[str]:
    """Everything that makes the drawing hard to read, one sentence each."""
    yield from _crossings(drawn)
    yield from _through(drawn)
    yield from _labels(drawn)
    for one, other in itertools.combinations(drawn.shapes, 2):
        attached = {(one.of, other.of), (other.of, one.of)} & drawn.hosts
        if not attached and one.overlaps(other):
            yield f"{one.of} lies on {other.of}"


def _crossings(drawn: Drawing) -> Iterator[str]:
    for one, other in itertools.combinations(drawn.pieces, 2):
        if one.of == other.of or not one.box.overlaps(other.box):
            continue
        if not one.ends & other.ends:
            yield f"{one.of} crosses {other.of}"
    for piece in drawn.pieces:
        if not piece.straight:
            yield f"{piece.of} runs slantwise"


def _through(drawn: Drawing) -> Iterator[str]:
    for piece, shape in itertools.product(drawn.pieces, drawn.shapes):
        if shape.of not in piece.ends and piece.box.overlaps(shape.shrunk(2)):
            yield f"{piece.of} runs through {shape.of}"
        elif shape.of in piece.ends and piece.box.overlaps(shape.shrunk(6)):
            yield f"{piece.of} runs into {shape.of}"


def _labels(drawn: Drawing) -> Iterator[str]:
    for label in drawn.labels:
        tight = label.shrunk(1)
        for shape in drawn.shapes:
            if tight.overlaps(shape):
                yield f"the label of {label.of} lies on {shape.of}"
        for piece in drawn.pieces:
            if tight.overlaps(piece.box):
                yield f"{piece.of} runs through the label of {label.of}"
    for one, other in itertools.combinations(drawn.labels, 2):
        if one.shrunk(1).overlaps(other):
            yield f"the label of {one.of} lies on that of {other.of}"


def points_on_a3(drawn: Drawing, pixels: float = 11) -> float:
    """How large letters of so many pixels become when the whole drawing fills a landscape A3 with a rim of 10 mm."""
    per_pixel = min(400 / drawn.width, 277 / drawn.height)  # millimetres
    return pixels * per_pixel / 25.4 * 72
