"""From one XML node to one Element: what BPMN and the zeebe extensions say about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from service.engine.source import Xml, b, local, z
from service.engine.values import Element, Event, Flow, Loop, Mapping_

_EVENTS = {
    b(f"{kind}EventDefinition"): kind
    for kind in ("timer", "message", "signal", "error", "escalation", "terminate", "link", "cancel", "compensate", "conditional")
}  # fmt: skip


class Globals:
    """Messages, signals, errors and escalations of the file, by id."""

    def __init__(self, root: Xml) -> None:
        self.by_id: dict[str, Xml] = {}
        for tag in ("message", "signal", "error", "escalation"):
            for node in root.iter(b(tag)):
                self.by_id[node.get("id", "")] = node

    def get(self, ref: str | None) -> Xml | None:
        return self.by_id.get((ref or "").split(":")[-1])


def text(node: Xml | None) -> str:
    return (node.text or "").strip() if node is not None else ""


def flow(node: Xml) -> Flow:
    condition = text(node.find(b("conditionExpression")))
    return Flow(
        id=node.get("id", ""),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        name=node.get("name", ""),
        condition=condition,
    )


def events(node: Xml, globals_: Globals) -> list[Event]:
    found = [_event(child, _EVENTS[child.tag], globals_) for child in node if child.tag in _EVENTS]
    if local(node) == "receiveTask":
        found.append(_named("message", node.get("messageRef"), globals_))
    return found


def _event(node: Xml, kind: str, globals_: Globals) -> Event:
    if kind == "timer":
        for tag, timer in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
            child = node.find(b(tag))
            if child is not None:
                return Event(kind="timer", id=node.get("id", ""), timer=timer, text=text(child))
        return Event(kind="timer", id=node.get("id", ""))
    if kind == "link":
        return Event(kind="link", id=node.get("id", ""), name=node.get("name", ""))
    if kind in ("message", "signal", "error", "escalation"):
        return _named(kind, node.get(f"{kind}Ref"), globals_, node)
    return Event(kind=kind, id=node.get("id", ""))


def _named(kind: str, ref: str | None, globals_: Globals, node: Xml | None = None) -> Event:
    """An event by reference; a message's key may stand on the message or on the throwing event."""
    target = globals_.get(ref)
    key = ""
    for holder in (target, node, node.getparent() if node is not None else None):
        subscription = _extension(holder, "subscription")
        key = key or (subscription.get("correlationKey", "") if subscription is not None else "")
    return Event(
        kind=kind,
        id=ref or "",
        name=target.get("name", "") if target is not None else "",
        code=(target.get(f"{kind}Code") or "") if target is not None else "",
        correlation_key=key,
    )


def _extension(node: Xml | None, tag: str) -> Xml | None:
    return node.find(f"{b('extensionElements')}/{z(tag)}") if node is not None else None


def _attributes(node: Xml, tag: str) -> Mapping[str, str]:
    found = _extension(node, tag)
    return found.attrib if found is not None else {}


def element(node: Xml, globals_: Globals, lane: str, parent: str) -> Element:
    """Everything the engine and the pages need to know about one node."""
    found = events(node, globals_)
    form = _attributes(node, "formDefinition")
    assignment = _attributes(node, "assignmentDefinition")
    schedule = _attributes(node, "taskSchedule")
    decision = _attributes(node, "calledDecision")
    called = _attributes(node, "calledElement")
    script = _attributes(node, "script")
    work = _attributes(node, "taskDefinition")
    return Element(
        id=node.get("id", ""),
        kind=local(node),
        name=node.get("name", ""),
        lane=lane,
        parent=parent,
        form_id=form.get("formId") or form.get("externalReference") or "",
        called_decision=decision.get("decisionId", ""),
        result_variable=script.get("resultVariable") or decision.get("resultVariable") or "",
        called_element=called.get("processId") or node.get("calledElement") or "",
        called_binding=called.get("bindingType") or "latest",
        called_tag=called.get("versionTag", ""),
        propagate_children=called.get("propagateAllChildVariables", "true") != "false",
        propagate_parents=called.get("propagateAllParentVariables", "true") != "false",
        script=script.get("expression"),
        job_type=work.get("type", ""),
        job_retries=work.get("retries") or "3",
        headers=_pairs(node, "taskHeaders", "header", "key"),
        assignee=assignment.get("assignee", ""),
        candidate_groups=assignment.get("candidateGroups", ""),
        candidate_users=assignment.get("candidateUsers", ""),
        due_date=schedule.get("dueDate", ""),
        follow_up_date=schedule.get("followUpDate", ""),
        priority=_attributes(node, "priorityDefinition").get("priority", ""),
        inputs=_mappings(node, "input"),
        outputs=_mappings(node, "output"),
        properties=_pairs(node, "properties", "property", "name"),
        documentation=text(node.find(b("documentation"))),
        loop=_loop(node),
        event=found[0] if found else None,
        attached_to=node.get("attachedToRef", ""),
        interrupting=node.get("cancelActivity", node.get("isInterrupting", "true")) != "false",
        triggered_by_event=node.get("triggeredByEvent") == "true",
        default_flow=node.get("default", ""),
    )


def _pairs(node: Xml, tag: str, child: str, key: str) -> Mapping[str, str]:
    holder = _extension(node, tag)
    if holder is None:
        return MappingProxyType({})
    return MappingProxyType({one.get(key, ""): one.get("value", "") for one in holder.iter(z(child))})


def _mappings(node: Xml, tag: str) -> tuple[Mapping_, ...]:
    holder = _extension(node, "ioMapping")
    if holder is None:
        return ()
    return tuple(
        Mapping_(source=one.get("source", ""), target=one.get("target", "")) for one in holder.iter(z(tag))
    )


def _loop(node: Xml) -> Loop | None:
    many = node.find(b("multiInstanceLoopCharacteristics"))
    if many is not None:
        zeebe: Any = _attributes(many, "loopCharacteristics")
        return Loop(
            sequential=many.get("isSequential") == "true",
            collection=zeebe.get("inputCollection", ""),
            item=zeebe.get("inputElement", ""),
            output_collection=zeebe.get("outputCollection", ""),
            output_element=zeebe.get("outputElement", ""),
            until=text(many.find(b("completionCondition"))),
        )
    standard = node.find(b("standardLoopCharacteristics"))
    if standard is None:
        return None
    maximum = standard.get("loopMaximum", "")
    return Loop(
        sequential=True,
        repeat=text(standard.find(b("loopCondition"))),
        test_before=standard.get("testBefore") == "true",
        maximum=int(maximum) if maximum.isdecimal() else None,
    )
