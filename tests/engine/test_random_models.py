"""Random block-structured models run to their end, restored at every move, in any order of their tasks."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, note, settings
from hypothesis import strategies as st

from service import engine
from service.engine.state import dump, load
from tests.engine.diagrams import (
    Player,
    boundary,
    bpmn,
    chain,
    end,
    flow,
    many,
    mapping,
    message,
    node,
    script,
    start,
    timer,
    user,
)

MODELS = int(os.environ.get("SLUITEND_RANDOM_MODELS", "300"))
ROOTS = message("m", "bericht", '="sleutel"')


@dataclass
class Drawn:
    """A piece of a diagram with one way in and one way out, and how often its tasks are done."""

    first: str
    last: str
    xml: str
    tasks: Counter[str] = field(default_factory=Counter)


class Drawing:
    """Draws blocks at random; ids count up, so every element has its own."""

    def __init__(self, chance: Random, *, events: bool) -> None:
        self.chance = chance
        self.events = events
        self.ids = itertools.count()
        self.counters: list[str] = []

    def id(self, kind: str) -> str:
        return f"{kind}{next(self.ids)}"

    def block(self, depth: int) -> Drawn:
        kinds = (
            ["task"]
            if depth <= 0
            else ["task", "sequence", "xor", "parallel", "inclusive", "loop", "sub", "many", "script"]
        )
        drawn: Drawn = getattr(self, self.chance.choice(kinds))(depth - 1)
        return drawn

    def task(self, depth: int) -> Drawn:
        name = self.id("t")
        loop, times = self.items()
        xml = user(name, inside=loop)
        if self.events and self.chance.random() < 0.3:
            xml += self.aside(name)
        return Drawn(name, name, xml, Counter({name: times}))

    def items(self) -> tuple[str, int]:
        if self.chance.random() < 0.75:
            return "", 1
        times = self.chance.randint(1, 3)
        return many(f"=[{','.join('7' * times)}]", "item", sequential=self.chance.random() < 0.5), times

    def aside(self, name: str) -> str:
        """A non-interrupting event with a task of its own and an end of its own."""
        event, task, stop = self.id("b"), self.id("h"), self.id("e")
        what = (
            timer("duration", "PT1H")
            if self.chance.random() < 0.5
            else '<messageEventDefinition messageRef="m"/>'
        )
        return (
            boundary(event, name, what, interrupting=False)
            + user(task)
            + end(stop)
            + chain(event, task, stop)
        )

    def script(self, depth: int) -> Drawn:
        name = self.id("s")
        return Drawn(name, name, script(name, "=1", self.id("v")))

    def sequence(self, depth: int) -> Drawn:
        a, b = self.block(depth), self.block(depth)
        return Drawn(a.first, b.last, a.xml + b.xml + flow(a.last, b.first), a.tasks + b.tasks)

    def between(
        self, tag: str, blocks: list[Drawn], conditions: list[str], default: int | None, done: list[bool]
    ) -> Drawn:
        split, join = self.id("g"), self.id("g")
        attributes = {} if default is None else {"default": f"{split}_{blocks[default].first}"}
        xml = node(tag, split, **attributes) + node(tag, join)
        tasks: Counter[str] = Counter()
        for one, condition, goes in zip(blocks, conditions, done, strict=True):
            xml += one.xml + flow(split, one.first, condition) + flow(one.last, join)
            tasks += one.tasks if goes else Counter()
        return Drawn(split, join, xml, tasks)

    def xor(self, depth: int) -> Drawn:
        a, b, first = self.block(depth), self.block(depth), self.chance.random() < 0.5
        return self.between("exclusiveGateway", [a, b], [f"={str(first).lower()}", ""], 1, [first, not first])

    def parallel(self, depth: int) -> Drawn:
        blocks = [self.block(depth) for _ in range(self.chance.randint(2, 3))]
        return self.between("parallelGateway", blocks, [""] * len(blocks), None, [True] * len(blocks))

    def inclusive(self, depth: int) -> Drawn:
        blocks = [self.block(depth) for _ in range(3)]
        holds = [self.chance.random() < 0.5, self.chance.random() < 0.5]
        conditions = [f"={str(one).lower()}" for one in holds] + [""]
        return self.between("inclusiveGateway", blocks, conditions, 2, [*holds, not any(holds)])

    def loop(self, depth: int) -> Drawn:
        """A counter of its own, set to nought on the way in, so that an outer loop may come back."""
        inner, rounds, counter = self.block(depth), self.chance.randint(1, 2), self.id("n")
        self.counters.append(counter)
        before, count, join, split = self.id("s"), self.id("s"), self.id("g"), self.id("g")
        after = self.id("s")
        xml = (
            script(before, "=0", counter)
            + script(count, f"={counter} + 1", counter)
            + script(after, "=1", self.id("v"))
        )
        xml += (
            node("exclusiveGateway", join)
            + node("exclusiveGateway", split, default=f"{split}_{after}")
            + inner.xml
        )
        xml += chain(before, join, inner.first) + chain(inner.last, count, split, after)
        xml += flow(split, join, f"={counter} < {rounds}")
        return Drawn(
            before, after, xml, Counter({name: times * rounds for name, times in inner.tasks.items()})
        )

    def sub(self, depth: int) -> Drawn:
        outside, self.counters = self.counters, []
        inner, name, first, last = self.block(depth), self.id("u"), self.id("a"), self.id("z")
        # items run side by side: each needs its own counters
        own = mapping(*(("input", "=0", counter) for counter in self.counters))
        self.counters = outside
        loop, times = self.items()
        inside = (
            loop + start(first) + inner.xml + end(last) + chain(first, inner.first) + chain(inner.last, last)
        )
        if self.events and self.chance.random() < 0.3:
            inside += self.handler()
        xml = node("subProcess", name, inside, zeebe=own)
        if self.events and self.chance.random() < 0.3:
            xml += self.aside(name)
        return Drawn(name, name, xml, Counter({task: count * times for task, count in inner.tasks.items()}))

    def handler(self) -> str:
        name, first, task, last = self.id("u"), self.id("a"), self.id("h"), self.id("z")
        what = '<messageEventDefinition messageRef="m"/>'
        inside = (
            node("startEvent", first, what, isInterrupting="false")
            + user(task)
            + end(last)
            + chain(first, task, last)
        )
        return node("subProcess", name, inside, triggeredByEvent="true")

    many = sub


def model(seed: int, *, events: bool) -> tuple[bytes, Counter[str]]:
    drawing = Drawing(Random(seed), events=events)
    body = drawing.block(4)
    whole = start("begin") + body.xml + end("einde") + chain("begin", body.first) + chain(body.last, "einde")
    return bpmn(whole, roots=ROOTS), body.tasks


def run(definition: engine.Definition, order: Random, *, events: bool) -> Player:
    """Do something possible until the end; the state is the same bytes restored or not."""
    p = Player(definition)
    for _ in range(3000):
        if p.step.ended is not None:
            return p
        assert not p.step.incidents, p.step.incidents
        assert dump(load(definition, p.step.state, p.host)) == p.step.state
        dice = order.random()
        if events and dice < 0.05:
            p.deliver("bericht", "sleutel")
        elif events and dice < 0.1:
            p.later(hours=1)
        else:
            task = order.choice(p.step.open_tasks)
            variables = {f"van_{task.element}": task.element}
            p.take(engine.complete(definition, p.step.state, task.token, variables, host=p.host))
    raise AssertionError("the model does not end")


def legal(p: Player) -> Iterator[str]:
    """Every token is activated before it completes or is cancelled, and does only one of the two."""
    living: set[object] = set()
    for fact in p.facts:
        token = fact.data.get("token")
        if fact.kind == "element:activated":
            living.add(token)
        elif fact.kind in ("element:completed", "element:cancelled"):
            if token not in living:
                yield f"{fact.kind} {fact.element} {token}"
            living.discard(token)
    yield from (f"still there: {token}" for token in living)


@settings(max_examples=MODELS, deadline=None)
@given(seed=st.integers(0, 2**32), order=st.integers(0, 2**32))
def test_without_events_every_order_does_what_the_blocks_say(seed: int, order: int) -> None:
    bpmn_, expected = model(seed, events=False)
    note(bpmn_.decode())
    definition = engine.read(bpmn_)
    ends = []
    for one in (order, order + 1):
        p = run(definition, Random(one), events=False)
        assert p.count("task:completed") == expected
        assert list(legal(p)) == []
        ends.append(p.step.variables)
    assert ends[0] == ends[1]


@settings(max_examples=MODELS, deadline=None)
@given(seed=st.integers(0, 2**32), order=st.integers(0, 2**32))
def test_with_timers_messages_and_handlers_every_model_ends(seed: int, order: int) -> None:
    bpmn_, expected = model(seed, events=True)
    note(bpmn_.decode())
    p = run(engine.read(bpmn_), Random(order), events=True)
    done = p.count("task:completed")
    assert {name: times for name, times in done.items() if not name.startswith("h")} == expected
    assert list(legal(p)) == []
