"""The cases of one scenario: the one that it is about, and those that its messages begin, on one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from service import engine, forms
from service.clock import PinnedClock
from service.domain import Json
from service.engine import Apart, Definition, Step
from service.publication.package import Package

MAX_WAKES = 2000  # timers fired in one wait; a cycle of a second for a year is a mistake
_VISITS = frozenset({"element:activated", "flow:taken"})
STUB = "Voorbeeld_aanroep"  # the job in a process that a scenario does not play

_STUB = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 targetNamespace="https://sluitend.example/voorbeeld"><process id="{id}" isExecutable="true"><startEvent id="Begin_{id}"/>
<serviceTask id="{job}_{id}"><extensionElements><zeebe:taskDefinition type="voorbeeld"/></extensionElements></serviceTask>
<endEvent id="Eind_{id}"/><sequenceFlow id="Een_{id}" sourceRef="Begin_{id}" targetRef="{job}_{id}"/>
<sequenceFlow id="Twee_{id}" sourceRef="{job}_{id}" targetRef="Eind_{id}"/></process></definitions>"""


class Stop(Exception):
    """The scenario cannot go on; the message says why, in Dutch."""


@dataclass(eq=False)
class Case:
    """One case, as far as it is."""

    process_id: str
    definition: Definition
    step: Step


@dataclass
class Cast:
    """All cases that play, the main one first."""

    package: Package
    functions: Mapping[str, Callable[..., Any]]
    begins_at: datetime
    stubs: frozenset[str] = frozenset()  # processes whose outcome the scenario tells instead of playing them
    cases: list[Case] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)  # elements and flows in the order in which they came by

    def __post_init__(self) -> None:
        self.clock = PinnedClock(self.begins_at.astimezone(UTC))
        self.host = engine.Host(clock=self.clock, functions=self.functions)
        self._read: dict[str, Definition] = {}

    @property
    def main(self) -> Case:
        """The case that the scenario is about."""
        if not self.cases:
            raise Stop("De zaak is niet begonnen.")
        return self.cases[0]

    def begin(self, definition: Definition, variables: Mapping[str, Json], element: str | None) -> None:
        """Start a case of this process."""
        whole = self._joined(definition)
        step = engine.start(whole, variables=variables, host=self.host, start_element=element)
        case = Case(definition.process_id, whole, step)
        self.cases.append(case)
        self.take(case, step)

    def form(self, process_id: str, form_id: str) -> forms.Form | None:
        """The form of a task, from the package in whose diagram it stands."""
        other = self.package.neighbours.get(process_id)
        known = other.forms if other is not None and form_id not in self.package.forms else self.package.forms
        return known.get(form_id) if other is None else other.forms.get(form_id, known.get(form_id))

    def take(self, case: Case, step: Step) -> None:
        """Accept a move of a case; what it sends arrives at once."""
        case.step = step
        self.visited.extend(fact.element for fact in step.facts if fact.kind in _VISITS)
        if step.incidents:
            first = step.incidents[0]
            raise Stop(f"incident op {first.element}: {first.message}")
        for thrown in step.thrown:
            if thrown.kind == "message":
                self.send(thrown.name, thrown.correlation_key, thrown.variables)

    def send(self, name: str, key: str, variables: Mapping[str, Json]) -> int:
        """A message for one waiting place in each case, and for a process that begins with it; gives how many got it."""
        got = 0
        for case in [one for one in self.cases if one.step.ended is None]:
            if (name, key) in {(one.name, one.correlation_key) for one in case.step.subscriptions}:
                self.take(
                    case,
                    engine.deliver(case.definition, case.step.state, name, key, variables, host=self.host),
                )
                got += 1
        for definition, element in list(self._begun_by(name)):
            self.begin(definition, {**variables, "casus_id": key}, element)
            got += 1
        return got

    def _begun_by(self, name: str) -> Iterator[tuple[Definition, str]]:
        """Processes that begin with this message, unless one of them runs: of the same key there is one at a time."""
        running = {one.process_id for one in self.cases if one.step.ended is None}
        for process_id in sorted({*self.package.neighbours, self.cases[0].process_id} - running):
            definition = self._definition(process_id)
            for event in definition.start_events:
                if event.kind == "message" and event.message == name:
                    yield definition, event.element

    def until(self, moment: datetime) -> None:
        """Let time pass; of all cases the timer that is due first fires first."""
        for _ in range(MAX_WAKES):
            due = [(one.step.wakes_at, number) for number, one in enumerate(self.cases) if one.step.wakes_at]
            first = min(due, default=None)
            if first is None or first[0] > moment:
                break
            self.clock.move(max(first[0] - self.clock.now(), timedelta()))
            case = self.cases[first[1]]
            self.take(case, engine.wake(case.definition, case.step.state, host=self.host))
        else:
            raise Stop(f"er lopen meer dan {MAX_WAKES} timers af in deze tijd.")
        self.clock.move(moment - self.clock.now())

    def _definition(self, process_id: str) -> Definition:
        if process_id not in self._read:
            own = next((one for one in self.cases if one.process_id == process_id), None)
            stub = process_id in self.stubs
            self._read[process_id] = (
                engine.read(_STUB.format(id=process_id, job=STUB).encode(), process_id=process_id)
                if stub
                else own.definition
                if own is not None
                else self.package.neighbours[process_id].main
            )
        return self._read[process_id]

    def _joined(self, definition: Definition) -> Definition:
        """The process with everything that it calls in other packages, and what those call."""
        found: dict[str, Apart] = {}
        waiting = [definition]
        while waiting:
            for element in waiting.pop().elements.values():
                name = element.called_element
                if name in found or name not in self.package.neighbours:
                    continue
                if name == definition.process_id:
                    found[name] = Apart(version="", definition=definition, newest=True)
                    continue
                called = self._definition(name)
                found[name] = Apart(version=name, definition=called, newest=True)
                waiting.append(called)
        if not found:
            return definition
        found.setdefault(definition.process_id, Apart(version="", definition=definition, newest=True))
        return engine.extend(definition, list(found.values()))
