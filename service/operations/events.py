"""What other systems may be told of: that something happened to a key, never what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType

from service.config import Webhook
from service.domain import Fact, new_key
from service.operations import outgoing, runtime
from service.store.rows import Session

#: Kind of a fact -> type of the event. Nothing about consent, notes, the noodknop or who looked leaves the house.
TYPES = MappingProxyType(
    {
        "casus:opened": "nl.sluitend.casus.opened",
        "incident:raised": "nl.sluitend.incident.raised",
        "incident:resolved": "nl.sluitend.incident.resolved",
        "instance:completed": "nl.sluitend.instance.completed",
        "instance:resumed": "nl.sluitend.instance.resumed",
        "instance:started": "nl.sluitend.instance.started",
        "instance:suspended": "nl.sluitend.instance.suspended",
        "instance:terminated": "nl.sluitend.instance.terminated",
        "task:assigned": "nl.sluitend.task.assigned",
        "task:cancelled": "nl.sluitend.task.cancelled",
        "task:completed": "nl.sluitend.task.completed",
        "task:created": "nl.sluitend.task.created",
        "task:unassigned": "nl.sluitend.task.unassigned",
        "timer:fired": "nl.sluitend.timer.fired",
    }
)


def tell(
    session: Session,
    process_id: str,
    instance_key: int,
    casus_key: int | None,
    facts: Iterable[Fact],
    at: datetime,
) -> None:
    """Let the systems that asked for these events be told, when this transaction is committed."""
    hooks = runtime.current().settings.webhooks
    if not hooks:
        return
    place = {"processDefinitionId": process_id, "processInstanceKey": str(instance_key)}
    if casus_key is not None:
        place["casusKey"] = str(casus_key)
    events = [_event(fact, place, at) for fact in facts if fact.kind in TYPES]
    outgoing.add(
        session,
        [
            ("event", hook.name, event)
            for event in events
            for hook in hooks
            if wanted(hook, str(event["type"]))
        ],
        at,
    )


def wanted(hook: Webhook, kind: str) -> bool:
    """Whether a system asked for events of a type; `nl.sluitend.task.*` asks for all of a noun."""
    return any(kind == one or (one.endswith(".*") and kind.startswith(one[:-1])) for one in hook.types)


def _event(fact: Fact, place: dict[str, str], at: datetime) -> dict[str, object]:
    data = dict(place)
    if fact.element:
        data["elementId"] = fact.element
    task = fact.data.get("task")
    if isinstance(task, str) and task.isdecimal():
        data["userTaskKey"] = task
    return {
        "specversion": "1.0",
        "id": str(new_key(at)),
        "source": outgoing.address(),
        "type": TYPES[fact.kind],
        "subject": place["processInstanceKey"],
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
