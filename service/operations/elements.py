"""The steps of an instance for /v2: which began, which ended, which flows were taken; and variables written at one.

They are read from the history of the instance, which tells each beginning and end: nothing is kept twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from service import engine
from service.access import Permission, Resource
from service.domain import MOST_TOKENS, Actor, DefinitionKey, InstanceKey, Json, element_key
from service.errors import BadRequest, Conflict
from service.operations import catalog, instances, moves, runtime, searches
from service.operations import incidents as stopped
from service.operations.catalog import Process
from service.operations.guard import Work, again, who, working
from service.operations.records import ElementRecord, FlowRecord, IncidentRecord, Page, Query, Statistics
from service.store import casus, facts, incidents
from service.store import instances as rows
from service.store.rows import Found

_ENDS = MappingProxyType(
    {
        "element:completed": "COMPLETED",
        "element:cancelled": "TERMINATED",
        "instance:completed": "COMPLETED",
        "instance:terminated": "TERMINATED",
    }
)
_BEGINS = frozenset({"element:activated", "instance:started"})
_WHOLE = 0  # the token of the process itself: its key is that of the instance


def search(actor: Actor, query: Query) -> Page[ElementRecord]:
    """The steps of one instance, named by a filter on its key."""
    key = query.filters.get("instance_key", {}).get("$eq")
    if not isinstance(key, int):
        raise BadRequest("Expected a filter on processInstanceKey", field="filter.processInstanceKey")
    with working(actor) as work:
        return searches.cut(_steps(work, instances.found(work, key)), query)


def get(actor: Actor, key: int) -> ElementRecord:
    """One step."""
    with working(actor) as work:
        return _one(work, key)


def flows(actor: Actor, key: int) -> tuple[FlowRecord, ...]:
    """The sequence flows that were taken, each once, in the order of the first time."""
    with working(actor) as work:
        row = instances.found(work, key)
        told = (one for one in facts.rows(work.session, key) if one.kind == "flow:taken")
        taken = dict.fromkeys(str(json.loads(one.payload)["element"]) for one in told)
        return tuple(
            FlowRecord(
                id=one,
                instance_key=InstanceKey(key),
                definition_key=DefinitionKey(row.definition_key),
                process_id=row.process_id,
            )
            for one in taken
        )


def statistics(actor: Actor, key: int) -> tuple[Statistics, ...]:
    """How often each element began, ended and stopped."""
    with working(actor) as work:
        found: dict[str, list[ElementRecord]] = {}
        for one in _steps(work, instances.found(work, key)):
            if one.key != key:
                found.setdefault(one.element_id, []).append(one)
    return tuple(
        Statistics(
            element_id=id_,
            active=sum(one.state == "ACTIVE" for one in of_it),
            canceled=sum(one.state == "TERMINATED" for one in of_it),
            incidents=sum(one.incident_key is not None for one in of_it),
            completed=sum(one.state == "COMPLETED" for one in of_it),
        )
        for id_, of_it in found.items()
    )


def incidents_of(actor: Actor, key: int, query: Query) -> Page[IncidentRecord]:
    """The incidents of one instance."""
    with working(actor) as work:
        instances.found(work, key)
    of_it = {**query.filters.get("instance_key", {}), "$eq": key}
    return stopped.search(actor, replace(query, filters={**query.filters, "instance_key": of_it}))


@again
def set_variables(actor: Actor, key: int, variables: Mapping[str, Json], *, local: bool) -> None:
    """Write variables at a step, or at the whole; not `local`: where a scope around it has them already.

    Raises Conflict for a step that ended, NotFound for one that is not there.
    """
    with working(actor) as work:
        work.go_on()
        element = _one(work, key)
        locked = rows.lock(work.session, element.instance_key)
        row = rows.get(work.session, element.instance_key)
        if locked is None or row is None:
            raise work.missing("element", key, "U")
        resource = Resource(technical=row.deployment_kind == "technical")
        work.require(Permission.VARIABLE_WRITE, resource, action="U", kind="instance", key=row.key)
        if locked.ended_at is not None:
            raise Conflict("Expected a process instance that runs, but it has ended")
        process = catalog.running(work.session, locked)
        step = engine.set_variables(
            process.definition,
            bytes(locked.state),
            variables,
            token=element.token or None,
            only_here=local,
            host=runtime.host(row.key),
        )
        place = moves.Place(
            session=work.session,
            process=process,
            instance_key=row.key,
            casus_key=locked.casus_key,
            bindings=tuple(casus.bindings(work.session, locked.casus_key)) if locked.casus_key else (),
            at=runtime.now(),
        )
        keys = moves.save(place, step, moves.before(work.session, locked))
        moves.tell(place, step.facts, keys, who(actor))


def _one(work: Work, key: int) -> ElementRecord:
    """The step with this key: of the instances whose keys come just before it, the one that has the step."""
    for instance_key in rows.near(work.session, key, MOST_TOKENS):
        row = rows.get(work.session, instance_key)
        found = [one for one in _steps(work, row) if one.key == key] if row is not None else []
        if found:
            instances.found(work, instance_key)
            return found[0]
    raise work.missing("element", key)


def _steps(work: Work, row: Found) -> tuple[ElementRecord, ...]:
    """All steps of an instance in the order that they began, the process itself first."""
    process = catalog.running(work.session, row)
    stuck = {one.token: one.key for one in incidents.active(work.session, row.key)}
    found: dict[int, ElementRecord] = {}
    for fact in facts.rows(work.session, row.key):
        if fact.kind in _BEGINS:
            told = json.loads(fact.payload)
            token = told["data"].get("token", _WHOLE) if fact.kind != "instance:started" else _WHOLE
            found[token] = _begun(work, row, process, told, token, fact.at, stuck.get(token))
        elif fact.kind in _ENDS:
            token = json.loads(fact.payload)["data"].get("token", _WHOLE)
            if token in found:
                found[token] = replace(found[token], state=_ENDS[fact.kind], ended_at=fact.at)
    return tuple(found.values())


def _begun(
    work: Work,
    row: Found,
    process: Process,
    told: Mapping[str, Any],
    token: int,
    at: datetime,
    incident: int | None,
) -> ElementRecord:
    data = told["data"]
    drawn = catalog.of_task(work.session, process, data.get("process", ""), data.get("version", ""))
    element = drawn.definition.elements.get(told["element"]) if token != _WHOLE else None
    return ElementRecord(
        key=element_key(row.key, token),
        token=token,
        element_id=told["element"] if token != _WHOLE else row.process_id,
        name=(element.name if element else "" if token != _WHOLE else row.process_name)
        or (told["element"] if token != _WHOLE else row.process_id),
        type=_type(element) if token != _WHOLE else "PROCESS",
        state="ACTIVE",
        started_at=at,
        ended_at=None,
        incident_key=incident,
        instance_key=InstanceKey(row.key),
        definition_key=DefinitionKey(row.definition_key),
        process_id=row.process_id,
    )


def _type(element: engine.Element | None) -> str:
    """The name that Camunda 8 has for the kind of an element; UNKNOWN when the process no longer has it."""
    if element is None:
        return "UNKNOWN"
    if element.triggered_by_event:
        return "EVENT_SUB_PROCESS"
    if element.kind == "transaction":
        return "SUB_PROCESS"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", element.kind).upper()
