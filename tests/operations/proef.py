"""A small regional process for the operations' tests: two advices side by side, a decision, a timer."""

from __future__ import annotations

import json
from datetime import date

MARKER = "zeer-geheime-bevinding-4711"

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="definities" targetNamespace="http://sluitend.example/proef">
  <bpmn:process id="proef" name="Proefproces" isExecutable="true">
    <bpmn:laneSet id="banen">
      <bpmn:lane id="Lane_ouder" name="Ouder"><bpmn:flowNodeRef>Start</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="Lane_school" name="School"><bpmn:flowNodeRef>Advies</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="Lane_arts" name="Jeugdarts"><bpmn:flowNodeRef>Onderzoek</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="Lane_swv" name="SWV">
        <bpmn:flowNodeRef>Splits</bpmn:flowNodeRef><bpmn:flowNodeRef>Samen</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Besluit</bpmn:flowNodeRef><bpmn:flowNodeRef>Keuze</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Wacht</bpmn:flowNodeRef><bpmn:flowNodeRef>Einde_plek</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Einde_geen</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="Start" name="Aangemeld"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:parallelGateway id="Splits"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing><bpmn:outgoing>f3</bpmn:outgoing></bpmn:parallelGateway>
    <bpmn:userTask id="Advies" name="Advies geven">
      <bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="advies" /></bpmn:extensionElements>
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:userTask id="Onderzoek" name="Onderzoek doen">
      <bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="onderzoek" /></bpmn:extensionElements>
      <bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f5</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:parallelGateway id="Samen"><bpmn:incoming>f4</bpmn:incoming><bpmn:incoming>f5</bpmn:incoming><bpmn:outgoing>f6</bpmn:outgoing></bpmn:parallelGateway>
    <bpmn:userTask id="Besluit" name="Advies vaststellen">
      <bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="besluit" /></bpmn:extensionElements>
      <bpmn:incoming>f6</bpmn:incoming><bpmn:outgoing>f7</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="Keuze" default="f9"><bpmn:incoming>f7</bpmn:incoming><bpmn:outgoing>f8</bpmn:outgoing><bpmn:outgoing>f9</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:endEvent id="Einde_plek" name="Plek gevonden"><bpmn:incoming>f8</bpmn:incoming></bpmn:endEvent>
    <bpmn:intermediateCatchEvent id="Wacht" name="Drie dagen"><bpmn:incoming>f9</bpmn:incoming><bpmn:outgoing>f10</bpmn:outgoing>
      <bpmn:timerEventDefinition id="timer"><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="Einde_geen" name="Geen plek"><bpmn:incoming>f10</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="Start" targetRef="Splits" />
    <bpmn:sequenceFlow id="f2" sourceRef="Splits" targetRef="Advies" />
    <bpmn:sequenceFlow id="f3" sourceRef="Splits" targetRef="Onderzoek" />
    <bpmn:sequenceFlow id="f4" sourceRef="Advies" targetRef="Samen" />
    <bpmn:sequenceFlow id="f5" sourceRef="Onderzoek" targetRef="Samen" />
    <bpmn:sequenceFlow id="f6" sourceRef="Samen" targetRef="Besluit" />
    <bpmn:sequenceFlow id="f7" sourceRef="Besluit" targetRef="Keuze" />
    <bpmn:sequenceFlow id="f8" sourceRef="Keuze" targetRef="Einde_plek">
      <bpmn:conditionExpression>=uitkomst = "plek"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f9" sourceRef="Keuze" targetRef="Wacht" />
    <bpmn:sequenceFlow id="f10" sourceRef="Wacht" targetRef="Einde_geen" />
  </bpmn:process>
</bpmn:definitions>
"""

MANIFEST = """
[proces]
id = "proef"
naam = "Proefproces"
doel = "Een passende plek voor ieder kind."
eigenaar = "procesregisseur"

[rollen]
Lane_ouder = ["ouder"]
Lane_school = ["school_ib"]
Lane_arts = ["jeugdarts"]
Lane_swv = ["swv_po", "swv_vo"]

[start]
wie = ["ouder", "swv_po"]
formulier = "aanmelding"
[start.jeugdige]
voornaam = "voornaam"
achternaam = "achternaam"
geboortedatum = "geboortedatum"
woongemeente = "woongemeente"
school = "school"

[gegevens]
grondslag = "AVG art. 6 lid 1 onder e"

[monitor]
feiten = ["gemeente", "uitkomst"]

[[verstrekking]]
bij = "Onderzoek"
van = "jeugdarts"
aan = ["ouder", "jeugdige"]
formulier = "onderzoek"
wat = ["verklaring"]
doel = "Weten wat de arts verklaart."
grondslag = "Leerplichtwet 1969, art. 7"

[[verstrekking]]
bij = "Besluit"
van = "jeugdarts"
aan = ["swv_po"]
formulier = "onderzoek"
wat = ["verklaring"]
doel = "Een passende plek zoeken."
grondslag = "Toestemming"
toestemming = true
"""

SCENARIO = """
naam = "Plek gevonden"
begint_op = 2027-01-18T09:00:00

[start]
voornaam = "Noor"
achternaam = "Bakker"
geboortedatum = "2020-05-01"
woongemeente = "Wilgenveen"
school = "regenboogbrug"

[[stap]]
taak = "Advies"
antwoorden = { advies = "plek", toelichting = "Past goed." }

[[stap]]
taak = "Onderzoek"
antwoorden = { conclusie = "geschikt", bevinding = "Geen." }

[[stap]]
taak = "Besluit"
antwoorden = { uitkomst = "UITKOMST" }

WACHT

[verwacht]
einde = "EINDE"
"""


def field(kind: str, key: str, klasse: str, owner: str, **more: object) -> dict[str, object]:
    properties = {"klasse": klasse, "eigenaar": owner}
    return {"type": kind, "key": key, "label": key.capitalize(), "properties": properties, **more}


def choice(key: str, owner: str, *values: str) -> dict[str, object]:
    options = [{"value": value, "label": value.capitalize()} for value in values]
    return field("radio", key, "P", owner, validate={"required": True}, values=options)


def text(key: str, klasse: str, owner: str) -> dict[str, object]:
    return field("textfield", key, klasse, owner, validate={"required": True})


def form(id_: str, *components: dict[str, object]) -> bytes:
    whole = {"id": id_, "type": "default", "schemaVersion": 19, "components": list(components)}
    return json.dumps(whole).encode()


def scenario(outcome: str, end: str, wait: str = "") -> bytes:
    return SCENARIO.replace("UITKOMST", outcome).replace("EINDE", end).replace("WACHT", wait).encode()


def files() -> dict[str, bytes]:
    """Everything that the gate wants."""
    born = field(
        "datetime",
        "geboortedatum",
        "I",
        "ouder",
        subtype="date",
        dateLabel="Geboortedatum",
        validate={"required": True},
    )
    names = [text(key, "I", "ouder") for key in ("voornaam", "achternaam", "woongemeente", "school")]
    return {
        "proces.bpmn": DIAGRAM.encode(),
        "proces.toml": MANIFEST.encode(),
        "forms/aanmelding.form": form("aanmelding", *names, born),
        "forms/advies.form": form(
            "advies", choice("advies", "school_ib", "plek", "geen"), text("toelichting", "O", "school_ib")
        ),
        "forms/onderzoek.form": form(
            "onderzoek",
            choice("conclusie", "jeugdarts", "geschikt", "nooit"),
            text("bevinding", "M", "jeugdarts"),
            field("textfield", "verklaring", "M", "jeugdarts"),
        ),
        "forms/besluit.form": form("besluit", choice("uitkomst", "swv_po", "plek", "geen")),
        "voorbeelden/plek.toml": scenario("plek", "Einde_plek"),
        "voorbeelden/geen.toml": scenario("geen", "Einde_geen", '[[stap]]\nwacht = "P3D"'),
        "LEESMIJ.md": b"# Proef",
    }


def started(**changed: str) -> dict[str, str]:
    """Answers of the start form for a child of six from Wilgenveen."""
    born = date(2020, 5, 1).isoformat()
    answers = {
        "voornaam": "Noor",
        "achternaam": "Bakker",
        "woongemeente": "Wilgenveen",
        "school": "regenboogbrug",
    }
    return {**answers, "geboortedatum": born, **changed}


TECHNICAL = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="d" targetNamespace="http://sluitend.example/t">
  <bpmn:process id="ID" name="Technisch" isExecutable="true">
    <bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="t1" name="Eerste">
      <bpmn:extensionElements><zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="rmc" /></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:userTask>
    <bpmn:userTask id="t2" name="Tweede">
      <bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements>
      <bpmn:incoming>b</bpmn:incoming><bpmn:outgoing>c</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="e"><bpmn:incoming>c</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="t1" />
    <bpmn:sequenceFlow id="b" sourceRef="t1" targetRef="t2" />
    <bpmn:sequenceFlow id="c" sourceRef="t2" targetRef="e" />
  </bpmn:process>
</bpmn:definitions>
"""


def technical(id_: str = "technisch") -> bytes:
    return TECHNICAL.replace('id="ID"', f'id="{id_}"').encode()
