"""A small HTTP client with Basic credentials: status, JSON and headers of every answer."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

BOUNDARY = "----sluitend-test"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    kind: str
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """Calls one site as one account."""

    address: str
    login: str = "api.zilverbeek@demo.invalid"
    password: str = "demo"

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send JSON (or bytes as they are) and read the answer, refusals too."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        given = {**self.credentials(), "Content-Type": "application/json", **headers}
        request = urllib.request.Request(self.address + path, data=data, method=method, headers=given)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers.get_content_type(), answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.headers.get_content_type(), refused.read())

    def credentials(self) -> dict[str, str]:
        """The Authorization header."""
        token = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {token}"}

    def deploy(self, **files: bytes) -> Answer:
        """Deploy files, given by name with `_` for the last dot: process_bpmn=b"…"."""
        parts = b""
        for name, content in files.items():
            filename = ".".join(name.rsplit("_", 1))
            head = (
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="resources"; filename="{filename}"\r\n'
            )
            parts += f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n"
        body = parts + f"--{BOUNDARY}--\r\n".encode()
        return self.call(
            "POST", "/v2/deployments", body, **{"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        )


def one_task(process_id: str = "een_taak", *, form: str = "vraag", before_end: str = "") -> bytes:
    """A technical process with one user task, a decision on its answer and two ends."""
    extension = f'<bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="{form}" /></bpmn:extensionElements>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="test">
  <bpmn:process id="{process_id}" name="Een taak" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="vragen" name="Vragen">{extension}<bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:exclusiveGateway id="poort" default="f4"><bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing><bpmn:outgoing>f4</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:endEvent id="veel"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="weinig"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
    {before_end}
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="vragen" />
    <bpmn:sequenceFlow id="f2" sourceRef="vragen" targetRef="poort" />
    <bpmn:sequenceFlow id="f3" sourceRef="poort" targetRef="veel"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=aantal &gt; 10</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f4" sourceRef="poort" targetRef="weinig" />
  </bpmn:process>
</bpmn:definitions>""".encode()


FORM = json.dumps(
    {
        "id": "vraag",
        "type": "default",
        "schemaVersion": 19,
        "components": [
            {
                "type": "number",
                "key": "aantal",
                "label": "Aantal",
                "id": "v1",
                "validate": {"required": True, "max": 100},
            }
        ],
    }
).encode()
