"""Jobs of service tasks for programs outside: take them for a while, finish, fail, throw an error, change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from service import engine
from service.access import Permission, Resource
from service.domain import Actor, Fact, InstanceKey, Json
from service.engine import Step
from service.errors import BadRequest, Conflict, TaskNotOpen
from service.operations import catalog, moves, patience, runtime, searches
from service.operations.guard import Work, again, who, working
from service.operations.records import JobRecord, Page, Query
from service.store import casus, instances
from service.store import service_jobs as rows
from service.store.rows import Found

LONGEST = timedelta(days=1)  # that a program may hold a job
MOST = 1000  # jobs in one answer
OURS = frozenset(
    {"brief", "http-json", "mail"}
)  # types that our own worker does (service.operations.errands)


@dataclass(frozen=True, kw_only=True)
class Taking:
    """What a program asks for."""

    kind: str
    worker: str = ""
    hold: timedelta  # after which an unfinished job is for another program
    most: int = 1
    names: tuple[str, ...] = ()  # variables that it wants; none: all
    wait: timedelta = timedelta()  # until there is work


def take(actor: Actor, taking: Taking) -> tuple[JobRecord, ...]:
    """Take jobs of a type; while there are none, wait as long as was asked, without holding a connection."""
    if not timedelta() < taking.hold <= LONGEST:
        raise BadRequest("Expected a time-out of 1 ms to 24 hours", field="timeout")
    if taking.kind in OURS:
        return ()
    return patience.until(lambda: _take(actor, taking), taking.wait)


def _take(actor: Actor, taking: Taking) -> tuple[JobRecord, ...]:
    now = runtime.now()
    with working(actor) as work:
        work.require(
            Permission.JOB_WORK,
            Resource(technical=True),
            action="U",
            kind="job-list",
            key=actor.account,
            hidden=False,
        )
        work.go_on()
        taken = rows.take(
            work.session,
            taking.kind,
            worker=taking.worker,
            now=now,
            until=now + taking.hold,
            limit=min(taking.most, MOST),
        )
        found = rows.of(work.session, taken) if taken else ()
        seen = {row.key: _variables(work, row) for row in found}
    return tuple(_record(row, _wanted(seen[row.key], taking.names)) for row in found)


def _variables(work: Work, row: Found) -> Mapping[str, Json]:
    instance = instances.get(work.session, row.instance_key)
    if instance is None:
        return {}
    process = catalog.running(work.session, instance)
    try:
        return engine.visible(
            process.definition, bytes(instance.state), row.token, host=runtime.host(instance.key)
        )
    except TaskNotOpen:  # it moved on between taking and reading; finishing will say so
        return {}


def _wanted(values: Mapping[str, Json], names: Sequence[str]) -> Mapping[str, Json]:
    return {name: values[name] for name in names if name in values} if names else values


@again
def complete(actor: Actor, key: int, variables: Mapping[str, Json]) -> None:
    """A program finished a job. NotFound for a job that is done, Conflict for one that failed for good."""
    with _held(actor, key) as held:
        step = engine.complete_job(
            held.process.definition, held.state, held.row.token, variables, host=held.host
        )
        held.save(step, state="COMPLETED", ended_at=held.now)


@again
def fail(
    actor: Actor,
    key: int,
    *,
    retries: int,
    message: str = "",
    pause: timedelta = timedelta(),
    variables: Mapping[str, Json] | None = None,
) -> None:
    """A program could not do a job. With retries left it is there again after `pause`, without it is an incident."""
    with _held(actor, key) as held:
        state, before = held.written(variables)
        step = engine.fail_job(
            held.process.definition,
            state,
            held.row.token,
            retries=retries,
            message=message,
            host=held.host,
        )
        held.save(
            step,
            before,
            state="CREATED" if retries > 0 else "FAILED",
            retries=max(retries, 0),
            deadline=None,
            retry_at=held.now + pause if retries > 0 else None,
            error_message=message,
        )


@again
def throw_error(
    actor: Actor, key: int, code: str, *, message: str = "", variables: Mapping[str, Json] | None = None
) -> None:
    """A program met a business error: the nearest catcher takes it, else it is an incident."""
    if not code:
        raise BadRequest("Expected an error code", field="errorCode")
    with _held(actor, key) as held:
        step = engine.throw_error(
            held.process.definition,
            held.state,
            held.row.token,
            code,
            message=message,
            variables=variables,
            host=held.host,
        )
        caught = all(one.token != held.row.token for one in step.incidents)
        held.save(
            step,
            state="ERROR_THROWN" if caught else "FAILED",
            error_code=code,
            error_message=message,
            ended_at=held.now if caught else None,
        )


def update(actor: Actor, key: int, *, retries: int | None = None, hold: timedelta | None = None) -> None:
    """Give a job other retries, or its holder another while."""
    if retries is None and hold is None:
        raise BadRequest("Expected retries or a time-out", field="changeset")
    if retries is not None and retries < 1:
        raise BadRequest("Expected at least one retry", field="changeset.retries")
    if hold is not None and not timedelta() < hold <= LONGEST:
        raise BadRequest("Expected a time-out of 1 ms to 24 hours", field="changeset.timeout")
    with working(actor) as work:
        row = _open(work, key)
        now = runtime.now()
        if hold is not None and (row.deadline is None or row.state != "CREATED"):
            raise Conflict("Expected a job that a program holds, but nobody holds it")
        values = {"retries": retries} if retries is not None else {}
        rows.change(work.session, key, **values, **({"deadline": now + hold} if hold else {}), changed_at=now)


def search(actor: Actor, query: Query) -> Page[JobRecord]:
    """Jobs, for who operates the processes; nobody else finds any."""
    with working(actor) as work:
        searches.note(work, "job-list", Permission.JOB_WORK)
        if not work.operates:
            return Page(items=(), total=0)
        work.go_on()
        found, total = rows.search(work.session, searches.of(query))
    return Page(items=tuple(_record(row, {}) for row in found), total=total)


@dataclass(frozen=True, kw_only=True)
class _Held:
    """A job with its instance locked."""

    work: Work
    row: Found
    place: moves.Place
    locked: Found

    @property
    def process(self) -> catalog.Process:
        return self.place.process

    @property
    def state(self) -> bytes:
        return bytes(self.locked.state)

    @property
    def host(self) -> engine.Host:
        return runtime.host(self.locked.key)

    @property
    def now(self) -> datetime:
        return self.place.at

    def written(self, variables: Mapping[str, Json] | None) -> tuple[bytes, tuple[Fact, ...]]:
        """The state after writing variables where the job stands, with the facts of that."""
        if not variables:
            return self.state, ()
        step = engine.set_variables(
            self.process.definition,
            self.state,
            variables,
            token=self.row.token,
            only_here=True,
            host=self.host,
        )
        return step.state, tuple(step.facts)

    def save(self, step: Step, before: Sequence[Fact] = (), **values: object) -> None:
        keys = moves.save(self.place, step, moves.before(self.work.session, self.locked))
        moves.tell(self.place, [*before, *step.facts], keys, who(self.work.actor))
        rows.change(self.work.session, self.row.key, **values, changed_at=self.place.at)
        moves.close_casus(self.place, step)


@contextmanager
def _held(actor: Actor, key: int) -> Iterator[_Held]:
    """Lock the instance of a job, then look again: whoever came first may have finished it."""
    with working(actor) as work:
        row = _open(work, key)
        locked = instances.lock(work.session, row.instance_key)
        row = _open(work, key)
        if locked is None or locked.ended_at is not None:
            raise work.missing("job", key, "U")
        if row.state == "FAILED":
            raise Conflict("Expected a job with retries left, but it failed: resolve its incident first")
        place = moves.Place(
            session=work.session,
            process=catalog.running(work.session, locked),
            instance_key=locked.key,
            casus_key=locked.casus_key,
            bindings=tuple(casus.bindings(work.session, locked.casus_key)) if locked.casus_key else (),
            at=runtime.now(),
        )
        yield _Held(work=work, row=row, place=place, locked=locked)


def _open(work: Work, key: int) -> Found:
    work.go_on()
    row = rows.get(work.session, key)
    if row is None or row.state not in rows.OPEN:
        raise work.missing("job", key, "U")
    resource = Resource(technical=row.deployment_kind == "technical")
    work.require(Permission.JOB_WORK, resource, action="U", kind="job", key=key)
    return row


def _record(row: Found, variables: Mapping[str, Json]) -> JobRecord:
    return JobRecord(
        key=row.key,
        type=row.type,
        state=row.state,
        worker=row.worker,
        retries=row.retries,
        headers=row.headers,
        deadline=row.deadline,
        error_code=row.error_code,
        error_message=row.error_message,
        element_id=row.element_id,
        token=row.token,
        instance_key=InstanceKey(row.instance_key),
        definition_key=row.definition_key,
        process_id=row.process_id,
        version=row.version,
        created_at=row.created_at,
        changed_at=row.changed_at,
        ended_at=row.ended_at,
        variables=variables,
    )
