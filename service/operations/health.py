"""Whether the service can work: the database answers and has the migrations of this release, workers keep up."""

from __future__ import annotations

from service.errors import ConfigurationError, Unavailable
from service.operations import backlog, outgoing, runtime
from service.store import readiness


def missing() -> list[str]:
    """What is missing, in words for an operator; empty when all is well."""
    try:
        return _missing()
    except ConfigurationError as error:
        return [str(error)]
    except Unavailable:
        return ["database does not answer"]


def _missing() -> list[str]:
    found = readiness.revision()
    if found is None:
        return ["database does not answer"]
    newest = readiness.newest()
    if found < newest:
        return [f"migration {newest}: the database has {found or 'none'}"]
    return _behind()


def _behind() -> list[str]:
    """Workers that do not keep up. Not the timers of the demo, whose clock jumps."""
    settings = runtime.current().settings
    now = backlog.lag()
    late = now.jobs_seconds if settings.demo else now.seconds
    if not settings.ready_lag_seconds or late <= settings.ready_lag_seconds:
        return []
    return [f"workers: {late:.0f} seconds behind ({now.timers_due} timers, {now.jobs_ready} jobs wait)"]


def complaints() -> list[str]:
    """What an operator should look at while the service works: a release to be renewed, mail without a server, things that were given up."""
    found, newest = readiness.revision() or "", readiness.newest()
    newer = f"migration {found} is of a newer release than this one, which has {newest}"
    return [*([newer] if found > newest else []), *outgoing.complaints()]
