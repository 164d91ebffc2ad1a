"""A small regional process that passes the gate; tests change one thing in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from service.clock import PinnedClock
from service.domain import Finding
from service.publication import Package, check

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="definities" targetNamespace="http://sluitend.example/proef">
  <bpmn:process id="proef" name="Proef" isExecutable="true">
    <bpmn:laneSet id="banen">
      <bpmn:lane id="Lane_school" name="School">
        <bpmn:flowNodeRef>Start</bpmn:flowNodeRef><bpmn:flowNodeRef>Advies</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Keuze</bpmn:flowNodeRef><bpmn:flowNodeRef>Einde_plek</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Einde_geen</bpmn:flowNodeRef><bpmn:flowNodeRef>Wacht</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="Start"><bpmn:outgoing>naar_advies</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Advies" name="Advies geven">
      <bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="advies" /></bpmn:extensionElements>
      <bpmn:incoming>naar_advies</bpmn:incoming><bpmn:outgoing>naar_keuze</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="Keuze" default="naar_wacht">
      <bpmn:incoming>naar_keuze</bpmn:incoming><bpmn:outgoing>naar_plek</bpmn:outgoing><bpmn:outgoing>naar_wacht</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:endEvent id="Einde_plek"><bpmn:incoming>naar_plek</bpmn:incoming></bpmn:endEvent>
    <bpmn:intermediateCatchEvent id="Wacht"><bpmn:incoming>naar_wacht</bpmn:incoming><bpmn:outgoing>naar_geen</bpmn:outgoing>
      <bpmn:timerEventDefinition id="timer"><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="Einde_geen"><bpmn:incoming>naar_geen</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="naar_advies" sourceRef="Start" targetRef="Advies" />
    <bpmn:sequenceFlow id="naar_keuze" sourceRef="Advies" targetRef="Keuze" />
    <bpmn:sequenceFlow id="naar_plek" sourceRef="Keuze" targetRef="Einde_plek">
      <bpmn:conditionExpression>=advies = "plek"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="naar_wacht" sourceRef="Keuze" targetRef="Wacht" />
    <bpmn:sequenceFlow id="naar_geen" sourceRef="Wacht" targetRef="Einde_geen" />
  </bpmn:process>
</bpmn:definitions>
"""

MANIFEST = """
[proces]
id = "proef"
naam = "Proef"
doel = "Een passende plek voor ieder kind."
eigenaar = "procesregisseur"

[rollen]
Lane_school = ["school_ib"]

[start]
wie = ["ouder"]
formulier = "aanmelding"
[start.jeugdige]
voornaam = "voornaam"

[gegevens]
grondslag = "AVG art. 6 lid 1 onder e"
"""

PLACE_FOUND = """
naam = "Plek gevonden"
begint_op = 2027-01-18T09:00:00

[start]
voornaam = "Noor"

[[stap]]
taak = "Advies"
antwoorden = { advies = "" }
geweigerd = ["advies"]

[[stap]]
taak = "Advies"
antwoorden = { advies = "plek" }

[verwacht]
einde = "Einde_plek"
variabelen = { advies = "plek" }
pad = ["Start", "Advies", "Keuze", "naar_plek"]
niet = ["Wacht"]
"""

NO_PLACE = """
naam = "Geen plek"
begint_op = 2027-01-18

[start]
voornaam = "Noor"

[[stap]]
taak = "Advies"
antwoorden = { advies = "geen" }

[[stap]]
open = []

[[stap]]
wacht = "P3D"

[verwacht]
einde = "Einde_geen"
"""


def field(kind: str, key: str, **more: object) -> dict[str, object]:
    properties = {"klasse": "P", "eigenaar": "school_ib"}
    return {"type": kind, "key": key, "label": key.capitalize(), "properties": properties, **more}


def form(id_: str, *components: dict[str, object]) -> bytes:
    whole = {"id": id_, "type": "default", "schemaVersion": 19, "components": list(components)}
    return json.dumps(whole).encode()


ADVICE = field(
    "radio",
    "advies",
    validate={"required": True},
    values=[{"value": "plek", "label": "Plek"}, {"value": "geen", "label": "Geen plek"}],
)

Gate = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def files() -> dict[str, bytes]:
    return {
        "proces.bpmn": DIAGRAM.encode(),
        "proces.toml": MANIFEST.encode(),
        "forms/aanmelding.form": form(
            "aanmelding", field("textfield", "voornaam", validate={"required": True})
        ),
        "forms/advies.form": form("advies", ADVICE),
        "voorbeelden/plek.toml": PLACE_FOUND.encode(),
        "voorbeelden/geen.toml": NO_PLACE.encode(),
        "LEESMIJ.md": b"# Proef",
    }


@pytest.fixture
def gate() -> Gate:
    """Checks files as a regional process, unless told otherwise."""
    clock = PinnedClock(datetime(2027, 1, 14, 11, tzinfo=UTC))

    def pass_gate(files: dict[str, bytes], *, technical: bool = False) -> tuple[Finding, ...]:
        return check(Package(files), functions={}, clock=clock, technical=technical)

    return pass_gate
