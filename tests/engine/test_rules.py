"""Bad diagrams get findings with an element, a stable rule and a remedy, never an exception or a wrong run."""

from __future__ import annotations

import pytest

from service import engine
from service.domain import Severity
from service.errors import DiagramRejected
from tests.engine.diagrams import boundary, bpmn, chain, end, flow, many, message, node, start, timer, user

PLAIN = start() + user("a") + end() + chain("s", "a", "e")
LINK = '<linkEventDefinition name="l"/>'
MESSAGE = '<messageEventDefinition messageRef="m"/>'
INNER = start("is") + end("ie") + chain("is", "ie")

BAD = {
    "element-niet-ondersteund": ("x", start() + node("complexGateway", "x") + end() + chain("s", "e")),
    "compensatie-niet-ondersteund": ("c", PLAIN + node("task", "c", isForCompensation="true")),
    "gebeurtenis-niet-ondersteund": ("e", start() + end("e", "<compensateEventDefinition/>") + chain("s", "e")),
    "gebeurtenis-meervoudig": ("t", start() + node("intermediateCatchEvent", "t", timer("duration", "P1D") + MESSAGE) + end() + chain("s", "t", "e")),
    "id-dubbel": ("a", PLAIN + user("a")),
    "id-ontbreekt": ("", PLAIN + "<task/>"),
    "element-op-verkeerde-plek": ("b", start() + user("a", inside=user("b")) + end() + chain("s", "a", "e")),
    "start-ontbreekt": ("proces", user("a") + end() + chain("a", "e")),
    "start-meervoudig": ("proces", start() + start("s2") + end() + chain("s", "e") + chain("s2", "e")),
    "randgebeurtenis-los": ("t", PLAIN + boundary("t", "weg", timer("duration", "P1D")) + chain("t", "e")),
    "fout-niet-onderbrekend": ("t", PLAIN + boundary("t", "a", "<errorEventDefinition/>", interrupting=False) + chain("t", "e")),
    "gebeurtenissubproces-met-pijl": ("p", start() + node("subProcess", "p", node("startEvent", "is", timer("duration", "P1D")) + end("ie") + chain("is", "ie"), triggeredByEvent="true") + end() + chain("s", "p", "e")),
    "koppeling-onduidelijk": ("l", start() + node("intermediateThrowEvent", "l", LINK) + chain("s", "l")),
    "verwijzing-ontbreekt": ("a_weg", PLAIN + flow("a", "weg")),
    "pijl-over-grens": ("s_ie", start() + node("subProcess", "p", INNER) + end() + chain("s", "p", "e") + flow("s", "ie")),
    "pijl-naar-begin": ("s", PLAIN + flow("a", "s")),
    "pijl-uit-einde": ("e", PLAIN + flow("e", "a")),
    "pijl-ontbreekt": ("t", PLAIN + boundary("t", "a", timer("duration", "P1D"))),
    "gateway-zonder-pijl": ("x", start() + node("exclusiveGateway", "x") + chain("s", "x")),
    "voorwaarde-ontbreekt": ("x_e", start() + node("exclusiveGateway", "x") + end() + end("f") + chain("s", "x", "e") + flow("x", "f", "=true")),
    "gebeurtenisgateway-doel": ("g_a", start() + node("eventBasedGateway", "g") + user("a") + end() + chain("s", "g", "a", "e")),
    "standaardpijl-onbekend": ("x", start() + node("exclusiveGateway", "x", default="weg") + end() + chain("s", "x", "e")),
    "element-onbereikbaar": ("b", PLAIN + user("b") + chain("b", "e")),
    "beslissing-ontbreekt": ("d", start() + node("businessRuleTask", "d") + end() + chain("s", "d", "e")),
    "beslissing-onbekend": ("d", start() + node("businessRuleTask", "d", zeebe='<zeebe:calledDecision decisionId="weg" resultVariable="r"/>') + end() + chain("s", "d", "e")),
    "aanroep-ontbreekt": ("c", start() + node("callActivity", "c") + end() + chain("s", "c", "e")),
    "werk-ontbreekt": ("w", start() + node("serviceTask", "w") + end() + chain("s", "w", "e")),
    "script-ontbreekt": ("w", start() + node("scriptTask", "w") + end() + chain("s", "w", "e")),
    "herhaling-onvolledig": ("a", start() + user("a", inside="<multiInstanceLoopCharacteristics/>") + end() + chain("s", "a", "e")),
    "herhaling-uitkomst-onvolledig": ("a", start() + user("a", inside=many("=[1]", "n", out="uit")) + end() + chain("s", "a", "e")),
    "timer-leeg": ("t", start() + node("intermediateCatchEvent", "t", "<timerEventDefinition/>") + end() + chain("s", "t", "e")),
    "timer-ongeldig": ("t", start() + node("intermediateCatchEvent", "t", timer("duration", "3 weken")) + end() + chain("s", "t", "e")),
    "bericht-zonder-naam": ("t", start() + node("intermediateCatchEvent", "t", "<messageEventDefinition/>") + end() + chain("s", "t", "e")),
    "correlatiesleutel-ontbreekt": ("t", start() + node("intermediateCatchEvent", "t", MESSAGE) + end() + chain("s", "t", "e")),
    "code-ontbreekt": ("e", start() + end("e", "<errorEventDefinition/>") + chain("s", "e")),
    "expressie-ongeldig": ("s_a", start() + user("a") + end() + flow("s", "a", "=1 +") + chain("a", "e")),
    "camunda-7": ("a", start() + user("a", **{"camunda:formKey": "x"}) + end() + chain("s", "a", "e")),
}  # fmt: skip


@pytest.mark.parametrize("rule", BAD)
def test_a_bad_diagram_is_told_by_name(rule: str) -> None:
    element, body = BAD[rule]
    xml = bpmn(body, roots=message("m", "bericht"))
    definition = engine.read(
        xml.replace(b"<definitions ", b'<definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn" ')
    )
    found = [(f.element, f.rule) for f in definition.findings if f.severity is Severity.FOUT]
    assert (element, rule) in found
    assert all(f.reason and f.remedy for f in definition.findings)
    assert not definition.runnable


def test_a_repetition_on_an_event_is_told_before_it_runs() -> None:
    loop = '<standardLoopCharacteristics loopMaximum="3"/>'
    found = engine.read(
        bpmn(node("startEvent", "s", loop) + user("a") + end() + chain("s", "a", "e"))
    ).findings
    assert [(one.element, one.rule) for one in found if one.severity == Severity.FOUT] == [
        ("s", "element-op-verkeerde-plek")
    ]


def test_a_definition_with_errors_does_not_start() -> None:
    from tests.engine.diagrams import Player

    with pytest.raises(AssertionError):
        Player(engine.read(bpmn(BAD["gateway-zonder-pijl"][1])))


def test_warnings_do_not_stop_a_process() -> None:
    body = start() + node("userTask", "a") + node("exclusiveGateway", "x") + end() + end("f")
    body += chain("s", "a", "x") + flow("x", "e", "=k") + flow("x", "f", "=not(k)")
    definition = engine.read(bpmn(body))
    assert [f.rule for f in definition.findings] == ["standaardpijl-ontbreekt", "taak-zonder-formulier"]
    assert definition.runnable


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b"", "xml-onleesbaar"),
        (b"geen xml", "xml-onleesbaar"),
        (b"<a>\n<b></a>", "xml-onleesbaar"),
        (b"<html/>", "geen-bpmn"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml-doctype"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "xml-doctype"),
        (b"<a>" * 400 + b"</a>" * 400, "xml-onleesbaar"),
        (b" " * (5 * 1024 * 1024 + 1), "bestand-te-groot"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "proces-ontbreekt"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(xml: bytes, rule: str) -> None:
    with pytest.raises(DiagramRejected) as refused:
        engine.read(xml)
    assert [f.rule for f in refused.value.findings] == [rule]


def test_entities_that_swell_are_refused() -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    xml = f'<!DOCTYPE d [<!ENTITY a0 "ha">{lines}]><d>&a8;</d>'
    with pytest.raises(DiagramRejected):
        engine.read(xml.encode())


def test_two_thousand_elements_in_a_row_are_read() -> None:
    """research/engine-spike.md 3: SpiffWorkflow's parser recurses along the flows."""
    names = [f"t{n}" for n in range(2000)]
    body = start() + "".join(node("task", name) for name in names) + end() + chain("s", *names, "e")
    assert engine.read(bpmn(body)).runnable


def test_foreign_extensions_are_ignored() -> None:
    xml = bpmn(
        start()
        + node("task", "a", '<documentation>Uitleg</documentation><x:iets xmlns:x="urn:x" id="y"/>')
        + end()
        + chain("s", "a", "e")
    )
    definition = engine.read(xml)
    assert definition.findings == ()
    assert definition.elements["a"].documentation == "Uitleg"


def test_lanes_reach_into_subprocesses() -> None:
    lanes = '<laneSet id="ls"><lane id="l1" name="School"><flowNodeRef>p</flowNodeRef></lane><lane id="l2" name="SWV"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    inner = start("is") + user("ia") + end("ie") + chain("is", "ia", "ie")
    definition = engine.read(
        bpmn(lanes + start() + node("subProcess", "p", inner) + user("a") + end() + chain("s", "p", "a", "e"))
    )
    assert {lane.id: lane.elements for lane in definition.lanes} == {
        "l1": ("p", "is", "ia", "ie"),
        "l2": ("a",),
    }
    assert definition.elements["ia"].lane == "l1"


def test_names_that_are_read_and_written() -> None:
    body = (
        start()
        + node("scriptTask", "a", zeebe='<zeebe:script expression="=b + 1" resultVariable="c"/>')
        + end()
        + flow("s", "a", "=d")
        + chain("a", "e")
    )
    definition = engine.read(bpmn(body))
    assert definition.names_read >= {"b", "d"}
    assert definition.names_written == {"c"}


def test_the_executable_processes_of_a_file() -> None:
    assert engine.process_ids(bpmn(PLAIN)) == ("proces",)


def test_an_arrow_that_the_file_keeps_elsewhere_still_connects_its_ends() -> None:
    inner = start("is") + end("ie") + flow("a", "e")
    definition = engine.read(
        bpmn(
            start()
            + node("subProcess", "p", inner)
            + user("a")
            + end()
            + chain("s", "p", "a")
            + flow("is", "ie")
        )
    )
    assert definition.findings == ()
    assert definition.runnable
