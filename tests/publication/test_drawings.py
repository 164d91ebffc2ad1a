"""What a diagram says that would be passed over in silence is told by element, rule, reason and remedy."""

from __future__ import annotations

import pytest

from service.domain import Severity
from tests.engine.diagrams import boundary, bpmn, chain, end, flow, node, start, timer, user
from tests.publication.conftest import Gate

CAMUNDA_7 = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
SIGNAVIO = 'xmlns:signavio="http://www.signavio.com" '
FOREIGN = 'xmlns:ander="http://ander.example/x" '
TWO = start() + node("exclusiveGateway", "x", default="x_b") + user("a") + user("b") + end()


def told(gate: Gate, body: str, roots: str = "", namespace: str = "") -> dict[tuple[str, str], Severity]:
    content = bpmn(body, roots=roots).replace(b"<definitions ", f"<definitions {namespace}".encode())
    found = gate({"proef.bpmn": content}, technical=True)
    assert all(one.reason and one.remedy for one in found)
    return {(one.rule, one.element): one.severity for one in found if one.rule != "formulier-ontbreekt"}


def line(*inside: str) -> str:
    return start() + "".join(inside) + end() + chain("s", "a", "e")


DAY = timer("duration", "P1D")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (line(user("a")) + '<foo id="q"/>', ("bpmn-ongeldig", "q")),
        (line(user("a")) + boundary("r", "a", DAY).replace("true", "maybe"), ("bpmn-ongeldig", "r")),
        (line('<userTask id="a" startQuantity="2"/>'), ("kenmerk-niet-ondersteund", "a")),
        (line('<receiveTask id="a" instantiate="true"/>'), ("kenmerk-niet-ondersteund", "a")),
        (line(user("a")) + boundary("r", "a", '<errorEventDefinition errorRef="weg"/>'), ("verwijzing-onbekend", "r")),
        (line('<receiveTask id="a" messageRef="weg"/>'), ("verwijzing-onbekend", "a")),
        (line(node("intermediateThrowEvent", "a", '<signalEventDefinition id="d" signalRef="weg"/>')), ("verwijzing-onbekend", "a")),
        (line(node("intermediateCatchEvent", "a", "<eventDefinitionRef>d</eventDefinitionRef>")), ("gebeurtenis-gedeeld", "a")),
        (line(user("a")) + '<dataObjectReference id="d" dataObjectRef="weg"/>', ("gegevens-onbekend", "d")),
        (line(user("a", inside="<potentialOwner/>")), ("toewijzing-genegeerd", "a")),
        (start() + node("parallelGateway", "p") + user("a") + user("b") + end() + chain("s", "p", "a", "e") + flow("p", "b", "=x"), ("voorwaarde-niet-toegestaan", "p_b")),
        (start() + user("a") + end() + flow("s", "a", "=x") + chain("a", "e"), ("voorwaarde-niet-toegestaan", "s_a")),
        (start() + user("a") + end() + chain("s", "a") + flow("a", "e", "=x"), ("voorwaarde-zonder-uitweg", "a")),
        (start() + node("exclusiveGateway", "x") + end() + chain("s", "x", "e"), ("gateway-overbodig", "x")),
        (line(node("intermediateCatchEvent", "a", timer("cycle", "R3/PT1H"))), ("timer-herhaalt-niet", "a")),
        (TWO + chain("s", "x") + flow("x", "a", "${ja}") + flow("x", "b") + chain("a", "e") + chain("b", "e"), ("expressie-juel", "x_a")),
        (TWO + chain("s", "x", "b", "e") + chain("a", "e") + flow("x", "a", "ja").replace("<conditionExpression>", '<conditionExpression language="javascript">'), ("expressie-taal", "x_a")),
    ],
)  # fmt: skip
def test_one_slip_is_named_where_it_was_made(gate: Gate, body: str, expected: tuple[str, str]) -> None:
    assert expected in told(gate, body)


def test_another_order_of_children_is_a_remark(gate: Gate) -> None:
    late = '<userTask id="a"><incoming>s_a</incoming><documentation>Uitleg</documentation></userTask>'
    found = told(gate, line(late))
    assert found[("bpmn-afwijking", "a")] is Severity.OPMERKING
    assert Severity.FOUT not in found.values()


@pytest.mark.parametrize(
    ("old", "instead"),
    [
        ('camunda:class="nl.Iets"', "zeebe:taskDefinition"),
        ('camunda:formKey="f"', "zeebe:formDefinition"),
        ('camunda:assignee="noor"', "zeebe:assignmentDefinition"),
        ('camunda:dueDate="P1D"', "zeebe:taskSchedule"),
        ('camunda:asyncBefore="true"', "niets voor in de plaats"),
    ],
)
def test_what_camunda_7_wrote_is_told_with_its_successor(gate: Gate, old: str, instead: str) -> None:
    content = bpmn(line(f'<userTask id="a" {old}/>')).replace(
        b"<definitions ", f"<definitions {CAMUNDA_7}".encode()
    )
    found = [one for one in gate({"proef.bpmn": content}, technical=True) if one.rule == "camunda-7"]
    assert any(
        one.element == "a" and instead in one.remedy and old.split("=")[0] in one.reason for one in found
    )


def test_a_signavio_export_hears_what_to_do(gate: Gate) -> None:
    inside = '<extensionElements><signavio:signavioMetaData metaKey="k" metaValue=""/></extensionElements>'
    found = told(gate, line(f'<manualTask id="a">{inside}</manualTask>'), namespace=SIGNAVIO)
    assert ("signavio-export", "") in found
    assert Severity.FOUT not in found.values()
    plain = bpmn(line("<manualTask id='a'/>")).replace(b'isExecutable="true"', b'isExecutable="false"')
    rules = {
        one.rule
        for one in gate(
            {"p.bpmn": plain.replace(b"<definitions ", b'<definitions exporter="Signavio Process Editor" ')},
            technical=True,
        )
    }
    assert {"signavio-export", "schema-zonder-proces"} <= rules


def test_foreign_extensions_are_kept_and_told_once(gate: Gate) -> None:
    inside = "<extensionElements><ander:ding/><ander:ding/></extensionElements>"
    found = told(
        gate, line(f'<manualTask id="a" ander:kleur="rood">{inside}</manualTask>'), namespace=FOREIGN
    )
    assert found == {("uitbreiding-genegeerd", "a"): Severity.OPMERKING}
