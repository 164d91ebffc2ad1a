"""Small diagrams for tests, and a player that restores the state before every move."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from service import engine
from service.clock import PinnedClock
from service.engine import Definition, Host, Job, OpenTask, Step

BEGIN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def bpmn(body: str, *, roots: str = "", process_id: str = "proces") -> bytes:
    """A whole file around the body of one process."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions {NAMESPACES} targetNamespace="test">{roots}'
        f'<process id="{process_id}" name="Proces" isExecutable="true">{body}</process></definitions>'
    ).encode()


def flow(source: str, target: str, condition: str = "", id: str = "") -> str:
    name = id or f"{source}_{target}"
    inside = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def chain(*ids: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in itertools.pairwise(ids))


def ext(inside: str) -> str:
    return f"<extensionElements>{inside}</extensionElements>" if inside else ""


def node(tag: str, id: str, inside: str = "", *, zeebe: str = "", **attributes: str) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f'<{tag} id="{id}"{written}>{ext(zeebe)}{inside}</{tag}>'


def start(id: str = "s", inside: str = "") -> str:
    return node("startEvent", id, inside)


def end(id: str = "e", inside: str = "") -> str:
    return node("endEvent", id, inside)


def user(id: str, zeebe: str = "", inside: str = "", **attributes: str) -> str:
    return node("userTask", id, inside, zeebe=f'<zeebe:formDefinition formId="f"/>{zeebe}', **attributes)


def script(id: str, expression: str, result: str) -> str:
    return node(
        "scriptTask",
        id,
        zeebe=f"<zeebe:script expression={quoteattr(expression)} resultVariable={quoteattr(result)}/>",
    )


def mapping(*lines: tuple[str, str, str]) -> str:
    """(input|output, source, target) lines."""
    inside = "".join(f"<zeebe:{kind} source={quoteattr(s)} target={quoteattr(t)}/>" for kind, s, t in lines)
    return f"<zeebe:ioMapping>{inside}</zeebe:ioMapping>"


def timer(kind: str, text: str) -> str:
    tag = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}[kind]
    return f"<timerEventDefinition><{tag}>{escape(text)}</{tag}></timerEventDefinition>"


def boundary(id: str, attached: str, inside: str, *, interrupting: bool = True, zeebe: str = "") -> str:
    return node(
        "boundaryEvent",
        id,
        inside,
        zeebe=zeebe,
        attachedToRef=attached,
        cancelActivity=str(interrupting).lower(),
    )


def message(id: str, name: str, key: str = "") -> str:
    inside = ext(f"<zeebe:subscription correlationKey={quoteattr(key)}/>") if key else ""
    return f'<message id="{id}" name="{name}">{inside}</message>'


def many(
    collection: str, item: str, *, sequential: bool = False, out: str = "", result: str = "", until: str = ""
) -> str:
    attributes = f"inputCollection={quoteattr(collection)} inputElement={quoteattr(item)}"
    if out:
        attributes += f" outputCollection={quoteattr(out)} outputElement={quoteattr(result)}"
    stop = f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{ext(f'<zeebe:loopCharacteristics {attributes}/>')}{stop}</multiInstanceLoopCharacteristics>"
    )


class Player:
    """One instance. Every move starts from the stored bytes, as in production."""

    def __init__(
        self,
        definition: Definition,
        variables: Mapping[str, Any] | None = None,
        *,
        start_element: str | None = None,
        **kwargs: Any,
    ) -> None:
        assert not [f for f in definition.findings if f.severity == "fout"], definition.findings
        self.definition = definition
        self.clock = PinnedClock(BEGIN)
        self.host = Host(clock=self.clock, **kwargs)
        self.facts: list[Any] = []
        self.step = self.take(
            engine.start(definition, variables=variables or {}, host=self.host, start_element=start_element)
        )

    def take(self, step: Step) -> Step:
        self.step = step
        self.facts += step.facts
        return step

    @property
    def open(self) -> list[str]:
        return sorted(task.element for task in self.step.open_tasks)

    def token(self, element: str, index: int = 0) -> int:
        waiting: list[OpenTask | Job] = [*self.step.open_tasks, *self.step.jobs]
        tasks = [task.token for task in waiting if task.element == element]
        return tasks[index]

    def complete(self, element: str, variables: Mapping[str, Any] | None = None, *, index: int = 0) -> Step:
        token = self.token(element, index)
        return self.take(
            engine.complete(self.definition, self.step.state, token, variables or {}, host=self.host)
        )

    def job(self, element: str, variables: Mapping[str, Any] | None = None) -> Step:
        token = self.token(element)
        return self.take(
            engine.complete_job(self.definition, self.step.state, token, variables or {}, host=self.host)
        )

    def later(self, **step: float) -> Step:
        self.clock.move(timedelta(**step))
        return self.take(engine.wake(self.definition, self.step.state, host=self.host))

    def deliver(self, name: str, key: str, variables: Mapping[str, Any] | None = None) -> Step:
        return self.take(
            engine.deliver(self.definition, self.step.state, name, key, variables or {}, host=self.host)
        )

    def retry(self, index: int = 0) -> Step:
        token = self.step.incidents[index].token
        return self.take(engine.retry(self.definition, self.step.state, token, host=self.host))

    def write(self, variables: Mapping[str, Any]) -> Step:
        return self.take(engine.set_variables(self.definition, self.step.state, variables, host=self.host))

    def count(self, kind: str) -> Counter[str]:
        return Counter(fact.element for fact in self.facts if fact.kind == kind)

    def trace(self) -> list[str]:
        """The elements in the order in which they completed."""
        return [fact.element for fact in self.facts if fact.kind == "element:completed"]


def play(body: str, variables: Mapping[str, Any] | None = None, *, roots: str = "", **kwargs: Any) -> Player:
    return Player(engine.read(bpmn(body, roots=roots)), variables, **kwargs)
