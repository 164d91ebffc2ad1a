"""/metrics opens for an address of the settings, and never through a proxy on it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.config import Settings
from service.operations.board import BOUNDS, OTHER, Board
from tests.conftest import SECRET
from tests.databases import Database


def client(database: Database, **settings: str) -> FlaskClient:
    return create_app(
        Settings(database_url=database.url_app, secret_key=SECRET, **settings)  # type: ignore[arg-type]  # texts only
    ).test_client()


@pytest.mark.parametrize(
    ("addresses", "address", "status"),
    [("", "127.0.0.1", 401), ("127.0.0.1", "127.0.0.1", 200), ("10.20.0.0/16 ::1", "10.20.3.4", 200),
     ("10.20.0.0/16 ::1", "::1", 200), ("10.20.0.0/16", "10.21.0.1", 401)],
)  # fmt: skip
def test_an_address_of_the_settings_reads_numbers(
    database: Database, addresses: str, address: str, status: int
) -> None:
    asked = client(database, metrics_addresses=addresses)
    answer = asked.get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert answer.content_type.startswith(
        "text/plain; version=0.0.4" if status == 200 else "application/problem"
    )


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_a_proxy_on_that_address_admits_nobody(database: Database, header: str) -> None:
    asked = client(database, metrics_addresses="127.0.0.1")
    answer = asked.get("/metrics", headers={header: "for=192.0.2.1"})
    assert answer.status_code == 401


def test_a_slot_goes_on_where_the_process_before_it_stopped() -> None:
    shared = Board(3)
    shared.take(1)
    shared.count("GET", 200, "/a", 0.004)
    shared.take(2)
    shared.count("GET", 200, "/a", 0.3)
    shared.take(1)
    shared.count("POST", 201, "/b", 9.0)
    shared.count("GET", 200, "/a", 0.004)
    counted = {(one.method, one.status, one.route): one for one in shared.series()}
    assert counted["GET", "200", "/a"].buckets[0] == 2
    assert sum(counted["GET", "200", "/a"].buckets) == 3
    assert counted["GET", "200", "/a"].seconds == pytest.approx(0.308)
    assert counted["POST", "201", "/b"].buckets[len(BOUNDS)] == 1


def test_a_full_board_counts_the_rest_together() -> None:
    small = Board(1)
    for number in range(1500):
        small.count("GET", 200, f"/{number}", 0.01)
    small.count("GET", 200, "/" + "long" * 60, 0.01)
    series = small.series()
    assert sum(sum(one.buckets) for one in series) == 1501
    assert sum(series[0].buckets) == 1501 - len(series) + 1
    assert f"{series[0].method} {series[0].status} {series[0].route}" == OTHER
