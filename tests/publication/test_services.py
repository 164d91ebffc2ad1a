"""Service tasks that Sluitend does itself are complete before a process is published, and their answers count."""

from __future__ import annotations

import pytest

from tests.publication.conftest import Gate

Files = dict[str, bytes]
LETTER = b"# Er is nieuws\n\nKijk op {{link}} wat het is.\n"


def with_work(files: Files, kind: str, headers: dict[str, str], condition: str = "") -> Files:
    """The small process with a service task before its choice."""
    told = "".join(f'<zeebe:header key="{name}" value="{value}" />' for name, value in headers.items())
    work = (
        f'<bpmn:serviceTask id="Werk" name="Werk"><bpmn:extensionElements><zeebe:taskDefinition type="{kind}" />'
        f"<zeebe:taskHeaders>{told}</zeebe:taskHeaders></bpmn:extensionElements>"
        "<bpmn:incoming>naar_keuze</bpmn:incoming><bpmn:outgoing>klaar</bpmn:outgoing></bpmn:serviceTask>"
        '<bpmn:sequenceFlow id="naar_keuze" sourceRef="Advies" targetRef="Werk" />'
        '<bpmn:sequenceFlow id="klaar" sourceRef="Werk" targetRef="Keuze" />'
    )
    diagram = files["proces.bpmn"].decode()
    lines = [line for line in diagram.splitlines() if 'sequenceFlow id="naar_keuze"' not in line]
    diagram = "\n".join(lines)
    head, gateway, tail = diagram.partition('<bpmn:exclusiveGateway id="Keuze"')
    tail = tail.replace(
        "<bpmn:incoming>naar_keuze</bpmn:incoming>", "<bpmn:incoming>klaar</bpmn:incoming>", 1
    )
    diagram = head + gateway + tail
    if condition:
        diagram = diagram.replace('=advies = "plek"', condition)
    diagram = diagram.replace(
        "<bpmn:flowNodeRef>Keuze</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>Keuze</bpmn:flowNodeRef><bpmn:flowNodeRef>Werk</bpmn:flowNodeRef>",
    )
    made = files | {"proces.bpmn": diagram.replace("</bpmn:process>", f"{work}</bpmn:process>").encode()}
    for path in [one for one in made if one.startswith("voorbeelden/")]:
        del made[path]
    return made | {"brieven/nieuws.md": LETTER}


def rules(gate: Gate, files: Files) -> set[tuple[str, str]]:
    return {
        (one.rule, one.element) for one in gate(files) if one.element == "Werk" or "variabele" in one.rule
    }


@pytest.mark.parametrize(
    ("kind", "headers", "rule"),
    [
        ("mail", {"sjabloon": "brieven/nieuws.md", "aan": "school_ib"}, ""),
        ("mail", {"onderwerp": "Nieuws", "tekst": "Er is nieuws.", "aan": "school_ib"}, ""),
        ("mail", {"sjabloon": "brieven/anders.md", "aan": "school_ib"}, "mail-onvolledig"),
        ("mail", {"onderwerp": "Nieuws", "aan": "school_ib"}, "mail-onvolledig"),
        ("mail", {"onderwerp": "N", "tekst": "Beste {{ naam }}", "aan": "school_ib"}, "mail-met-gegevens"),
        ("mail", {"sjabloon": "brieven/nieuws.md", "aan": "school_ib rmc"}, "mail-zonder-rol"),
        ("mail", {"sjabloon": "brieven/nieuws.md"}, "mail-zonder-rol"),
        ("http-json", {"url": "https://a.example"}, ""),
        ("http-json", {"method": "GET"}, "aanroep-zonder-adres"),
        ("iets-van-buiten", {}, ""),
    ],
)
def test_what_would_be_an_incident_in_every_case_is_refused(
    files: Files, gate: Gate, kind: str, headers: dict[str, str], rule: str
) -> None:
    assert rules(gate, with_work(files, kind, headers)) == ({(rule, "Werk")} if rule else set())


def test_an_answer_of_another_system_may_be_read(files: Files, gate: Gate) -> None:
    headers = {"url": "https://a.example", "resultVariable": "antwoord"}
    assert rules(gate, with_work(files, "http-json", headers, "=antwoord.status = 200")) == set()
    del headers["resultVariable"]
    found = rules(gate, with_work(files, "http-json", headers, "=antwoord.status = 200"))
    assert found == {("variabele-nooit-geschreven", "naar_plek")}
