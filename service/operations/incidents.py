"""Incidents of technical processes: read, and try again."""

from __future__ import annotations

from service import engine
from service.access import Permission, Resource
from service.domain import Actor, DefinitionKey, InstanceKey
from service.errors import Conflict
from service.operations import catalog, moves, runtime, searches
from service.operations.guard import Work, again, who, working
from service.operations.records import IncidentRecord, Page, Query
from service.store import casus, instances
from service.store import incidents as rows
from service.store.rows import Found

_TECHNICAL = Resource(technical=True)


def search(actor: Actor, query: Query) -> Page[IncidentRecord]:
    """Incidents, for who operates the processes; nobody else finds any."""
    with working(actor) as work:
        searches.note(work, "incident-list", Permission.INCIDENT_READ)
        if not work.operates:
            return Page(items=(), total=0)
        work.go_on()
        found, total = rows.search(work.session, searches.of(query))
    return Page(items=tuple(_record(row) for row in found), total=total)


def get(actor: Actor, key: int) -> IncidentRecord:
    """One incident."""
    with working(actor) as work:
        return _record(_found(work, key, Permission.INCIDENT_READ, "R"))


@again
def resolve(actor: Actor, key: int) -> None:
    """Try again where it stopped. Conflict when it was resolved already; a new failure is a new incident."""
    with working(actor) as work:
        found = _found(work, key, Permission.INCIDENT_RESOLVE, "U")
        locked = instances.lock(work.session, found.instance_key)
        if locked is None or found.state != "ACTIVE":
            raise Conflict("Expected an active incident, but it is resolved")
        process = catalog.running(work.session, locked)
        step = engine.retry(
            process.definition, bytes(locked.state), found.token, host=runtime.host(locked.key)
        )
        place = moves.Place(
            session=work.session,
            process=process,
            instance_key=locked.key,
            casus_key=locked.casus_key,
            bindings=tuple(casus.bindings(work.session, locked.casus_key)) if locked.casus_key else (),
            at=runtime.now(),
        )
        rows.resolve(work.session, [key], place.at)
        keys = moves.save(place, step, moves.before(work.session, locked))
        moves.tell(place, step.facts, keys, who(actor))


def _found(work: Work, key: int, permission: Permission, action: str) -> Found:
    work.go_on()
    row = rows.get(work.session, key)
    if row is None:
        raise work.missing("incident", key, action)
    resource = _TECHNICAL if row.deployment_kind == "technical" else Resource()
    work.require(permission, resource, action=action, kind="incident", key=key)
    return row


def _record(row: Found) -> IncidentRecord:
    return IncidentRecord(
        key=row.key,
        instance_key=InstanceKey(row.instance_key),
        definition_key=DefinitionKey(row.definition_key),
        process_id=row.process_id,
        element_id=row.element_id,
        token=row.token,
        error_type=row.error_type,
        message=row.message,
        state=row.state,
        created_at=row.created_at,
        job_key=row.job_key,
    )
