"""Scenarios played: the real diagram, forms and decisions, with a clock that only moves where the scenario waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from service import engine, feel, forms
from service.clock import AMSTERDAM
from service.domain import Json
from service.errors import ServiceError
from service.publication.cast import STUB, Case, Cast, Stop
from service.publication.package import Package
from service.publication.scenario import Scenario, ScenarioStep

CASUS = "VOORBEELD-1"  # the casus_id of a regional case, unless the scenario gives its own


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
    except Stop as stop:
        play.problems.append(f"{play.where}{stop}")
    except ServiceError as error:
        play.problems.append(f"{play.where}de motor weigert: {error}.")
    return ScenarioResult(
        name=scenario.name,
        file=scenario.file,
        problems=tuple(play.problems),
        visited=tuple(play.cast.visited),
        outcome=play.cast.cases[0].step.outcome if play.cast.cases else "",
        variables=dict(play.cast.cases[0].step.variables) if play.cast.cases else {},
    )


def untaken(definition: engine.Definition, results: Iterable[ScenarioResult]) -> tuple[str, ...]:
    """The sequence flows that no scenario came by, in order of id."""
    visited = {one for result in results for one in result.visited}
    return tuple(sorted(set(definition.flows) - visited))


@dataclass
class _Play:
    """One scenario being played."""

    package: Package
    scenario: Scenario
    definition: engine.Definition
    functions: Mapping[str, Callable[..., Any]]
    number: int = 0  # of the step under way; 0 for the start and the end
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cast = Cast(
            package=self.package,
            functions=self.functions,
            begins_at=self.scenario.begins_at,
            stubs=frozenset(one.target for one in self.scenario.steps if one.action == "aanroep"),
        )

    @property
    def where(self) -> str:
        return f"Stap {self.number}: " if self.number else ""

    @property
    def main(self) -> engine.Step:
        return self.cast.main.step

    def start(self) -> None:
        own: dict[str, Json] = {"casus_id": CASUS} if self.package.manifest else {}
        variables = {**own, **self.scenario.variables}
        form = self.package.forms.get(self._start_form())
        if form is not None:
            answers = self._checked(form, self.scenario.start, self.scenario.variables, "Het startformulier")
            variables = {**variables, **forms.variables(form, answers)}
        else:
            variables = {**variables, **self.scenario.start}
        self.cast.begin(self.definition, variables, self.scenario.start_element)

    def _start_form(self) -> str:
        chosen = self.scenario.start_element
        events = [event for event in self.definition.start_events if chosen in (None, event.element)]
        named = next((event.form_id for event in events if event.form_id), "")
        manifest = self.package.manifest
        return named or (manifest.start_form if manifest and not chosen else "")

    def _checked(
        self, form: forms.Form, raw: Mapping[str, Json], context: Mapping[str, Json], what: str
    ) -> dict[str, Json]:
        found = forms.validate(form, raw, context=context, clock=self.cast.clock, functions=self.functions)
        if not found.ok:
            told = "; ".join(f"{path}: {sentence}" for path, sentence in found.errors.items())
            raise Stop(f"{what} wordt geweigerd. {told}")
        return found.answers

    def do(self, step: ScenarioStep) -> None:
        if not self._running():
            raise Stop(f"de zaak is al afgelopen bij {self.main.outcome or 'het einde'}.")
        actions: Mapping[str, Callable[[ScenarioStep], None]] = {
            "taak": self._task,
            "wacht": self._wait,
            "tot": lambda one: self._until(one.target),
            "bericht": self._message,
            "opdracht": self._job,
            "aanroep": self._stub,
            "open": lambda one: self._compare_open(one.target),
        }
        actions[step.action](step)

    def _running(self) -> list[Case]:
        return [one for one in self.cast.cases if one.step.ended is None]

    def _task(self, step: ScenarioStep) -> None:
        for case in self._running():
            for task in case.step.open_tasks:
                if task.element == step.target:
                    self._answer(case, task, step)
                    return
        raise Stop(f"de taak {step.target} staat niet open. {self._open_now()}")

    def _answer(self, case: Case, task: engine.OpenTask, step: ScenarioStep) -> None:
        form = self.cast.form(task.process_id, task.form_id)
        context = engine.visible(case.definition, case.step.state, task.token)
        if step.refused:
            self._refuse(form, step, context)
            return
        variables: Mapping[str, Json] = step.data
        if form is not None:
            answers = self._checked(form, step.data, context, f"De inzending van {step.target}")
            variables = forms.variables(form, answers)
        self.cast.take(
            case,
            engine.complete(case.definition, case.step.state, task.token, variables, host=self.cast.host),
        )

    def _refuse(self, form: forms.Form | None, step: ScenarioStep, context: Mapping[str, Json]) -> None:
        if form is None:
            raise Stop(f"de taak {step.target} heeft geen formulier dat iets kan weigeren.")
        found = forms.validate(
            form, step.data, context=context, clock=self.cast.clock, functions=self.functions
        )
        if set(found.errors) != set(step.refused):
            got = ", ".join(sorted(found.errors)) or "geen enkel veld"
            wanted = ", ".join(sorted(step.refused))
            self.problems.append(f"{self.where}een fout werd verwacht op {wanted}, maar kwam op {got}.")

    def _wait(self, step: ScenarioStep) -> None:
        moment = self.cast.clock.now().astimezone(AMSTERDAM)
        try:
            until = feel.evaluate("moment + duration(wacht)", {"moment": moment, "wacht": step.target})
        except feel.FeelSyntaxError:
            until = None
        if not isinstance(until, datetime):
            raise Stop(f"‘{step.target}’ is geen duur. Schrijf bijvoorbeeld P3D of PT4H.")
        self._until(until)

    def _until(self, moment: datetime) -> None:
        until = moment.astimezone(UTC)
        if until < self.cast.clock.now():
            raise Stop(f"de klok staat al voorbij {moment:%d-%m-%Y %H:%M}.")
        self.cast.until(until)

    def _message(self, step: ScenarioStep) -> None:
        if self.cast.send(step.target, step.key, step.data):
            return
        waiting = {
            (one.name, one.correlation_key) for case in self._running() for one in case.step.subscriptions
        }
        told = ", ".join(f"{name} ({key})" for name, key in sorted(waiting)) or "niets"
        raise Stop(f"niemand wacht op het bericht {step.target} ({step.key}). Gewacht wordt op: {told}.")

    def _job(self, step: ScenarioStep) -> None:
        self._finish(step.target, step)

    def _stub(self, step: ScenarioStep) -> None:
        self._finish(f"{STUB}_{step.target}", step)

    def _finish(self, element: str, step: ScenarioStep) -> None:
        for case in self._running():
            for job in case.step.jobs:
                if job.element == element:
                    self.cast.take(
                        case,
                        engine.complete_job(
                            case.definition, case.step.state, job.token, step.data, host=self.cast.host
                        ),
                    )
                    return
        ready = [one.element for case in self._running() for one in case.step.jobs]
        raise Stop(f"de opdracht {step.target} staat niet klaar. Klaar staan: {', '.join(ready) or 'geen'}.")

    def _open_now(self) -> str:
        if not self._running():
            return f"De zaak is afgelopen bij {self.main.outcome}."
        names = ", ".join(sorted(self._open())) or "geen taken"
        return f"Open staan: {names}."

    def _open(self) -> list[str]:
        return [task.element for case in self._running() for task in case.step.open_tasks]

    def _compare_open(self, wanted: tuple[str, ...]) -> None:
        if sorted(self._open()) != sorted(wanted):
            self.problems.append(
                f"{self.where}verwacht open: {', '.join(wanted) or 'niets'}. {self._open_now()}"
            )

    def compare(self) -> None:
        """Whether the case stands where the scenario says."""
        expected = self.scenario.expected
        if expected.end and (self.main.ended is None or self.main.outcome != expected.end):
            self.problems.append(f"Verwacht einde: {expected.end}. {self._open_now()}")
        self._compare_others()
        if expected.open is not None:
            self._compare_open(expected.open)
        for name, value in expected.variables.items():
            if feel.to_json(self.main.variables.get(name)) != value:
                self.problems.append(
                    f"Verwacht {name} = {value!r}, maar het is {self.main.variables.get(name)!r}."
                )
        came = [one for one in expected.never if one in self.cast.visited]
        if came:
            self.problems.append(f"Had niet bereikt mogen worden: {', '.join(came)}.")
        missed = _first_missed(expected.path, self.cast.visited)
        if missed:
            self.problems.append(f"Het pad wijkt af: {missed} is niet (of niet op die plaats) bereikt.")

    def _compare_others(self) -> None:
        for process_id, end in self.scenario.expected.others.items():
            case = next((one for one in self.cast.cases[1:] if one.process_id == process_id), None)
            reached = case.step.outcome if case is not None and case.step.ended is not None else ""
            if case is None or (end and reached != end):
                told = "is niet begonnen" if case is None else f"kwam bij {reached or 'geen einde'}"
                self.problems.append(f"Verwacht dat {process_id} eindigt bij {end}, maar het {told}.")


def _first_missed(path: Iterable[str], visited: Iterable[str]) -> str:
    """The first of `path` that does not come in order among `visited`; "" when all do."""
    rest = iter(visited)
    return next((one for one in path if one not in rest), "")
