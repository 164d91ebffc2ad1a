"""Lanes: which lane an element stands in, directly or through the subprocess around it."""

from __future__ import annotations

from collections.abc import Mapping

from service.engine.source import Xml, b
from service.engine.values import Lane


def by_element(process: Xml) -> dict[str, str]:
    """Element id to the id of its innermost lane."""
    direct: dict[str, str] = {}
    for lane in process.iter(b("lane")):  # document order: an inner lane comes after the outer one
        for ref in lane.findall(b("flowNodeRef")):
            direct[(ref.text or "").strip()] = lane.get("id", "")
    found: dict[str, str] = {}
    for node in process.iter():
        if isinstance(node.tag, str) and node.get("id"):
            above = node
            while above is not None and above is not process and above.get("id") not in direct:
                above = above.getparent()
            if above is not None and above is not process:
                found[node.get("id")] = direct[above.get("id")]
    return found


def all_of(process: Xml, lane_of: Mapping[str, str], elements: Mapping[str, object]) -> tuple[Lane, ...]:
    members: dict[str, list[str]] = {}
    for name in elements:
        if name in lane_of:
            members.setdefault(lane_of[name], []).append(name)
    return tuple(
        Lane(
            id=lane.get("id", ""),
            name=lane.get("name", ""),
            elements=tuple(members.get(lane.get("id", ""), ())),
        )
        for lane in process.iter(b("lane"))
        if lane.find(b("childLaneSet")) is None
    )
