"""/metrics: numbers for Prometheus, in its text format 0.0.4. No numbers about anybody: routes, not paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from itertools import accumulate

from flask import Blueprint, Response, request

from service.operations import backlog
from service.operations.backlog import Backlog
from service.operations.board import BOUNDS, board

blueprint = Blueprint("metrics", __name__)
_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_THROUGH_PROXY = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")


@blueprint.get("/metrics")
def show() -> Response:
    """Requests of all web processes of this server, and what waits in the database."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    backlog.admit(
        token.strip() if scheme.lower() == "bearer" else "",
        request.remote_addr or "",
        forwarded=any(name in request.headers for name in _THROUGH_PROXY),
    )
    lines = [*_build(), *_requests(), *_waiting(backlog.everything())]
    return Response("\n".join(lines) + "\n", content_type=_TEXT)


def _head(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"


def _gauge(name: str, meaning: str, value: float) -> Iterator[str]:
    yield from _head(name, "gauge", meaning)
    yield f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"


def _build() -> Iterator[str]:
    yield from _head("sluitend_build_info", "gauge", "Always 1; the release is its label.")
    yield f'sluitend_build_info{{version="{version("sluitend")}"}} 1'


def _requests() -> Iterator[str]:
    series = board().series()
    name = "sluitend_http_requests_total"
    yield from _head(name, "counter", "Requests answered, by route template, method and status.")
    for one in series:
        labels = f'method="{one.method}",route="{_plain(one.route)}",status="{one.status}"'
        yield f"{name}{{{labels}}} {sum(one.buckets)}"
    name = "sluitend_http_request_duration_seconds"
    yield from _head(
        name, "histogram", "Seconds from the first to the last line of our code, by route and method."
    )
    by_route: dict[tuple[str, str], list[tuple[tuple[int, ...], float]]] = defaultdict(list)
    for one in series:
        by_route[one.method, one.route].append((one.buckets, one.seconds))
    for (method, route), parts in by_route.items():
        yield from _histogram(name, f'method="{method}",route="{_plain(route)}"', parts)


def _plain(route: str) -> str:
    """As a label value: a template may have quotes in a converter."""
    return route.replace("\\", r"\\").replace('"', r"\"")


def _histogram(name: str, labels: str, parts: list[tuple[tuple[int, ...], float]]) -> Iterator[str]:
    counts = [sum(column) for column in zip(*(buckets for buckets, _ in parts), strict=True)]
    for bound, count in zip([*BOUNDS, "+Inf"], accumulate(counts), strict=True):
        yield f'{name}_bucket{{{labels},le="{bound}"}} {count}'
    yield f"{name}_sum{{{labels}}} {sum(seconds for _, seconds in parts):.6f}"
    yield f"{name}_count{{{labels}}} {sum(counts)}"


def _waiting(now: Backlog) -> Iterator[str]:
    yield from _gauge("sluitend_tasks_open", "Tasks of people that are not completed.", now.tasks_open)
    yield from _gauge("sluitend_instances_active", "Process instances that run.", now.instances_active)
    yield from _gauge(
        "sluitend_jobs_open", "Jobs for programs outside that are not completed.", now.jobs_open
    )
    yield from _gauge("sluitend_incidents_active", "Incidents that nobody resolved.", now.incidents_active)
    yield from _gauge("sluitend_timers_due", "Timers that should have fired.", now.lag.timers_due)
    yield from _gauge(
        "sluitend_timers_lag_seconds", "Since the first due timer should have fired.", now.lag.timers_seconds
    )
    yield from _gauge("sluitend_queue_ready", "Jobs of our own worker that wait.", now.lag.jobs_ready)
    yield from _gauge(
        "sluitend_queue_lag_seconds", "Seconds that the first of them waits.", now.lag.jobs_seconds
    )
    yield from _gauge(
        "sluitend_workers_alive",
        "Queues of workers with a sign of life in the last 30 seconds; a worker has a few.",
        now.workers,
    )
    yield from _head("sluitend_outgoing", "gauge", "Mail and events, by kind and state.")
    for (kind, state), count in now.outgoing.items():
        yield f'sluitend_outgoing{{kind="{kind}",state="{state}"}} {count}'
