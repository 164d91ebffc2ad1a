"""Every answer has a number that is also in the log; a trusted proxy may give it, and tells who really asks."""

from __future__ import annotations

import json
import logging
import re
import sys

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from service.api.proxied import Proxied
from service.app import create_app
from service.config import Settings
from service.errors import ConfigurationError
from service.operations import logs
from tests.conftest import SECRET
from tests.databases import Database

PROXY = {"REMOTE_ADDR": "10.20.0.5"}


@pytest.fixture
def client(database: Database) -> FlaskClient:
    settings = Settings(database_url=database.url_app, secret_key=SECRET, trusted_proxies="10.20.0.0/24 ::1")
    return create_app(settings).test_client()


def test_every_answer_has_its_own_number_and_a_problem_tells_it(client: FlaskClient) -> None:
    first, second = client.get("/v2/topology"), client.get("/v2/topology")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{16}", first.headers["X-Request-Id"])
    assert first.get_json()["requestId"] == first.headers["X-Request-Id"]


def test_a_trusted_proxy_gives_the_number(client: FlaskClient) -> None:
    answer = client.get("/health/live", headers={"X-Request-Id": "proxy-0001"}, environ_base=PROXY)
    assert answer.headers["X-Request-Id"] == "proxy-0001"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("proxy-0001", "192.0.2.9"),
        ("kort", "10.20.0.5"),
        ("a" * 65, "10.20.0.5"),
        ("jan@school.example", "10.20.0.5"),
        ('x"} {"event": "y', "10.20.0.5"),
    ],
)
def test_a_number_of_a_stranger_or_one_that_is_not_plain_is_not_taken(
    client: FlaskClient, given: str, address: str
) -> None:
    answer = client.get(
        "/health/live", headers={"X-Request-Id": given}, environ_base={"REMOTE_ADDR": address}
    )
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])


@pytest.mark.parametrize(
    ("peer", "told", "seen"),
    [
        ("10.20.0.5", "203.0.113.7", "203.0.113.7"),
        ("10.20.0.5", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the client itself wrote the first
        ("10.20.0.5", "203.0.113.7, 10.20.0.9", "203.0.113.7"),  # two proxies of ours
        ("10.20.0.5", "unknown", "10.20.0.5"),
        ("10.20.0.5", "", "10.20.0.5"),
        ("192.0.2.9", "203.0.113.7", "192.0.2.9"),  # nobody's proxy
    ],
)
def test_the_address_of_who_asks_is_what_our_own_proxy_tells(peer: str, told: str, seen: str) -> None:
    app = Flask("proxied")
    app.add_url_rule("/", view_func=lambda: f"{request.remote_addr} {request.scheme}")
    app.wsgi_app = Proxied(app.wsgi_app, "10.20.0.0/24")  # type: ignore[method-assign]  # Flask's own way
    answer = app.test_client().get(
        "/",
        headers={"X-Forwarded-For": told, "X-Forwarded-Proto": "https"},
        environ_base={"REMOTE_ADDR": peer},
    )
    assert answer.text == f"{seen} {'https' if peer == '10.20.0.5' else 'http'}"


def test_networks_and_forms_that_are_none_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="trusted_proxies"):
        Proxied(Flask("x"), "proxy.example")
    with pytest.raises(ConfigurationError, match="log_format"):
        logs.formatter("xml")


def test_an_exception_is_logged_by_kind_and_place_without_its_text() -> None:
    try:
        raise ValueError("het antwoord van Sanne")
    except ValueError:
        record = logging.makeLogRecord(
            {"name": "service.x", "msg": "timer_failed", "instance": 7, "exc_info": sys.exc_info()}
        )
    line = json.loads(logs.JsonLines().format(record))
    assert (line["event"], line["error"], line["instance"]) == ("timer_failed", "ValueError", 7)
    assert any("test_request_ids.py" in place for place in line["trace"])
    assert "Sanne" not in json.dumps(line)
