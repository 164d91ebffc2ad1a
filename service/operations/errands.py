"""Service tasks that our own worker does: taken from the same jobs as programs outside take theirs.

Take in one transaction, work without any, finish in another. While one is worked on its hold is renewed every second;
of a worker that died it runs out, and another takes the job. So each kind must bear being done twice.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from service import engine
from service.domain import SYSTEM, Json
from service.errors import Conflict, NotFound, TaskNotOpen
from service.operations import catalog, http_json, letters, outgoing, runtime, service_jobs, task_mail
from service.operations.errand import Errand, NotYet, Outcome, Thrown, TryLater, Useless
from service.store import casus, definitions, instances
from service.store import service_jobs as rows
from service.store.rows import Found, Session
from service.store.scopes import WORKER
from service.store.session import transaction

log = logging.getLogger(__name__)

Handler = Callable[[Errand], Outcome]

#: Types that programs outside never get.
HANDLERS: Mapping[str, Handler] = {"brief": letters.do, "http-json": http_json.do, "mail": task_mail.do}
assert set(HANDLERS) == service_jobs.OURS  # noqa: S101  # one list for who takes and one for who does not
_FROM_FILES = frozenset({"brief", "mail"})  # what they say stands in the process folder
HOLD = timedelta(seconds=4)  # without a renewal: then the worker is taken for dead
_RENEW_SECONDS = 1.0
_SIDE_BY_SIDE = 4
_WAIT = timedelta(minutes=1)  # for what is not set up yet
_NAME = f"sluitend-{secrets.token_hex(4)}"  # of this process


def work(stop: threading.Event) -> None:
    """Do jobs until `stop`, some side by side; a database that goes away is waited for."""
    poll_seconds = runtime.current().settings.timer_poll_seconds
    free = threading.Semaphore(_SIDE_BY_SIDE)
    with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="errand") as pool:
        while not stop.is_set():
            if not free.acquire(timeout=poll_seconds):
                continue
            errand = _taken()
            if errand is None:
                free.release()
                stop.wait(poll_seconds)
                continue
            pool.submit(_do, errand).add_done_callback(lambda _done: free.release())


def _taken() -> Errand | None:
    try:
        return take()
    except Exception:  # the database restarts: the next round finds the same jobs
        log.exception("errands_interrupted")
        return None


def _do(errand: Errand) -> None:
    try:
        do(errand)
    except Exception:  # it was not finished: its hold runs out, and it is taken again
        log.exception("errand_interrupted", extra={"job": errand.key})


def run_once(most: int = 100) -> int:
    """Do what there is to do now, one after the other; gives how many."""
    done = 0
    while done < most and (errand := take()) is not None:
        do(errand)
        done += 1
    return done


def take() -> Errand | None:
    """Take the oldest job of one of our types that is free."""
    now = runtime.now()
    with transaction(WORKER) as session:
        for kind in HANDLERS:
            for key in rows.take(
                session, kind, worker=_NAME, now=now, until=now + HOLD, limit=1, regional=True
            ):
                found = _errand(session, rows.of(session, [key])[0])
                if found is not None:
                    return found
    return None


def _errand(session: Session, row: Found) -> Errand | None:
    instance = instances.get(session, row.instance_key)
    if instance is None:
        return None
    process = catalog.running(session, instance)
    try:
        seen = engine.visible(
            process.definition, bytes(instance.state), row.token, host=runtime.host(row.key)
        )
    except TaskNotOpen:  # it moved on meanwhile
        return None
    head = casus.get(session, instance.casus_key) if instance.casus_key is not None else None
    return Errand(
        key=row.key,
        type=row.type,
        headers={str(name): str(value) for name, value in row.headers.items()},
        variables=seen,
        retries=row.retries,
        made_at=row.created_at,
        instance_key=row.instance_key,
        process_id=row.process_id,
        element=row.element_id,
        casus_number=head.number if head is not None else "",
        bindings=tuple(casus.bindings(session, head.key)) if head is not None else (),
        files=definitions.files(session, process.deployment_key) if row.type in _FROM_FILES else {},
    )


def do(errand: Errand) -> None:
    """Work on one and write what became of it; who came first may have finished it."""
    try:
        with _held(errand.key):
            outcome = _worked(errand)
        _finish(errand, outcome)
    except (NotFound, Conflict, TaskNotOpen):
        log.info("errand_overtaken", extra={"job": errand.key})


def _worked(errand: Errand) -> Outcome:
    try:
        return HANDLERS[errand.type](errand)
    except Exception as error:  # a fault of ours must not be tried for ever: it costs a retry
        log.exception("errand_failed", extra={"job": errand.key})
        return TryLater(reason=f"Onverwachte fout: {type(error).__name__}")


def _finish(errand: Errand, outcome: Outcome) -> None:
    match outcome:
        case Thrown():
            service_jobs.throw_error(SYSTEM, errand.key, outcome.code, message=outcome.reason)
        case TryLater():
            pause = outcome.pause or outgoing.pause(max(1, 4 - errand.retries))
            service_jobs.fail(
                SYSTEM, errand.key, retries=errand.retries - 1, message=outcome.reason, pause=pause
            )
        case Useless():
            service_jobs.fail(SYSTEM, errand.key, retries=0, message=outcome.reason)
        case NotYet():
            with transaction(WORKER) as session:
                rows.give_back(session, errand.key, _NAME, retry_at=runtime.now() + _WAIT)
        case _:
            _complete(errand, outcome)


def _complete(errand: Errand, variables: Mapping[str, Json]) -> None:
    service_jobs.complete(SYSTEM, errand.key, variables)


@contextmanager
def _held(key: int) -> Iterator[None]:
    """Renew the hold of a job while it is worked on."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(_RENEW_SECONDS):
            try:
                with transaction(WORKER) as session:
                    rows.hold(session, key, _NAME, until=runtime.now() + HOLD)
            except Exception:  # the database is away: at worst another does it too
                log.exception("errand_not_held", extra={"job": key})

    keeper = threading.Thread(target=renew, name="hold", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
