"""Processes with one service task of our own worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from sqlalchemy import text

from service.domain import Actor
from service.operations import deployments, incidents, instances
from service.operations.records import InstanceRecord, Query
from service.store.scopes import WORKER
from service.store.session import transaction
from tests.operations import proef

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="test">"""


def work(kind: str, headers: dict[str, str], inputs: dict[str, str], retries: int = 3) -> str:
    """The extension elements of a service task; inputs are FEEL."""
    told = "".join(f"<zeebe:header key={quoteattr(k)} value={quoteattr(v)} />" for k, v in headers.items())
    given = "".join(
        f"<zeebe:input source={quoteattr('=' + v)} target={quoteattr(k)} />" for k, v in inputs.items()
    )
    return (
        f'<bpmn:extensionElements><zeebe:taskDefinition type="{kind}" retries="{retries}" />'
        f"<zeebe:taskHeaders>{told}</zeebe:taskHeaders><zeebe:ioMapping>{given}</zeebe:ioMapping>"
        "</bpmn:extensionElements>"
    )


def technical(
    process_id: str, kind: str, headers: dict[str, str], inputs: dict[str, str], retries: int = 3
) -> bytes:
    """The task, with a boundary event that catches the error `geen_adres`."""
    return f"""{_HEAD}
  <bpmn:process id="{process_id}" name="Werk" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:serviceTask id="werk" name="Werk">{work(kind, headers, inputs, retries)}
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:boundaryEvent id="gevangen" attachedToRef="werk"><bpmn:outgoing>f4</bpmn:outgoing><bpmn:errorEventDefinition id="ee" errorRef="fout" /></bpmn:boundaryEvent>
    <bpmn:endEvent id="klaar"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="anders"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="werk" /><bpmn:sequenceFlow id="f2" sourceRef="werk" targetRef="klaar" />
    <bpmn:sequenceFlow id="f4" sourceRef="gevangen" targetRef="anders" />
  </bpmn:process>
  <bpmn:error id="fout" errorCode="geen_adres" />
</bpmn:definitions>""".encode()


def regional(process_id: str, headers: dict[str, str], letter: bytes, kind: str = "mail") -> dict[str, bytes]:
    """The small regional process with a mail before its decision, and a letter in its folder."""
    files = proef.files()
    diagram = proef.DIAGRAM.replace('id="proef"', f'id="{process_id}"')
    diagram = diagram.replace(
        '<bpmn:sequenceFlow id="f6" sourceRef="Samen" targetRef="Besluit" />',
        f'<bpmn:serviceTask id="Bericht" name="Bericht sturen">{work(kind, headers, {})}'
        "<bpmn:incoming>f6</bpmn:incoming><bpmn:outgoing>f6b</bpmn:outgoing></bpmn:serviceTask>"
        '<bpmn:sequenceFlow id="f6" sourceRef="Samen" targetRef="Bericht" />'
        '<bpmn:sequenceFlow id="f6b" sourceRef="Bericht" targetRef="Besluit" />',
    )
    diagram = diagram.replace(
        "<bpmn:incoming>f6</bpmn:incoming><bpmn:outgoing>f7</bpmn:outgoing></bpmn:userTask>",
        "<bpmn:incoming>f6b</bpmn:incoming><bpmn:outgoing>f7</bpmn:outgoing></bpmn:userTask>",
    ).replace(
        "<bpmn:flowNodeRef>Splits</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>Splits</bpmn:flowNodeRef><bpmn:flowNodeRef>Bericht</bpmn:flowNodeRef>",
    )
    files["proces.bpmn"] = diagram.encode()
    files["proces.toml"] = files["proces.toml"].replace(b'id = "proef"', f'id = "{process_id}"'.encode())
    for name in ("voorbeelden/plek.toml", "voorbeelden/geen.toml"):
        before = b'[[stap]]\ntaak = "Besluit"'
        files[name] = files[name].replace(before, b'[[stap]]\nopdracht = "Bericht"\n\n' + before)
    return files | {"brieven/bericht.md": letter}


def feel(value: object) -> str:
    """A plain value as FEEL writes it."""
    return json.dumps(value)


def forget_jobs() -> None:
    """What a test left failed or waiting is not taken by the next one."""
    with transaction(WORKER) as session:
        session.execute(text("UPDATE job SET state = 'CANCELED' WHERE state = 'CREATED'"))


def begin(
    api: Actor, kind: str, told: dict[str, str], inputs: Mapping[str, object] | None = None, retries: int = 3
) -> InstanceRecord:
    """A technical process with one task of this type; inputs are plain values."""
    given = {name: feel(value) for name, value in (inputs or {}).items()}
    deployments.deploy(api, {"werk.bpmn": technical("eigen_werk", kind, told, given, retries)})
    return instances.create(api, process_id="eigen_werk", variables={"nummer": 7})


def stands(api: Actor, instance: InstanceRecord) -> tuple[str, bool]:
    found = instances.get(api, instance.key)
    return found.state, found.has_incident


def why(api: Actor, instance: InstanceRecord) -> str:
    page = incidents.search(api, Query(filters={"instance_key": {"$eq": instance.key}}))
    return page.items[-1].message


def variables(api: Actor, instance: InstanceRecord) -> dict[str, Any]:
    page = instances.variables(api, Query(filters={"instance_key": {"$eq": instance.key}}))
    return {one.name: one.value for one in page.items}
