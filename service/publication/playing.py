"""Scenarios played: the real diagram, forms and decisions, with a clock that only moves where the scenario waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from service import engine, feel, forms
from service.clock import AMSTERDAM, PinnedClock
from service.domain import Json
from service.errors import ServiceError
from service.publication.package import Package
from service.publication.scenario import Scenario, ScenarioStep

MAX_WAKES = 2000  # timers fired in one wait; a cycle of a second for a year is a mistake
CASUS = "VOORBEELD-1"  # the casus_id of a regional case, unless the scenario gives its own
_VISITS = frozenset({"element:activated", "flow:taken"})


@dataclass(frozen=True, kw_only=True)
class ScenarioResult:
    """What came of a scenario."""

    name: str
    file: str
    problems: tuple[str, ...]  # Dutch; empty when it went as expected
    visited: tuple[str, ...] = ()  # elements and flows in the order in which the case came by
    outcome: str = ""  # id of the end event reached
    variables: Mapping[str, Json] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problems


class _Stop(Exception):
    """The scenario cannot go on; the message says why, in Dutch."""


def run_scenario(
    package: Package,
    scenario: Scenario,
    definition: engine.Definition,
    *,
    functions: Mapping[str, Callable[..., Any]],
) -> ScenarioResult:
    """Play a scenario on a definition and tell what differs from what it expects."""
    play = _Play(package, scenario, definition, functions)
    try:
        play.start()
        for number, step in enumerate(scenario.steps, 1):
            play.number = number
            play.do(step)
        play.number = 0
        play.compare()
    except _Stop as stop:
        play.problems.append(str(stop))
    except ServiceError as error:
        play.problems.append(f"{play.where}de motor weigert: {error}.")
    return ScenarioResult(
        name=scenario.name,
        file=scenario.file,
        problems=tuple(play.problems),
        visited=tuple(play.visited),
        outcome=play.step.outcome if play.step else "",
        variables=dict(play.step.variables) if play.step else {},
    )


def untaken(definition: engine.Definition, results: Iterable[ScenarioResult]) -> tuple[str, ...]:
    """The sequence flows that no scenario came by, in order of id."""
    visited = {one for result in results for one in result.visited}
    return tuple(sorted(set(definition.flows) - visited))


@dataclass
class _Play:
    """One case being played."""

    package: Package
    scenario: Scenario
    definition: engine.Definition
    functions: Mapping[str, Callable[..., Any]]
    number: int = 0  # of the step under way; 0 for the start and the end
    step: engine.Step | None = None
    problems: list[str] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = PinnedClock(self.scenario.begins_at.astimezone(UTC))
        self.host = engine.Host(clock=self.clock, functions=self.functions)

    @property
    def where(self) -> str:
        return f"Stap {self.number}: " if self.number else ""

    @property
    def now(self) -> engine.Step:
        if self.step is None:
            raise _Stop("De zaak is niet begonnen.")
        return self.step

    def start(self) -> None:
        own: dict[str, Json] = {"casus_id": CASUS} if self.package.manifest else {}
        variables = {**own, **self.scenario.variables}
        form = self.package.forms.get(self._start_form())
        if form is not None:
            answers = self._checked(form, self.scenario.start, self.scenario.variables, "Het startformulier")
            variables = {**variables, **forms.variables(form, answers)}
        else:
            variables = {**variables, **self.scenario.start}
        element = self.scenario.start_element
        self._take(engine.start(self.definition, variables=variables, host=self.host, start_element=element))

    def _start_form(self) -> str:
        chosen = self.scenario.start_element
        events = [event for event in self.definition.start_events if chosen in (None, event.element)]
        named = next((event.form_id for event in events if event.form_id), "")
        manifest = self.package.manifest
        return named or (manifest.start_form if manifest and not chosen else "")

    def _checked(
        self, form: forms.Form, raw: Mapping[str, Json], context: Mapping[str, Json], what: str
    ) -> dict[str, Json]:
        found = forms.validate(form, raw, context=context, clock=self.clock, functions=self.functions)
        if not found.ok:
            told = "; ".join(f"{path}: {sentence}" for path, sentence in found.errors.items())
            raise _Stop(f"{self.where}{what} wordt geweigerd. {told}")
        return found.answers

    def _take(self, step: engine.Step) -> None:
        """Accept a move; messages that the case sends to itself are delivered at once."""
        self.step = step
        self.visited.extend(fact.element for fact in step.facts if fact.kind in _VISITS)
        if step.incidents:
            first = step.incidents[0]
            raise _Stop(f"{self.where}incident op {first.element}: {first.message}")
        for thrown in step.thrown:
            waiting = {(one.name, one.correlation_key) for one in self.now.subscriptions}
            if thrown.kind == "message" and (thrown.name, thrown.correlation_key) in waiting:
                self._deliver(thrown.name, thrown.correlation_key, thrown.variables)

    def _deliver(self, name: str, key: str, variables: Mapping[str, Json]) -> None:
        self._take(engine.deliver(self.definition, self.now.state, name, key, variables, host=self.host))

    def do(self, step: ScenarioStep) -> None:
        if self.now.ended is not None:
            raise _Stop(f"{self.where}de zaak is al afgelopen bij {self.now.outcome or 'het einde'}.")
        actions: Mapping[str, Callable[[ScenarioStep], None]] = {
            "taak": self._task,
            "wacht": self._wait,
            "tot": lambda one: self._until(one.target),
            "bericht": self._message,
            "opdracht": self._job,
            "open": lambda one: self._compare_open(one.target),
        }
        actions[step.action](step)

    def _task(self, step: ScenarioStep) -> None:
        task = next((one for one in self.now.open_tasks if one.element == step.target), None)
        if task is None:
            raise _Stop(f"{self.where}de taak {step.target} staat niet open. {self._open_now()}")
        form = self.package.forms.get(task.form_id)
        context = engine.visible(self.definition, self.now.state, task.token)
        if step.refused:
            self._refuse(form, step, context)
            return
        variables: Mapping[str, Json] = step.data
        if form is not None:
            answers = self._checked(form, step.data, context, f"De inzending van {step.target}")
            variables = forms.variables(form, answers)
        self._take(engine.complete(self.definition, self.now.state, task.token, variables, host=self.host))

    def _refuse(self, form: forms.Form | None, step: ScenarioStep, context: Mapping[str, Json]) -> None:
        if form is None:
            raise _Stop(f"{self.where}de taak {step.target} heeft geen formulier dat iets kan weigeren.")
        found = forms.validate(form, step.data, context=context, clock=self.clock, functions=self.functions)
        if set(found.errors) != set(step.refused):
            got = ", ".join(sorted(found.errors)) or "geen enkel veld"
            wanted = ", ".join(sorted(step.refused))
            self.problems.append(f"{self.where}een fout werd verwacht op {wanted}, maar kwam op {got}.")

    def _wait(self, step: ScenarioStep) -> None:
        moment = self.clock.now().astimezone(AMSTERDAM)
        try:
            until = feel.evaluate("moment + duration(wacht)", {"moment": moment, "wacht": step.target})
        except feel.FeelSyntaxError:
            until = None
        if not isinstance(until, datetime):
            raise _Stop(f"{self.where}‘{step.target}’ is geen duur. Schrijf bijvoorbeeld P3D of PT4H.")
        self._until(until)

    def _until(self, moment: datetime) -> None:
        until = moment.astimezone(UTC)
        if until < self.clock.now():
            raise _Stop(f"{self.where}de klok staat al voorbij {moment:%d-%m-%Y %H:%M}.")
        for _ in range(MAX_WAKES):
            due = self.now.wakes_at
            if due is None or due > until:
                break
            self.clock.move(max(due - self.clock.now(), timedelta()))
            self._take(engine.wake(self.definition, self.now.state, host=self.host))
        else:
            raise _Stop(f"{self.where}er lopen meer dan {MAX_WAKES} timers af in deze tijd.")
        self.clock.move(until - self.clock.now())

    def _message(self, step: ScenarioStep) -> None:
        waiting = {(one.name, one.correlation_key) for one in self.now.subscriptions}
        if (step.target, step.key) not in waiting:
            told = ", ".join(f"{name} ({key})" for name, key in sorted(waiting)) or "niets"
            raise _Stop(
                f"{self.where}niemand wacht op het bericht {step.target} ({step.key}). Gewacht wordt op: {told}."
            )
        self._deliver(step.target, step.key, step.data)

    def _job(self, step: ScenarioStep) -> None:
        job = next((one for one in self.now.jobs if one.element == step.target), None)
        if job is None:
            waiting = ", ".join(one.element for one in self.now.jobs) or "geen"
            raise _Stop(f"{self.where}de opdracht {step.target} staat niet klaar. Klaar staan: {waiting}.")
        self._take(engine.complete_job(self.definition, self.now.state, job.token, step.data, host=self.host))

    def _open_now(self) -> str:
        if self.now.ended is not None:
            return f"De zaak is afgelopen bij {self.now.outcome}."
        names = ", ".join(sorted(one.element for one in self.now.open_tasks)) or "geen taken"
        return f"Open staan: {names}."

    def _compare_open(self, wanted: tuple[str, ...]) -> None:
        if sorted(one.element for one in self.now.open_tasks) != sorted(wanted):
            self.problems.append(
                f"{self.where}verwacht open: {', '.join(wanted) or 'niets'}. {self._open_now()}"
            )

    def compare(self) -> None:
        """Whether the case stands where the scenario says."""
        expected = self.scenario.expected
        if expected.end and (self.now.ended is None or self.now.outcome != expected.end):
            self.problems.append(f"Verwacht einde: {expected.end}. {self._open_now()}")
        if expected.open is not None:
            self._compare_open(expected.open)
        for name, value in expected.variables.items():
            if feel.to_json(self.now.variables.get(name)) != value:
                self.problems.append(
                    f"Verwacht {name} = {value!r}, maar het is {self.now.variables.get(name)!r}."
                )
        came = [one for one in expected.never if one in self.visited]
        if came:
            self.problems.append(f"Had niet bereikt mogen worden: {', '.join(came)}.")
        missed = _first_missed(expected.path, self.visited)
        if missed:
            self.problems.append(f"Het pad wijkt af: {missed} is niet (of niet op die plaats) bereikt.")


def _first_missed(path: Iterable[str], visited: Iterable[str]) -> str:
    """The first of `path` that does not come in order among `visited`; "" when all do."""
    rest = iter(visited)
    return next((one for one in path if one not in rest), "")
