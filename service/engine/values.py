"""The values that cross the engine's border: what a diagram says, and where an instance stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from service.clock import Clock
from service.domain import Fact, Finding, Json

EMPTY: Mapping[str, Any] = MappingProxyType({})


def _empty() -> Mapping[str, Any]:
    return EMPTY


@dataclass(frozen=True, kw_only=True)
class Host:
    """What every move is given: the present moment and the functions that FEEL may call."""

    clock: Clock
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=_empty)
    instance: str = ""  # what an error calls the instance


@dataclass(frozen=True, kw_only=True)
class Mapping_:
    """One line of an ioMapping."""

    source: str  # as written, a leading "=" marks FEEL
    target: str  # variable name, dots make nested objects


@dataclass(frozen=True, kw_only=True)
class Loop:
    """How often an activity is done: over a collection, or while a condition holds."""

    sequential: bool = False
    collection: str = ""  # FEEL list; "" for a standard loop
    item: str = ""  # variable that holds the item
    output_collection: str = ""
    output_element: str = ""  # FEEL, evaluated in the item's scope
    until: str = ""  # completion condition of a multi-instance
    repeat: str = ""  # standard loop: go on while this is true
    test_before: bool = False
    maximum: int | None = None  # standard loop: at most this many rounds


@dataclass(frozen=True, kw_only=True)
class Event:
    """What an event waits for or does."""

    kind: str  # none timer message signal error escalation terminate link cancel
    id: str = ""
    name: str = ""  # message or signal name, link name
    code: str = ""  # error or escalation code; "" catches every code
    timer: str = ""  # date duration cycle
    text: str = ""  # the timer's text
    correlation_key: str = ""


@dataclass(frozen=True, kw_only=True)
class Element:
    """One flow node as the diagram describes it. Texts are as written; a leading "=" marks FEEL."""

    id: str
    kind: str  # the BPMN tag: userTask, startEvent, exclusiveGateway, ...
    name: str = ""
    lane: str = ""  # id of the lane; also for elements nested in a subprocess of that lane
    parent: str = ""  # id of the enclosing subprocess, "" in the process itself
    form_id: str = ""
    called_decision: str = ""
    result_variable: str = ""
    called_element: str = ""
    called_binding: str = "latest"  # latest deployment versionTag
    called_tag: str = ""  # the version tag that a versionTag binding names
    propagate_children: bool = True
    propagate_parents: bool = True
    script: str | None = None
    job_type: str = ""
    job_retries: str = "3"
    headers: Mapping[str, str] = field(default_factory=_empty)
    assignee: str = ""
    candidate_groups: str = ""
    candidate_users: str = ""
    due_date: str = ""
    follow_up_date: str = ""
    priority: str = ""
    inputs: tuple[Mapping_, ...] = ()
    outputs: tuple[Mapping_, ...] = ()
    properties: Mapping[str, str] = field(default_factory=_empty)
    documentation: str = ""
    loop: Loop | None = None
    event: Event | None = None
    attached_to: str = ""
    interrupting: bool = True
    triggered_by_event: bool = False
    default_flow: str = ""

    @property
    def is_subprocess(self) -> bool:
        """Whether other elements stand inside it."""
        return self.kind in {"subProcess", "transaction"}


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One sequence flow."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""  # FEEL with its leading "=", "" when there is none


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One lane with the flow nodes it holds, nested ones included."""

    id: str
    name: str
    elements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StartEvent:
    """One way to start the process."""

    element: str
    kind: str  # none message timer signal
    name: str = ""  # the event's own name
    form_id: str = ""
    message: str = ""  # message or signal name
    timer: str = ""  # date duration cycle
    text: str = ""


MARK = "@"  # between the name of a spec and its version; no XML id holds it


def versioned(name: str, version: str) -> str:
    """The name of a spec among those of all deployments; `version` "" is the deployment of the process itself."""
    return f"{name}{MARK}{version}" if version else name


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Which version of a process of another deployment a call activity means; "" is the caller's own deployment."""

    newest: Mapping[str, str] = field(default_factory=_empty)  # process id to version
    tagged: Mapping[tuple[str, str], str] = field(
        default_factory=dict
    )  # process id and version tag to version
    versions: frozenset[str] = frozenset()

    def version(self, element: Element, name: str, own: str) -> str | None:
        """The version that `element` calls from a process of version `own`; None when no version has its tag."""
        if element.called_binding == "deployment":
            return own
        if element.called_binding == "versionTag":
            return self.tagged.get((name, element.called_tag))
        return self.newest.get(name, own)


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """One process, read once, frozen and shared by all its instances and threads."""

    process_id: str
    name: str
    findings: tuple[Finding, ...]
    elements: Mapping[str, Element]
    lanes: tuple[Lane, ...]
    flows: Mapping[str, Flow]
    start_events: tuple[StartEvent, ...]
    fingerprint: str
    names_read: frozenset[str]
    names_written: frozenset[str]
    version_tag: str = ""
    runnable: bool = False  # False: `start` refuses with the findings
    specs: Mapping[str, Any] = field(
        default_factory=_empty, repr=False
    )  # the engine's own; nobody else reads it
    decisions: Mapping[str, bytes] = field(default_factory=_empty, repr=False)  # decision id to DMN file
    decision_files: tuple[bytes, ...] = field(default=(), repr=False)
    calls: Calls = field(default_factory=Calls, repr=False)


@dataclass(frozen=True, kw_only=True)
class OpenTask:
    """A user task that waits for somebody."""

    token: int
    element: str
    name: str
    process_id: str  # the called process's id when the task is inside a call activity
    version: str = ""  # of a called process of another deployment
    lane: str = ""
    form_id: str = ""
    assignee: str = ""
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work that waits for a program."""

    token: int
    element: str
    process_id: str
    type: str
    retries: int
    headers: Mapping[str, str] = field(default_factory=_empty)


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A token that waits for a message or signal."""

    token: int
    element: str
    kind: str  # message signal
    name: str
    correlation_key: str = ""


@dataclass(frozen=True, kw_only=True)
class Incident:
    """A token that cannot go on until somebody mends the cause and retries."""

    token: int
    element: str
    error_type: str  # as Camunda 8 names them, e.g. EXTRACT_VALUE_ERROR
    message: str


@dataclass(frozen=True, kw_only=True)
class Thrown:
    """A message or signal that this instance sent out; the caller passes it on."""

    kind: str  # message signal
    name: str
    element: str
    correlation_key: str = ""
    variables: Mapping[str, Json] = field(default_factory=_empty)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where an instance stands after one move."""

    state: bytes  # opaque; restored by the next move
    variables: Mapping[str, Json]  # root scope
    ready: Callable[[], tuple[tuple[OpenTask, ...], tuple[Job, ...]]]  # asked once, when somebody looks
    subscriptions: tuple[Subscription, ...]
    wakes_at: datetime | None  # UTC; None when no timer is running
    incidents: tuple[Incident, ...]
    facts: tuple[Fact, ...]  # in the order in which they happened
    thrown: tuple[Thrown, ...] = ()
    ended: str | None = None  # None COMPLETED TERMINATED
    outcome: str = ""  # id of the last end event of the process itself, or of what interrupted it
    held: bool = False  # suspended: nothing moves until it is resumed

    @property
    def open_tasks(self) -> tuple[OpenTask, ...]:
        """What waits for a person, the oldest first."""
        return self._ready[0]

    @property
    def jobs(self) -> tuple[Job, ...]:
        """What waits for a program, the oldest first."""
        return self._ready[1]

    @cached_property
    def _ready(self) -> tuple[tuple[OpenTask, ...], tuple[Job, ...]]:
        return self.ready()
