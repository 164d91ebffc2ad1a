"""The workload of `sluitend bench`: what programs ask of a running server, timed from outside."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from service.errors import ServiceError

PREFIX = "sluitend_meting"  # of the ids of what is deployed for it
_BATCH = 40  # instances that one client starts before it completes them
_TERM = 3  # seconds
_SECONDS = 30.0
_IDLE = 5.0  # seconds


class BenchRefused(ServiceError):
    """Expected a server that answers, and an account that may operate technical processes."""

    code = "bench-refused"


@dataclass(frozen=True, kw_only=True)
class Target:
    """The server, and as whom it is asked."""

    address: str
    login: str
    password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table; seconds, or a number per second."""

    name: str
    clients: int
    rate: float  # per second
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None


class Caller:
    """One client with one connection that stays open."""

    def __init__(self, target: Target) -> None:
        parts = urlsplit(target.address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BenchRefused("Expected an address such as https://sluitend.voorbeeld.nl")
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self._to: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=_SECONDS, context=context
            )
        else:
            self._to = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_SECONDS)
        token = base64.b64encode(f"{target.login}:{target.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}"}
        self._used = time.monotonic()

    def call(self, method: str, path: str, body: object = None, kind: str = "application/json") -> Any:
        """Ask, and read the whole answer. Raises BenchRefused for a refusal."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        if time.monotonic() - self._used > _IDLE:
            self._to.close()  # the server may have let go of it; the next request connects anew
        try:
            self._to.request(method, path, data, {**self._headers, "Content-Type": kind})
            answer = self._to.getresponse()
            content = answer.read()
            self._used = time.monotonic()
        except (OSError, http.client.HTTPException) as error:
            raise BenchRefused(f"Expected a server that answers, but: {error}") from error
        if answer.status in {401, 403, 429}:
            raise BenchRefused(
                "Expected an account that may operate technical processes (role api), and its password"
            )
        if answer.status >= 300:
            raise BenchRefused(f"Expected {method} {path} to succeed, but it is {answer.status}")
        return json.loads(content) if content[:1] in {b"{", b"["} else None

    def start(self, process: str, **variables: object) -> str:
        """Start an instance; gives its key."""
        body = {"processDefinitionId": f"{PREFIX}_{process}", "variables": variables}
        return str(self.call("POST", "/v2/process-instances", body)["processInstanceKey"])

    def tasks(self, process: str, keys: Sequence[str]) -> list[str]:
        """The open tasks of these instances."""
        body = {
            "filter": {
                "processDefinitionId": f"{PREFIX}_{process}",
                "processInstanceKey": {"$in": list(keys)},
                "state": "CREATED",
            },
            "page": {"limit": len(keys)},
        }
        return [str(one["userTaskKey"]) for one in self.call("POST", "/v2/user-tasks/search", body)["items"]]

    def complete(self, task: str) -> None:
        """Complete a task."""
        self.call("POST", f"/v2/user-tasks/{task}/completion", {"variables": {"aantal": 3}})


@contextmanager
def prepared(target: Target) -> Iterator[None]:
    """The processes of the workload, deployed; afterwards nothing of them runs."""
    caller = Caller(target)
    caller.call("GET", "/v2/topology")
    _deploy(caller)
    try:
        yield
    finally:
        _clean(caller)


def one_task(target: Target, clients: int, seconds: float, tasks: int = 1) -> tuple[Figure, Figure]:
    """Instances of one task (or of three in a row) per second, and how long a completion takes."""
    process, waited = ("taak", []) if tasks == 1 else ("drie", [])
    done = [0] * clients
    working = [0.0] * clients

    def work(number: int, until: float) -> None:
        caller = Caller(target)
        while time.perf_counter() < until:
            began = time.perf_counter()
            keys = [caller.start(process) for _ in range(_BATCH)]
            working[number] += time.perf_counter() - began
            for _ in range(tasks):
                for task in caller.tasks(process, keys):  # looking them up is no part of the work
                    before = time.perf_counter()
                    caller.complete(task)
                    waited.append(time.perf_counter() - before)
                    working[number] += waited[-1]
            done[number] += len(keys)

    _together(clients, seconds, work)
    rate = sum(count / spent for count, spent in zip(done, working, strict=True) if spent)
    name = "start + complete one user task" if tasks == 1 else "instance of three user tasks"
    whole = Figure(name=name, clients=clients, rate=rate)
    submits = len(waited) / (sum(waited) / clients) if waited else 0.0
    return whole, _figure("submit", clients, submits, waited)


def listing(target: Target, clients: int, seconds: float) -> Figure:
    """The first 50 open tasks."""
    body = {"filter": {"state": "CREATED"}, "page": {"limit": 50}}
    return _repeated("list of 50 tasks", target, clients, seconds, "/v2/user-tasks/search", body)


def publishing(target: Target, clients: int, seconds: float) -> Figure:
    """Messages that are kept for a moment and reach nobody."""
    body = {"name": f"{PREFIX}_bericht", "correlationKey": "niemand", "timeToLive": 0}
    return _repeated("publish a message", target, clients, seconds, "/v2/messages/publication", body)


def timers(target: Target, count: int) -> Figure:
    """So many terms that end at once: per second that the worker fired, and how late."""
    caller = Caller(target)
    probe = caller.start("termijn", tot="2100-01-01T00:00:00Z")  # whose clock counts is the server's
    begun = caller.call("GET", f"/v2/process-instances/{probe}")["startDate"]
    due = datetime.fromisoformat(begun) + timedelta(seconds=_TERM + count // 50)
    keys = [caller.start("termijn", tot=due.isoformat()) for _ in range(count)]
    wanted = {"filter": {"processInstanceKey": {"$in": keys}, "state": "COMPLETED"}, "page": {"limit": count}}
    deadline = time.monotonic() + _SECONDS * 4
    while True:
        items = caller.call("POST", "/v2/process-instances/search", wanted)["items"]
        if len(items) == count:
            break
        if time.monotonic() > deadline:
            raise BenchRefused("Expected a worker that fires timers, but they do not come")
        time.sleep(0.2)
    late = [(datetime.fromisoformat(one["endDate"]) - due).total_seconds() for one in items]
    return _figure("due timers, late", 1, count / max(*late, 0.001), late)


def _repeated(name: str, target: Target, clients: int, seconds: float, path: str, body: object) -> Figure:
    waited: list[float] = []

    def work(_number: int, until: float) -> None:
        caller = Caller(target)
        while time.perf_counter() < until:
            before = time.perf_counter()
            caller.call("POST", path, body)
            waited.append(time.perf_counter() - before)

    took = _together(clients, seconds, work)
    return _figure(name, clients, len(waited) / took, waited)


def _together(clients: int, seconds: float, work: Callable[[int, float], None]) -> float:
    """Let so many work side by side; gives the seconds that it took. Raises what stopped one of them."""
    until, wrong = time.perf_counter() + seconds, []

    def run(number: int) -> None:
        try:
            work(number, until)
        except BenchRefused as refusal:
            wrong.append(refusal)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return time.perf_counter() - began


def _figure(name: str, clients: int, rate: float, waited: Sequence[float]) -> Figure:
    if len(waited) < 2:
        return Figure(name=name, clients=clients, rate=rate)
    cuts = statistics.quantiles(waited, n=100)
    return Figure(name=name, clients=clients, rate=rate, p50=cuts[49], p95=cuts[94], p99=cuts[98])


def _clean(caller: Caller) -> None:
    body = {
        "filter": {"processDefinitionId": {"$like": f"{PREFIX}*"}, "state": "ACTIVE"},
        "page": {"limit": 100},
    }
    while items := caller.call("POST", "/v2/process-instances/search", body)["items"]:
        for one in items:
            caller.call("POST", f"/v2/process-instances/{one['processInstanceKey']}/cancellation", {})


def _deploy(caller: Caller) -> None:
    boundary = "sluitend-bench"
    parts = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="resources"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in _files().items()
    )
    kind = f"multipart/form-data; boundary={boundary}"
    caller.call("POST", "/v2/deployments", parts + f"--{boundary}--\r\n".encode(), kind)


def _files() -> dict[str, bytes]:
    """A task with a form and a decision after it, three tasks in a row, and a term."""
    form = {
        "id": f"{PREFIX}_vraag",
        "type": "default",
        "schemaVersion": 19,
        "components": [
            {"type": "number", "key": "aantal", "label": "Aantal", "id": "v1", "validate": {"max": 100}}
        ],
    }
    return {
        "taak.bpmn": _process("taak", _tasks(1)),
        "drie.bpmn": _process("drie", _tasks(3)),
        "termijn.bpmn": _process("termijn", [_TIMER]),
        "vraag.form": json.dumps(form).encode(),
    }


_TIMER = (
    '<bpmn:intermediateCatchEvent id="{id}">{flows}<bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDate>=tot</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)


def _tasks(count: int) -> list[str]:
    task = (
        '<bpmn:userTask id="{id}" name="{id}"><bpmn:extensionElements><zeebe:userTask />'
        f'<zeebe:formDefinition formId="{PREFIX}_vraag" /></bpmn:extensionElements>{{flows}}</bpmn:userTask>'
    )
    return [task] * count


def _process(name: str, nodes: Sequence[str]) -> bytes:
    """Nodes in a row, then a choice between two ends."""
    ids = ["begin", *(f"stap_{place}" for place in range(len(nodes))), "keuze"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{place}" sourceRef="{one}" targetRef="{ids[place + 1]}" />'
        for place, one in enumerate(ids[:-1])
    )
    middle = "".join(
        node.format(
            id=ids[place + 1],
            flows=f"<bpmn:incoming>f{place}</bpmn:incoming><bpmn:outgoing>f{place + 1}</bpmn:outgoing>",
        )
        for place, node in enumerate(nodes)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="sluitend">
  <bpmn:process id="{PREFIX}_{name}" name="Meting {name}" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f0</bpmn:outgoing></bpmn:startEvent>{middle}
    <bpmn:exclusiveGateway id="keuze" default="anders"><bpmn:incoming>f{len(ids) - 2}</bpmn:incoming><bpmn:outgoing>veel</bpmn:outgoing><bpmn:outgoing>anders</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:endEvent id="e1"><bpmn:incoming>veel</bpmn:incoming></bpmn:endEvent><bpmn:endEvent id="e2"><bpmn:incoming>anders</bpmn:incoming></bpmn:endEvent>
    {flows}<bpmn:sequenceFlow id="veel" sourceRef="keuze" targetRef="e1"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=aantal != null and aantal &gt; 10</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="anders" sourceRef="keuze" targetRef="e2" />
  </bpmn:process>
</bpmn:definitions>""".encode()
