"""Transactions: a cancel end event undoes what still runs inside, and leaves by the cancel boundary (BPMN 10.7.4)."""

from __future__ import annotations

import pytest

from service import engine
from tests.engine.diagrams import boundary, bpmn, chain, end, flow, many, node, play, start, timer, user

CANCEL = "<cancelEventDefinition/>"
INSIDE = (
    start("is") + node("parallelGateway", "p") + user("keuze") + user("naast") + boundary("t", "naast", timer("duration", "P1D"))
    + node("exclusiveGateway", "x", default="x_ie") + end("ie") + end("stop", CANCEL) + end("te") + end("ne")
    + chain("is", "p", "keuze", "x", "ie") + chain("p", "naast", "ne") + chain("t", "te") + flow("x", "stop", "=weg = true")
)  # fmt: skip
WHOLE = (
    start() + node("transaction", "tx", INSIDE) + boundary("geannuleerd", "tx", CANCEL) + user("herstel") + user("verder")
    + end() + end("he") + chain("s", "tx", "verder", "e") + chain("geannuleerd", "herstel", "he")
)  # fmt: skip


def test_a_cancelled_transaction_leaves_by_its_boundary_and_nothing_in_it_lives_on() -> None:
    p = play(WHOLE)
    p.complete("keuze", {"weg": True})
    assert (p.open, p.step.wakes_at) == (["herstel"], None)
    assert p.count("element:cancelled") == {"naast": 1, "tx": 1}
    assert p.count("element:completed")["stop"] == 1
    p.complete("herstel")
    assert p.step.ended == "COMPLETED"


def test_without_a_cancellation_it_is_a_subprocess() -> None:
    p = play(WHOLE)
    p.complete("keuze", {"weg": False})
    p.complete("naast")
    assert p.open == ["verder"]


def test_only_the_innermost_transaction_is_undone() -> None:
    inner = start("js") + user("binnen") + end("jstop", CANCEL) + chain("js", "binnen", "jstop")
    outer = (
        start("is")
        + node("transaction", "in", inner)
        + boundary("ib", "in", CANCEL)
        + user("na")
        + end("ie")
        + end("ix")
    )
    outer += chain("is", "in", "ie") + chain("ib", "na", "ix")
    p = play(
        start()
        + node("transaction", "uit", outer)
        + boundary("ub", "uit", CANCEL)
        + end()
        + end("ue")
        + chain("s", "uit", "e")
        + chain("ub", "ue")
    )
    p.complete("binnen")
    assert p.open == ["na"]


def test_each_item_of_a_repeated_transaction_ends_them_all() -> None:
    body = WHOLE.replace(INSIDE, INSIDE + many("=[1,2]", "n"))
    p = play(body)
    assert p.open == ["keuze", "keuze", "naast", "naast"]
    p.complete("keuze", {"weg": True})
    assert p.open == ["herstel"]


@pytest.mark.parametrize(
    ("body", "rule", "element"),
    [
        (start() + user("a") + end("e", CANCEL) + chain("s", "a", "e"), "annulering-buiten-transactie", "e"),
        (WHOLE.replace("transaction", "subProcess"), "annulering-buiten-transactie", "stop"),
        (WHOLE.replace("transaction", "subProcess"), "annulering-buiten-transactie", "geannuleerd"),
        (
            start() + node("transaction", "tx", INSIDE) + end() + chain("s", "tx", "e"),
            "annulering-niet-gevangen",
            "stop",
        ),
    ],
)
def test_a_cancellation_that_means_nothing_is_refused(body: str, rule: str, element: str) -> None:
    found = {(one.rule, one.element) for one in engine.read(bpmn(body)).findings}
    assert (rule, element) in found
