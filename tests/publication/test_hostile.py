"""Large, deep and hostile files get findings, never an exception; how fast is for bench_gate to say."""

from __future__ import annotations

import pytest

from service.domain import Finding
from tests.engine.diagrams import bpmn, chain, end, flow, node, start
from tests.publication.conftest import Gate

PARALLEL, EXCLUSIVE, INCLUSIVE = "parallelGateway", "exclusiveGateway", "inclusiveGateway"


def check(gate: Gate, content: bytes) -> tuple[Finding, ...]:
    return gate({"groot.bpmn": content}, technical=True)


def task(name: str) -> str:
    return node("manualTask", name)


def wide(kind: str, many: int) -> bytes:
    """One split into many branches and one join."""
    condition = "" if kind == PARALLEL else "=true"
    body = start() + node(kind, "p") + node(kind, "j") + end() + chain("s", "p") + chain("j", "e")
    for i in range(many):
        body += task(f"t{i}") + flow("p", f"t{i}", condition) + flow(f"t{i}", "j")
    return bpmn(body)


def blocks(kind: str, many: int) -> bytes:
    """Block after block of three elements beside a split and a join."""
    body, last = start(), "s"
    for i in range(many):
        body += (
            node(kind, f"p{i}") + task(f"a{i}") + task(f"b{i}") + node(kind, f"j{i}") + flow(last, f"p{i}")
        )
        for arm in "ab":
            body += flow(f"p{i}", f"{arm}{i}", "" if kind == PARALLEL else "=true") + flow(
                f"{arm}{i}", f"j{i}"
            )
        last = f"j{i}"
    return bpmn(body + end() + flow(last, "e"))


def nested(depth: int) -> bytes:
    body = start("s_") + end("e_") + chain("s_", "e_")
    for i in range(depth):
        body = (
            start(f"s{i}")
            + node("subProcess", f"u{i}", body)
            + end(f"e{i}")
            + chain(f"s{i}", f"u{i}", f"e{i}")
        )
    return bpmn(body)


def tangle(many: int) -> bytes:
    """Inclusive gateways, each of which may go to any of the next five or back."""
    body = start() + end() + flow("s", "g0")
    for i in range(many):
        body += node(INCLUSIVE, f"g{i}")
        for step in (-3, 1, 2, 3, 4, 5):
            target = "e" if i + step >= many else f"g{max(i + step, 0)}"
            body += flow(f"g{i}", target, "=true", id=f"f{i}_{step}")
    return bpmn(body)


@pytest.mark.parametrize(
    "content",
    [
        wide(PARALLEL, 2000),
        wide(INCLUSIVE, 2000),
        wide(EXCLUSIVE, 2000),
        blocks(PARALLEL, 500),
        blocks(INCLUSIVE, 500),
        blocks(EXCLUSIVE, 500),
    ],
    ids=lambda content: str(len(content)),
)
def test_two_thousand_elements_are_checked(gate: Gate, content: bytes) -> None:
    found = check(gate, content)
    assert {one.rule for one in found} <= {"samenhang-te-groot", "samenloop-dubbel"}


def test_a_tangle_ends_in_an_honest_remark_or_a_fault(gate: Gate) -> None:
    assert check(gate, tangle(300))


def test_deep_nesting_is_read_or_refused(gate: Gate) -> None:
    assert check(gate, nested(19)) == ()
    assert [one.rule for one in check(gate, nested(60))] == ["subproces-te-diep"]
    assert [one.rule for one in check(gate, nested(300))] == ["xml-onleesbaar"]


def test_five_megabytes_are_read_and_more_are_refused(gate: Gate) -> None:
    filler = "<documentation>" + "a" * 4_900_000 + "</documentation>"
    content = bpmn(filler + start() + end() + chain("s", "e"))
    assert check(gate, content) == ()
    assert [one.rule for one in check(gate, content + b" " * 400_000)] == ["bestand-te-groot"]


def test_five_megabytes_of_foreign_extensions_are_told_once(gate: Gate) -> None:
    inside = "<extensionElements>" + "<q:x/>" * 700_000 + "</extensionElements>"
    content = bpmn(f'<startEvent id="s">{inside}</startEvent>' + end() + chain("s", "e"))
    content = content.replace(b"<definitions ", b'<definitions xmlns:q="http://ander.example/q" ')
    assert [one.rule for one in check(gate, content)] == ["uitbreiding-genegeerd"]


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01",
        b"<",
        "<definitions/>".encode("utf-16"),
        LAUGHS,
        b'<!DOCTYPE x SYSTEM "http://nergens.invalid/x.dtd"><x/>',
        b"<a>" * 100_000,
        b"<a " + b"".join(b'b%d="" ' % i for i in range(100_000)) + b"/>",
        b'<?xml version="1.0" encoding="nergens"?><a/>',
        bpmn(start() + '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
        bpmn("").replace(b"<definitions ", b'<definitions xsi:schemaLocation="http://a.invalid file:///etc/passwd" '),
    ],
    ids=range(11),
)  # fmt: skip
def test_hostile_xml_gets_findings(gate: Gate, content: bytes) -> None:
    found = check(gate, content)
    assert found
    assert all(one.reason and one.remedy and "root:" not in one.reason for one in found)
