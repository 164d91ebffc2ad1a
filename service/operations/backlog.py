"""What waits for a worker and what people and programs have to do, as numbers for who watches over the service."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from service.errors import ConfigurationError, NotSignedIn
from service.operations import runtime
from service.store import backlog
from service.store.rows import Session
from service.store.scopes import WORKER
from service.store.session import transaction


@dataclass(frozen=True, kw_only=True)
class Lag:
    """How far workers are behind."""

    timers_due: int
    timers_seconds: float  # since the first of them is due
    jobs_ready: int
    jobs_seconds: float  # that the first of them waits

    @property
    def seconds(self) -> float:
        return max(self.timers_seconds, self.jobs_seconds)


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """Everything at one moment."""

    lag: Lag
    workers: int  # their queues that gave a sign of life lately; a worker has a few
    tasks_open: int
    instances_active: int
    jobs_open: int  # for programs outside
    incidents_active: int
    outgoing: Mapping[tuple[str, str], int]  # by kind and state


def lag() -> Lag:
    """How far workers are behind now."""
    with transaction(WORKER) as session:
        return _lag(session)


def _lag(session: Session) -> Lag:
    now = runtime.now()
    due, since = backlog.timers(session, now)
    ready, waits = backlog.queue(session)
    late = (now - since).total_seconds() if since is not None else 0.0
    return Lag(timers_due=due, timers_seconds=late, jobs_ready=ready, jobs_seconds=waits)


def everything() -> Backlog:
    """All numbers, of one moment."""
    with transaction(WORKER, snapshot=True) as session:
        standing = backlog.standing(session)
        return Backlog(
            lag=_lag(session),
            workers=backlog.workers(session),
            tasks_open=standing.tasks,
            instances_active=standing.instances,
            jobs_open=standing.jobs,
            incidents_active=standing.incidents,
            outgoing={(kind, state): count for kind, state, count in backlog.outgoing(session)},
        )


def admit(token: str, address: str, *, forwarded: bool) -> None:
    """Let who asks for numbers in: by the token of the settings, or from an address in them.

    Raises NotSignedIn for anybody else, and for everybody when neither is set.

    forwarded  the request came through a proxy: its address is that of the proxy and admits nobody
    """
    settings = runtime.current().settings
    if settings.metrics_token and hmac.compare_digest(token.encode(), settings.metrics_token.encode()):
        return
    if not forwarded and _within(address, settings.metrics_addresses):
        return
    raise NotSignedIn


def _within(address: str, networks: str) -> bool:
    try:
        return any(ip_address(address) in ip_network(one) for one in networks.split())
    except ValueError as error:
        raise ConfigurationError("Expected metrics_addresses to be networks, e.g. '10.20.0.0/16'") from error
