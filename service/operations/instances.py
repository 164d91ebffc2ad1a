"""Process instances for /v2: create, read, search, cancel, variables; never a value of the dossier."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from service import engine
from service.access import Permission, Resource
from service.domain import MOST_TOKENS, Actor, DefinitionKey, InstanceKey, Json, new_key, variable_key
from service.errors import BadRequest, Conflict, Unfinished
from service.forms import Form
from service.operations import (
    catalog,
    idempotent,
    moves,
    patience,
    runtime,
    sealing,
    searches,
    starts,
    submissions,
)
from service.operations.catalog import Process
from service.operations.guard import Work, again, who, working
from service.operations.records import InstanceRecord, Page, Query, VariableRecord
from service.store import definitions
from service.store import instances as rows
from service.store.rows import Found


@again
def create(
    actor: Actor,
    *,
    process_id: str = "",
    version: int = -1,
    definition_key: int = 0,
    variables: Mapping[str, Any],
    idempotency_key: str = "",
) -> InstanceRecord:
    """Start an instance once; variables pass the start form where there is one."""
    wanted = f"instance:create:{process_id}:{version}:{definition_key}"
    asked = idempotent.request(actor, idempotency_key, wanted, variables)
    with working(actor) as work:
        idempotent.alone(work.session, asked)
        before = idempotent.earlier(work.session, asked)
        if before is not None:
            return _record(_found(work, before["key"], Permission.INSTANCE_READ, "R"), before["variables"])
        process = _startable(work, process_id, version, definition_key)
        form = process.start_form()
        answers = submissions.answered(form, variables, {}, html=False, technical=process.technical)
        made = (
            _begin(work, process, answers) if process.technical else _in_casus(work, process, form, answers)
        )
        idempotent.remember(work.session, asked, {"key": made.key, "variables": dict(made.variables)})
        return made


def _startable(work: Work, process_id: str, version: int, definition_key: int) -> Process:
    if definition_key:
        row = definitions.get(work.session, definition_key)
    else:
        row = definitions.newest(work.session, "process", process_id, version)
    if row is None:
        raise work.missing("process", definition_key, "C")
    process = catalog.process(work.session, row.key)
    resource = Resource(
        technical=process.technical,
        start_roles=frozenset(process.manifest.get("start", {}).get("wie", ())),
    )
    work.require(Permission.PROCESS_START, resource, action="C", kind="process", key=row.key)
    return process


def _begin(work: Work, process: Process, variables: Mapping[str, Json]) -> InstanceRecord:
    work.go_on()
    now = runtime.now()
    key = new_key(now)
    step = engine.start(process.definition, variables=variables, host=runtime.host())
    place = moves.Place(
        session=work.session, process=process, instance_key=key, casus_key=None, bindings=(), at=now
    )
    keys = moves.begin(place, step, work.actor.account)
    cause = who(work.actor) | {"answers": sealing.fingerprint(sealing.NO_CHILD, variables)}
    moves.tell(place, step.facts, keys, cause)
    return InstanceRecord(
        key=InstanceKey(key),
        definition_key=process.key,
        process_id=process.id,
        process_name=process.name,
        version=process.version,
        state=step.ended or "ACTIVE",
        has_incident=bool(step.incidents),
        started_at=now,
        ended_at=now if step.ended else None,
        variables=dict(step.variables),
    )


def _in_casus(work: Work, process: Process, form: Form | None, answers: Mapping[str, Json]) -> InstanceRecord:
    """A regional process makes its casus; its variables are not told here."""
    key = starts.begin(work, process, form, answers).instance_key
    row = rows.get(work.session, key)
    if row is None:
        raise work.missing("instance", key)
    return _record(row)


def ended(actor: Actor, key: int, wait: timedelta) -> InstanceRecord:
    """An instance with its last variables, waited for until it completed. Raises Unfinished, Conflict when it was ended."""

    def look() -> InstanceRecord | None:
        with working(actor) as work:
            row = _found(work, key, Permission.INSTANCE_READ, "R")
            return _record(row, _variables(work, row)) if row.ended_at is not None else None

    found = patience.until(look, wait)
    if found is None:
        raise Unfinished
    if found.state != "COMPLETED":
        raise Conflict(f"Expected a completed process instance, but it is {found.state.lower()}")
    return found


def seen(work: Work, key: int) -> Mapping[str, Json]:
    """The process variables of an instance that the actor may read."""
    return _variables(work, _found(work, key, Permission.INSTANCE_READ, "R"))


def _variables(work: Work, row: Found) -> Mapping[str, Json]:
    process = catalog.running(work.session, row)
    # Writing nothing moves nothing, and tells the root variables.
    return engine.set_variables(
        process.definition, bytes(row.state), {}, host=runtime.host(row.key)
    ).variables


def get(actor: Actor, key: int) -> InstanceRecord:
    """One instance."""
    with working(actor) as work:
        return _record(_found(work, key, Permission.INSTANCE_READ, "R"))


def search(actor: Actor, query: Query) -> Page[InstanceRecord]:
    """The instances that this actor may find."""
    with working(actor) as work:
        work.go_on()
        found, total = rows.search(
            work.session,
            searches.of(query),
            account_key=actor.account,
            candidates=sorted(actor.candidates),
            operates=work.operates,
        )
        searches.note(work, "instance-list", Permission.INSTANCE_READ)
    return Page(items=tuple(_record(row) for row in found), total=total)


@again
def cancel(actor: Actor, key: int) -> None:
    """End an instance where it stands. Conflict when it ended already."""
    with working(actor) as work:
        work.go_on()
        if rows.lock(work.session, key) is None:
            raise work.missing("instance", key, "U")
        row = _found(work, key, Permission.INSTANCE_CANCEL, "U")
        if row.ended_at is not None:
            raise Conflict(f"Expected an active process instance, but it is {row.status.lower()}")
        process = catalog.running(work.session, row)
        step = engine.cancel(process.definition, bytes(row.state), host=runtime.host(key))
        place = moves.Place(
            session=work.session,
            process=process,
            instance_key=key,
            casus_key=row.casus_key,
            bindings=(),
            at=runtime.now(),
        )
        keys = moves.save(place, step, moves.before(work.session, row))
        moves.tell(place, step.facts, keys, who(actor))


def variables(actor: Actor, query: Query) -> Page[VariableRecord]:
    """The process variables of one instance, named by a filter on its key."""
    key = query.filters.get("instance_key", {}).get("$eq")
    if not isinstance(key, int):
        raise BadRequest("Expected a filter on processInstanceKey", field="filter.processInstanceKey")
    with working(actor) as work:
        row = _found(work, key, Permission.INSTANCE_READ, "R")
        values = _variables(work, row)
    return variable_page(values, key, query)


def variable(actor: Actor, key: int) -> VariableRecord:
    """One process variable: of the instances whose keys come before its key, the one that has it."""
    with working(actor) as work:
        for instance_key in rows.near(work.session, key, 4 * MOST_TOKENS):
            row = rows.get(work.session, instance_key)
            values = _variables(work, row) if row is not None else {}
            name = next((one for one in values if variable_key(instance_key, one) == key), None)
            if name is not None:
                found(work, instance_key)
                return VariableRecord(name=name, value=values[name], instance_key=InstanceKey(instance_key))
        raise work.missing("variable", key)


def variable_page(values: Mapping[str, Json], key: int, query: Query) -> Page[VariableRecord]:
    """Variables by name, filtered, sorted and cut to a page."""
    found = [
        VariableRecord(name=n, value=v, instance_key=InstanceKey(key)) for n, v in sorted(values.items())
    ]
    kept = [record for record in found if searches.matches(record, query.filters, ("name", "value"))]
    for name, descending in reversed(query.sort):
        if name == "name":
            kept.sort(key=lambda record: record.name, reverse=descending)
    return Page(items=tuple(kept[query.offset : query.offset + query.limit]), total=len(kept))


def found(work: Work, key: int) -> Found:
    """An instance that the actor may read; NotFound for any other."""
    return _found(work, key, Permission.INSTANCE_READ, "R")


def _found(work: Work, key: int, permission: Permission, action: str) -> Found:
    work.go_on()
    row = rows.get(work.session, key)
    if row is None:
        raise work.missing("instance", key, action)
    resource = Resource(
        technical=row.deployment_kind == "technical",
        candidates=frozenset(row.candidates),
        started_by=row.started_by,
    )
    work.require(permission, resource, action=action, kind="instance", key=key)
    return row


def _record(row: Found, variables: Mapping[str, Json] | None = None) -> InstanceRecord:
    return InstanceRecord(
        key=InstanceKey(row.key),
        definition_key=DefinitionKey(row.definition_key),
        process_id=row.process_id,
        process_name=row.process_name,
        version=row.version,
        state=row.status,
        has_incident=row.has_incident,
        started_at=row.started_at,
        ended_at=row.ended_at,
        suspended_at=row.suspended_at,
        version_tag=row.version_tag,
        variables=variables or {},
    )
