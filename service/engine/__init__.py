"""BPMN on SpiffWorkflow: read a diagram, check it, run instances of it. Pure; the only importer of SpiffWorkflow."""

from __future__ import annotations

from service.engine.changing import modify, resume, suspend
from service.engine.library import Apart, extend, versions
from service.engine.migrating import migrate
from service.engine.moves import (
    broadcast,
    cancel,
    complete,
    complete_job,
    deliver,
    fail_job,
    retry,
    set_variables,
    start,
    throw_error,
    visible,
    wake,
)
from service.engine.reading import describe, process_ids, read
from service.engine.starting import Due, first_due, next_due
from service.engine.values import (
    Definition,
    Element,
    Event,
    Flow,
    Host,
    Incident,
    Job,
    Lane,
    OpenTask,
    StartEvent,
    Step,
    Subscription,
    Thrown,
)

__all__ = [
    "Apart",
    "Definition",
    "Due",
    "Element",
    "Event",
    "Flow",
    "Host",
    "Incident",
    "Job",
    "Lane",
    "OpenTask",
    "StartEvent",
    "Step",
    "Subscription",
    "Thrown",
    "broadcast",
    "cancel",
    "complete",
    "complete_job",
    "deliver",
    "describe",
    "extend",
    "fail_job",
    "first_due",
    "migrate",
    "modify",
    "next_due",
    "process_ids",
    "read",
    "resume",
    "retry",
    "set_variables",
    "start",
    "suspend",
    "throw_error",
    "versions",
    "visible",
    "wake",
]
