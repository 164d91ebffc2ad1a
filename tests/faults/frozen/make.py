"""Freeze a database of this release: `python -m tests.faults.frozen.make FOLDER`; done once per release, by hand.

The demo with its cases, and of each way to wait one technical instance. Beside the backup stands its master key: it opens
nothing but invented people.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.api.client import FORM, Client, one_task
from tests.api.test_jobs import diagram
from tests.site import ROOT, demo

FILES = Path(__file__).parent
TERM = "PT1M"  # whoever finishes it comes later

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="test">"""
_TASK = "<bpmn:extensionElements><zeebe:userTask />{more}</bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>"
_TIMER = f'<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>{TERM}</bpmn:timeDuration></bpmn:timerEventDefinition>'
_EACH = '<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" inputElement="n" /></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'


def straight(id_: str, node: str) -> bytes:
    """A process with one node between its start and its end."""
    return f"""{_HEAD}
  <bpmn:process id="{id_}" name="{id_}" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>{node}
    <bpmn:endEvent id="klaar"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="midden" /><bpmn:sequenceFlow id="f2" sourceRef="midden" targetRef="klaar" />
  </bpmn:process>
</bpmn:definitions>""".encode()


PROCESSES = {
    "een_taak": one_task(),
    "werk_wacht": diagram("werk_wacht"),
    "termijn": straight(
        "termijn",
        f'<bpmn:intermediateCatchEvent id="midden"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>{_TIMER}</bpmn:intermediateCatchEvent>',
    ),
    "ieder": straight("ieder", f'<bpmn:userTask id="midden">{_TASK.format(more="")}{_EACH}</bpmn:userTask>'),
    "roept": straight(
        "roept",
        '<bpmn:callActivity id="midden"><bpmn:extensionElements><zeebe:calledElement processId="een_taak" /></bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:callActivity>',
    ),
}


def begin(client: Client, process: str) -> str:
    """Start an instance; gives its key."""
    body = {"processDefinitionId": process, "variables": {"nummer": "bevroren"}}
    answer = client.call("POST", "/v2/process-instances", body)
    if answer.status != 200:
        raise RuntimeError(f"{process}: {answer.body!r}")
    return str(answer.json()["processInstanceKey"])


def main() -> None:
    """Freeze."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o711)
        data = Path(temporary) / "data"
        with demo(data) as site:
            client = Client(site.address)
            deployed = client.deploy(
                **{f"{name}_bpmn": content for name, content in PROCESSES.items()}, vraag_form=FORM
            )
            if deployed.status != 200:
                raise RuntimeError(deployed.body)
            for process in PROCESSES:
                begin(client, process)
            second = begin(client, "werk_wacht")  # of the two, one waits for its message
            body = {
                "type": "werk_wacht",
                "timeout": 1000,
                "maxJobsToActivate": 9,
                "requestTimeout": -1,
                "worker": "w",
            }
            jobs = client.call("POST", "/v2/jobs/activation", body).json()["jobs"]
            done = next(one["jobKey"] for one in jobs if one["processInstanceKey"] == second)
            client.call("POST", f"/v2/jobs/{done}/completion", {})
            for name in ("database.backup", "secret.key"):
                (folder / name).unlink(missing_ok=True)
            subprocess.run(
                [sys.executable, "-m", "service.cli", "backup", str(folder / "database.backup")],
                cwd=ROOT,
                env={**os.environ, "SLUITEND_DATA_DIR": str(data), "SLUITEND_DEMO": "1"},
                check=True,
            )
            (folder / "secret.key").write_bytes((data / "secret.key").read_bytes())


if __name__ == "__main__":
    main()
