"""What operators do to a running technical instance: hold it, let it go on, try all that stopped once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from service import engine
from service.access import Permission, Resource
from service.domain import Actor, new_key
from service.engine import Step
from service.errors import Conflict
from service.operations import catalog, moves, outbox, runtime
from service.operations.guard import Work, again, who, working
from service.store import casus, incidents
from service.store import instances as rows
from service.store.rows import Found


@dataclass(kw_only=True)
class _Held:
    """One instance, locked, and where its moves are saved."""

    work: Work
    row: Found
    place: moves.Place
    before: moves.Before
    state: bytes

    def move(self, made: Callable[..., Step], *given: object) -> Step:
        """Let the engine do one thing, from where the last one left it."""
        step = made(
            self.place.process.definition, self.state, *given, host=runtime.host(self.place.instance_key)
        )
        keys = moves.save(self.place, step, self.before)
        moves.tell(self.place, step.facts, keys, who(self.work.actor))
        self.before = moves.Before(
            revision=self.before.revision + 1,
            has_incident=bool(step.incidents),
            open_tasks={task.token: keys[task.token] for task in step.open_tasks},
        )
        self.state = step.state
        return step


@again
def suspend(actor: Actor, key: int) -> None:
    """Hold an instance: nothing in it moves until resume(). Conflict when it does not run."""
    with _locked(actor, key, Permission.INSTANCE_SUSPEND) as held:
        if held.row.status != "ACTIVE":
            raise _refused(held.row)
        held.move(engine.suspend)
        _mark(held, held.place.at)


@again
def resume(actor: Actor, key: int) -> None:
    """Let it go on: timers that came due fire now, messages that came meanwhile are looked at. Conflict unless held."""
    with _locked(actor, key, Permission.INSTANCE_SUSPEND) as held:
        if held.row.status != "SUSPENDED":
            raise _refused(held.row)
        step = held.move(engine.resume)
        _mark(held, None)
        outbox.look_for(held.work.session, step.subscriptions, held.place.process.id, held.place.at)


@again
def resolve_all(actor: Actor, key: int) -> int:
    """Try everything again that stopped in an instance; gives the key of this round. Conflict unless it runs."""
    with _locked(actor, key, Permission.INCIDENT_RESOLVE) as held:
        if held.row.status != "ACTIVE":
            raise _refused(held.row)
        for one in incidents.active(held.work.session, key):
            if one.token < 0:
                continue  # a timer that could not fire: the clock itself tries it again
            incidents.resolve(held.work.session, [one.key], held.place.at)
            if held.move(engine.retry, one.token).ended:
                break
        return new_key(held.place.at)


def _refused(row: Found) -> Conflict:
    return Conflict(f"Expected another state of the process instance, but it is {row.status.lower()}")


def _mark(held: _Held, at: datetime | None) -> None:
    rows.save(held.work.session, held.place.instance_key, {"suspended_at": at})


@contextmanager
def _locked(actor: Actor, key: int, permission: Permission) -> Iterator[_Held]:
    with working(actor) as work:
        work.go_on()
        locked = rows.lock(work.session, key)
        row = rows.get(work.session, key)
        if locked is None or row is None:
            raise work.missing("instance", key, "U")
        resource = Resource(
            technical=row.deployment_kind == "technical",
            candidates=frozenset(row.candidates),
            started_by=row.started_by,
        )
        work.require(permission, resource, action="U", kind="instance", key=key)
        place = moves.Place(
            session=work.session,
            process=catalog.running(work.session, locked),
            instance_key=key,
            casus_key=locked.casus_key,
            bindings=tuple(casus.bindings(work.session, locked.casus_key)) if locked.casus_key else (),
            at=runtime.now(),
        )
        yield _Held(
            work=work,
            row=locked,
            place=place,
            before=moves.before(work.session, locked),
            state=bytes(locked.state),
        )
