"""Draws block-structured models at random: every block has one way in and one way out, and knows how often it is done."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.engine.diagrams import (
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

KEY = "sleutel"
ROOTS = (
    message("m", "bericht", f'="{KEY}"')
    + '<error id="fout" name="Fout" errorCode="F"/><signal id="sein" name="sein"/>'
    + '<escalation id="hulp" name="Hulp" escalationCode="H"/>'
)
SIGNAL = '<signalEventDefinition signalRef="sein"/>'
ESCALATION = '<escalationEventDefinition escalationRef="hulp"/>'
MESSAGE = '<messageEventDefinition messageRef="m"/>'
ERROR = '<errorEventDefinition errorRef="fout"/>'
HOUR = timer("duration", "PT1H")

PLAIN, BESIDE, ALL = (
    "plain",
    "beside",
    "all",
)  # no events, only such as leave the main line alone, or every kind
_BLOCKS = [
    "task",
    "sequence",
    "xor",
    "parallel",
    "inclusive",
    "loop",
    "sub",
    "sub",
    "script",
    "call",
    "link",
    "tell",
]
_EVENTS = ["instead", "thrown", "job", "race", "wait", "cancelled", "escalated"]


@dataclass
class Drawn:
    """A piece of a diagram, and how often its tasks are done when nothing is interrupted."""

    first: str
    last: str
    xml: str
    tasks: Counter[str] = field(default_factory=Counter)


@dataclass
class Model:
    """A file, the files that it calls, and how often each task is done."""

    bpmn: bytes
    called: dict[str, bytes]
    tasks: Counter[str]


class Drawing:
    """One model in the making; ids count up, so every element has its own."""

    def __init__(self, chance: Random, events: str) -> None:
        self.chance = chance
        self.events = events
        self.ids = itertools.count()
        self.counters: list[str] = []
        self.called: dict[str, bytes] = {}

    def id(self, kind: str) -> str:
        return f"{kind}{next(self.ids)}"

    def block(self, depth: int) -> Drawn:
        kinds = ["task"] if depth <= 0 else _BLOCKS + (_EVENTS if self.events == ALL else [])
        drawn: Drawn = getattr(self, self.chance.choice(kinds))(depth - 1)
        return drawn

    def likely(self, share: float) -> bool:
        return self.chance.random() < share

    # -- one activity ---------------------------------------------------------------------------------------------

    def task(self, depth: int) -> Drawn:
        name = self.id("t")
        loop, times = self.items()
        xml = user(name, inside=loop) + self.aside(name)
        return Drawn(name, name, xml, Counter({name: times}))

    def items(self) -> tuple[str, int]:
        if self.likely(0.7):
            return "", 1
        times = self.chance.randint(1, 3)
        if self.likely(0.2):
            return f'<standardLoopCharacteristics loopMaximum="{times}"/>', times
        return many(f"=[{','.join('7' * times)}]", "item", sequential=self.likely(0.5)), times

    def aside(self, name: str) -> str:
        """Perhaps a non-interrupting event with a task of its own and an end of its own."""
        if self.events == PLAIN or not self.likely(0.3):
            return ""
        event, task, stop = self.id("b"), self.id("h"), self.id("e")
        what = self.chance.choice([HOUR, MESSAGE])
        on_border = boundary(event, name, what, interrupting=False)
        return on_border + user(task) + end(stop) + chain(event, task, stop)

    def script(self, depth: int) -> Drawn:
        name = self.id("s")
        return Drawn(name, name, script(name, "=1", self.id("v")))

    def link(self, depth: int) -> Drawn:
        """An arrow that is not drawn: a throwing link and the catching one of its name."""
        throw, catch = self.id("l"), self.id("l")
        inside = f'<linkEventDefinition name="{throw}"/>'
        xml = node("intermediateThrowEvent", throw, inside) + node("intermediateCatchEvent", catch, inside)
        return Drawn(throw, catch, xml)

    def tell(self, depth: int) -> Drawn:
        """An event that leaves, that nobody catches or that only marks a place: the token goes on."""
        name = self.id("i")
        return Drawn(
            name, name, node("intermediateThrowEvent", name, self.chance.choice(["", SIGNAL, ESCALATION]))
        )

    def call(self, depth: int) -> Drawn:
        """A process in a file of its own; it is given no variables, for it would bring them all back.

        In Camunda 8 too a called process that was given a counter writes its old value over the counter of its caller.
        """
        outside, self.counters = self.counters, []
        name, process, first, last = self.id("c"), self.id("k"), self.id("a"), self.id("z")
        inner = self.block(min(depth, 2))
        self.counters = outside
        body = start(first) + inner.xml + end(last) + chain(first, inner.first) + chain(inner.last, last)
        self.called[process] = bpmn(body, roots=ROOTS, process_id=process)
        loop, times = self.items()
        xml = node(
            "callActivity",
            name,
            loop,
            zeebe=f'<zeebe:calledElement processId="{process}" propagateAllParentVariables="false"/>',
        )
        return Drawn(name, name, xml + self.aside(name), _times(inner.tasks, times))

    # -- blocks ---------------------------------------------------------------------------------------------------

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
        a, b, first = self.block(depth), self.block(depth), self.likely(0.5)
        return self.between("exclusiveGateway", [a, b], [f"={str(first).lower()}", ""], 1, [first, not first])

    def parallel(self, depth: int) -> Drawn:
        blocks = [self.block(depth) for _ in range(self.chance.randint(2, 3))]
        return self.between("parallelGateway", blocks, [""] * len(blocks), None, [True] * len(blocks))

    def inclusive(self, depth: int) -> Drawn:
        blocks = [self.block(depth) for _ in range(3)]
        holds = [self.likely(0.5), self.likely(0.5)]
        conditions = [f"={str(one).lower()}" for one in holds] + [""]
        return self.between("inclusiveGateway", blocks, conditions, 2, [*holds, not any(holds)])

    def loop(self, depth: int) -> Drawn:
        """A counter of its own, set to nought on the way in, so that an outer loop may come back."""
        inner, rounds, counter = self.block(depth), self.chance.randint(1, 2), self.id("n")
        self.counters.append(counter)
        before, count, after = self.id("s"), self.id("s"), self.id("s")
        join, split = self.id("g"), self.id("g")
        xml = script(before, "=0", counter) + script(count, f"={counter} + 1", counter)
        xml += script(after, "=1", self.id("v")) + node("exclusiveGateway", join) + inner.xml
        xml += node("exclusiveGateway", split, default=f"{split}_{after}")
        xml += chain(before, join, inner.first) + chain(inner.last, count, split, after)
        xml += flow(split, join, f"={counter} < {rounds}")
        return Drawn(before, after, xml, _times(inner.tasks, rounds))

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
        xml = node("subProcess", name, inside + self.handler(), zeebe=own) + self.aside(name)
        return Drawn(name, name, xml, _times(inner.tasks, times))

    def handler(self) -> str:
        """Perhaps an event subprocess; an interrupting one only where the main line may be cut short."""
        if self.events == PLAIN or not self.likely(0.3):
            return ""
        name, first, task, last = self.id("u"), self.id("a"), self.id("h"), self.id("z")
        interrupts = self.events == ALL and self.likely(0.5)
        begin = node(
            "startEvent", first, self.chance.choice([HOUR, MESSAGE]), isInterrupting=str(interrupts).lower()
        )
        return node(
            "subProcess",
            name,
            begin + user(task) + end(last) + chain(first, task, last),
            triggeredByEvent="true",
        )

    # -- blocks that events cut short: their tasks are not counted --------------------------------------------------

    def either(self, name: str, xml: str, event: str, what: str) -> Drawn:
        """An activity whose interrupting event leads round it."""
        task, join = self.id("h"), self.id("g")
        xml += boundary(event, name, what) + user(task) + node("exclusiveGateway", join)
        return Drawn(name, join, xml + flow(name, join) + chain(event, task, join))

    def instead(self, depth: int) -> Drawn:
        inner = self.sub(depth) if depth > 0 else self.task(depth)
        return self.either(inner.first, inner.xml, self.id("b"), self.chance.choice([HOUR, MESSAGE]))

    def thrown(self, depth: int) -> Drawn:
        """A subprocess of which one arm ends in an error; an event subprocess inside may catch it first."""
        name, first, split, good, bad = self.id("u"), self.id("a"), self.id("g"), self.id("z"), self.id("z")
        inner, throws = self.block(depth), self.likely(0.5)
        inside = start(first) + node("exclusiveGateway", split, default=f"{split}_{inner.first}") + inner.xml
        inside += end(good) + end(bad, ERROR) + chain(first, split, inner.first) + chain(inner.last, good)
        inside += flow(split, bad, f"={str(throws).lower()}")
        if self.likely(0.3):
            catch, begin, task, last = self.id("u"), self.id("a"), self.id("h"), self.id("z")
            body = node("startEvent", begin, ERROR) + user(task) + end(last) + chain(begin, task, last)
            inside += node("subProcess", catch, body, triggeredByEvent="true")
        loop, _ = self.items()
        return self.either(name, node("subProcess", name, loop + inside), self.id("b"), ERROR)

    def cancelled(self, depth: int) -> Drawn:
        """A transaction of which one arm cancels it."""
        name, first, split, good, bad = self.id("u"), self.id("a"), self.id("g"), self.id("z"), self.id("z")
        inner, cancels = self.block(depth), self.likely(0.5)
        inside = start(first) + node("parallelGateway", split) + inner.xml + end(good)
        choice, other = self.id("g"), self.id("z")
        inside += node("exclusiveGateway", choice, default=f"{choice}_{other}") + end(other)
        inside += end(bad, "<cancelEventDefinition/>") + flow(choice, bad, f"={str(cancels).lower()}")
        inside += chain(first, split, inner.first) + chain(inner.last, good) + chain(split, choice, other)
        loop, _ = self.items()
        return self.either(
            name, node("transaction", name, loop + inside), self.id("b"), "<cancelEventDefinition/>"
        )

    def escalated(self, depth: int) -> Drawn:
        """A subprocess that escalates halfway or at its end; it is cut short or goes on."""
        name, first, middle, last = self.id("u"), self.id("a"), self.id("i"), self.id("z")
        inner, interrupts = self.block(depth), self.likely(0.5)
        inside = start(first) + inner.xml + end(last, self.chance.choice(["", ESCALATION]))
        inside += node("intermediateThrowEvent", middle, ESCALATION)
        inside += chain(first, middle, inner.first) + chain(inner.last, last)
        xml = node("subProcess", name, inside)
        if interrupts:
            return self.either(name, xml, self.id("b"), ESCALATION)
        event, task, stop = self.id("b"), self.id("h"), self.id("e")
        xml += boundary(event, name, ESCALATION, interrupting=False) + user(task) + end(stop)
        return Drawn(name, name, xml + chain(event, task, stop))

    def job(self, depth: int) -> Drawn:
        name = self.id("j")
        xml = node("serviceTask", name, zeebe='<zeebe:taskDefinition type="werk"/>')
        return self.either(name, xml, self.id("b"), ERROR)

    def race(self, depth: int) -> Drawn:
        """An event-based gateway: a timer against a message."""
        split, join, late, told = self.id("g"), self.id("g"), self.id("i"), self.id("i")
        a, b = self.block(depth), self.block(depth)
        xml = node("eventBasedGateway", split) + node("exclusiveGateway", join) + a.xml + b.xml
        xml += node("intermediateCatchEvent", late, HOUR) + node("intermediateCatchEvent", told, MESSAGE)
        xml += (
            chain(split, late, a.first)
            + chain(split, told, b.first)
            + flow(a.last, join)
            + flow(b.last, join)
        )
        return Drawn(split, join, xml)

    def wait(self, depth: int) -> Drawn:
        name = self.id("i")
        kind = self.chance.choice(["catch", "receive"])
        if kind == "receive":
            return Drawn(name, name, node("receiveTask", name, messageRef="m"))
        return Drawn(
            name, name, node("intermediateCatchEvent", name, self.chance.choice([HOUR, MESSAGE, SIGNAL]))
        )


def _times(tasks: Counter[str], times: int) -> Counter[str]:
    return Counter({name: count * times for name, count in tasks.items()})


def model(seed: int, events: str = PLAIN, depth: int = 4) -> Model:
    """The model of a seed: always the same one."""
    drawing = Drawing(Random(seed), events)
    body = drawing.sequence(depth)
    whole = start("begin") + body.xml + end("einde") + chain("begin", body.first) + chain(body.last, "einde")
    return Model(bpmn(whole, roots=ROOTS), drawing.called, body.tasks)
