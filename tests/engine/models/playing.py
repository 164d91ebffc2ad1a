"""Plays a model by chance to its end, and lets another process repeat every move from the bytes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from service.domain import Fact
from service.engine import Definition, Step
from tests.engine.diagrams import BEGIN
from tests.engine.models.drawing import ALL, KEY, PLAIN
from tests.engine.models.restorer import Restorer, move, outcome

LONGEST = 5000  # moves


class Run:
    """One instance of a model."""

    def __init__(self, definition: Definition, restorer: Restorer | None = None) -> None:
        self.definition = definition
        self.restorer = restorer
        self.now: datetime = BEGIN
        self.facts: list[Fact] = []
        self.moves = 0
        self.step: Step
        self.state = b""
        self.do("start")

    def do(self, name: str, *args: Any) -> None:
        """One move here, and the same one there."""
        before = self.state
        self.step = move(self.definition, before, self.now, name, list(args))
        self.state = self.step.state
        self.facts += self.step.facts
        self.moves += 1
        if self.restorer is not None:
            there = self.restorer.repeat(before, self.now, name, list(args))
            assert there == outcome(self.step), f"{name} {args} differs after restoring"
        assert not self.step.incidents, self.step.incidents

    def complete(self, index: int) -> None:
        """Finish the task with this place in the list."""
        task = self.step.open_tasks[index]
        self.do("complete", task.token, {f"van_{task.element}": task.element})

    def later(self) -> None:
        """An hour on, with every timer that is due."""
        self.now += timedelta(hours=1)
        self.do("wake")

    def to_the_end(self, order: Random, events: str) -> Run:
        """Anything that is possible, until it ends."""
        while self.step.ended is None:
            assert self.moves < LONGEST, "the model does not end"
            self.any_move(order, 0.0 if events == PLAIN else 0.1 if events == ALL else 0.05)
        return self

    def any_move(self, order: Random, share: float) -> None:
        """A person, a program, the clock or a message."""
        dice, people, programs = order.random(), len(self.step.open_tasks), len(self.step.jobs)
        if dice < share / 2:
            self.event(order)
        elif dice < share:
            self.later()
        elif people and (not programs or dice < 0.7):
            self.complete(order.randrange(people))
        elif programs:
            self.program(order)
        elif dice < 0.5:
            self.later()
        else:
            self.event(order)

    def event(self, order: Random) -> None:
        """The message for one, or the signal for all."""
        if order.random() < 0.3:
            self.do("broadcast", "sein", {})
        else:
            self.do("deliver", "bericht", KEY, {})

    def program(self, order: Random) -> None:
        """A job that is done or that throws its error."""
        job = order.choice(self.step.jobs)
        if order.random() < 0.4:
            self.do("throw_error", job.token, "F")
        else:
            self.do("complete_job", job.token, {f"van_{job.element}": job.element})

    def count(self, kind: str) -> Counter[str]:
        """How often each element is told of."""
        return Counter(fact.element for fact in self.facts if fact.kind == kind)

    def ends(self) -> Counter[str]:
        """How often each end was reached."""
        kinds = self.definition.elements
        done = self.count("element:completed").items()
        return Counter(
            {name: times for name, times in done if name in kinds and kinds[name].kind == "endEvent"}
        )
