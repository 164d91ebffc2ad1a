"""What the orchestration API shows: frozen records of deployments, definitions, instances, tasks, incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from service.domain import DefinitionKey, DeploymentKey, InstanceKey, Json, TaskKey, variable_key

Record = TypeVar("Record")

#: The operators of a search filter, as Camunda 8 names them.
OPERATORS = ("$eq", "$neq", "$exists", "$in", "$notIn", "$like", "$gt", "$gte", "$lt", "$lte")


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search: every filter holds, then sort, then one page.

    filters  field -> operator -> value, e.g. {"state": {"$eq": "CREATED"}}; fields in snake_case of the record
    sort     (field, descending) in order of weight
    """

    filters: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    sort: tuple[tuple[str, bool], ...] = ()
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Record]):
    """One page of a search and the number of all that match."""

    items: tuple[Record, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class DefinitionRecord:
    """A deployed process, form or decision."""

    key: DefinitionKey
    kind: str  # process | form | decision
    id: str
    version: int
    name: str
    resource_name: str
    deployment_key: DeploymentKey
    version_tag: str = ""
    form_id: str = ""  # of a process: form of its start event


@dataclass(frozen=True, kw_only=True)
class DeploymentRecord:
    """A deployment and what it made."""

    key: DeploymentKey
    definitions: tuple[DefinitionRecord, ...]


@dataclass(frozen=True, kw_only=True)
class InstanceRecord:
    """A process instance; `variables` only where the caller asked for them."""

    key: InstanceKey
    definition_key: DefinitionKey
    process_id: str
    process_name: str
    version: int
    state: str  # ACTIVE | SUSPENDED | COMPLETED | TERMINATED
    has_incident: bool
    started_at: datetime
    ended_at: datetime | None
    suspended_at: datetime | None = None
    version_tag: str = ""  # of its process
    variables: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class UserTaskRecord:
    """A user task."""

    key: TaskKey
    name: str
    state: str  # CREATED | COMPLETED | CANCELED
    assignee: str
    element_id: str
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    process_id: str
    process_name: str
    version: int
    definition_key: DefinitionKey
    instance_key: InstanceKey
    form_key: DefinitionKey | None
    token: int
    priority: int
    created_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    follow_up_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ElementRecord:
    """One time that an element of a process was, or is, at work."""

    key: int
    token: int
    element_id: str
    name: str
    type: str  # as Camunda 8 names it: USER_TASK, START_EVENT, PROCESS ...
    state: str  # ACTIVE | COMPLETED | TERMINATED
    started_at: datetime
    ended_at: datetime | None
    incident_key: int | None
    instance_key: InstanceKey
    definition_key: DefinitionKey
    process_id: str

    @property
    def has_incident(self) -> bool:
        """Whether it is stuck."""
        return self.incident_key is not None


@dataclass(frozen=True, kw_only=True)
class FlowRecord:
    """A sequence flow that was taken."""

    id: str
    instance_key: InstanceKey
    definition_key: DefinitionKey
    process_id: str


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """How often an element of an instance began, ended and stopped."""

    element_id: str
    active: int
    canceled: int
    incidents: int
    completed: int


@dataclass(frozen=True, kw_only=True)
class IncidentRecord:
    """Something that stopped at one element."""

    key: int
    instance_key: InstanceKey
    definition_key: DefinitionKey
    process_id: str
    element_id: str
    token: int
    error_type: str
    message: str
    state: str  # ACTIVE | RESOLVED
    created_at: datetime
    job_key: int | None = None  # of the job that failed there


@dataclass(frozen=True, kw_only=True)
class JobRecord:
    """Work of a service task for a program; `variables` only for who took it."""

    key: int
    type: str
    state: str  # CREATED | COMPLETED | FAILED | CANCELED | ERROR_THROWN
    worker: str
    retries: int
    headers: Mapping[str, str]
    deadline: datetime | None
    error_code: str
    error_message: str
    element_id: str
    token: int
    instance_key: InstanceKey
    definition_key: DefinitionKey
    process_id: str
    version: int
    created_at: datetime
    changed_at: datetime | None
    ended_at: datetime | None
    variables: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SubscriptionRecord:
    """A message that an instance waits for."""

    key: int
    instance_key: InstanceKey
    definition_key: DefinitionKey
    process_id: str
    process_name: str
    version: int
    element_id: str
    message_name: str
    correlation_key: str
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class VariableRecord:
    """One process variable in one scope."""

    name: str
    value: Json
    instance_key: InstanceKey

    @property
    def key(self) -> int:
        """A number that stays the same for this variable of this instance: clients want one, no row has it."""
        return variable_key(self.instance_key, self.name)


@dataclass(frozen=True, kw_only=True)
class FormRecord:
    """A form as deployed: its form-js JSON text."""

    key: DefinitionKey
    id: str
    version: int
    schema: str
