"""Programs come in with a token that does no more than it is for, or with a short-lived one made from it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from service import identity
from service.access import Permission
from service.app import create_app
from service.cli import main
from service.clock import PinnedClock
from service.config import Settings
from service.errors import BadRequest, Conflict, NotSignedIn
from service.operations import accounts, runtime, tokens
from service.store import tokens as rows
from service.store.scopes import SERVICE, WORKER
from service.store.session import transaction

LOGIN = "api.zilverbeek@demo.invalid"
DAY = timedelta(days=1)
_names = iter(range(1_000))


def made(*scopes: str, lasts: timedelta = 30 * DAY) -> tuple[str, str]:
    name = f"koppeling-{next(_names)}"
    return name, tokens.create(name, LOGIN, scopes or ("definition:read",), lasts)


@pytest.fixture(scope="module")
def app(service: runtime.Runtime, settings: Settings) -> Flask:
    return create_app(settings, connect=False)


@pytest.fixture
def client(app: Flask, clock: PinnedClock) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def test_a_token_speaks_for_its_account_and_no_further(clock: PinnedClock) -> None:
    _, token = made("definition:read", "task:*")
    actor = identity.actor_bearer(token)
    assert actor.login == LOGIN
    tasks = frozenset(p.value for p in Permission if p.value.startswith("task:"))
    assert actor.scopes == tasks | {"definition:read"}
    assert token.startswith("slt_")


@pytest.mark.parametrize("token", ["", "slt_", "slt_" + "x" * 43, "x" * 5000, "' OR 1=1", "Bearer"])
def test_what_is_no_token_is_nobody(clock: PinnedClock, token: str) -> None:
    with pytest.raises(NotSignedIn):
        identity.actor_bearer(token)


def test_a_token_ends_by_itself_and_by_hand(clock: PinnedClock) -> None:
    name, token = made(lasts=2 * DAY)
    _, other = made(lasts=9 * DAY)
    clock.move(2 * DAY)
    with pytest.raises(NotSignedIn):
        identity.actor_bearer(token)
    assert identity.actor_bearer(other)
    third_name, third = made()
    assert tokens.revoke(third_name)
    assert not tokens.revoke(third_name)
    with pytest.raises(NotSignedIn):
        identity.actor_bearer(third)
    assert tokens.create(third_name, LOGIN, ["task:read"], DAY)  # the name is free again
    assert name in {row.name for row in tokens.everyone()}


def test_a_token_of_a_closed_account_is_nobody(clock: PinnedClock) -> None:
    login = "rmc.rbl@demo.invalid"
    token = tokens.create(f"dicht-{next(_names)}", login, ["task:read"], DAY)
    actor = identity.actor_bearer(token)
    with transaction(SERVICE) as session:
        session.execute(
            text("UPDATE account SET disabled_at = now() WHERE key = :key"), {"key": actor.account}
        )
    with pytest.raises(NotSignedIn):
        identity.actor_bearer(token)
    with transaction(SERVICE) as session:
        session.execute(
            text("UPDATE account SET disabled_at = NULL WHERE key = :key"), {"key": actor.account}
        )


@pytest.mark.parametrize(
    ("name", "login", "scopes", "days"),
    [
        ("Met Hoofdletters", LOGIN, ["task:read"], 1),
        ("goed", "niemand@demo.invalid", ["task:read"], 1),
        ("goed", LOGIN, [], 1),
        ("goed", LOGIN, ["alles"], 1),
        ("goed", LOGIN, ["*"], 1),
        ("goed", LOGIN, ["task:read"], 0),
        ("goed", LOGIN, ["task:read"], 4000),
    ],
)
def test_a_token_that_cannot_be_is_not_made(
    clock: PinnedClock, name: str, login: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(BadRequest):
        tokens.create(name, login, scopes, days * DAY)


def test_a_name_is_used_once(clock: PinnedClock) -> None:
    name, _ = made()
    with pytest.raises(Conflict):
        tokens.create(name, LOGIN, ["task:read"], DAY)


def test_last_use_is_noted_once_a_minute(clock: PinnedClock) -> None:
    name, token = made()

    def seen() -> object:
        return next(row.used_at for row in tokens.everyone() if row.name == name)

    assert seen() is None
    identity.actor_bearer(token)
    first = seen()
    clock.move(timedelta(seconds=30))
    identity.actor_bearer(token)
    assert seen() == first
    clock.move(timedelta(seconds=31))
    identity.actor_bearer(token)
    assert seen() != first


def test_the_database_does_not_hold_a_token(clock: PinnedClock) -> None:
    _, token = made()
    with transaction(SERVICE) as session:
        found = session.execute(text("SELECT t::text FROM api_token AS t")).scalars().all()
    assert found
    assert not any(token in row or token.encode().hex() in row for row in found)


def test_the_api_takes_a_token_as_far_as_it_goes(client: FlaskClient) -> None:
    _, narrow = made("definition:read")
    found = client.post("/v2/process-definitions/search", json={}, headers=bearing(narrow))
    assert found.status_code == 200
    for elsewhere in ("user-tasks", "process-instances", "incidents"):
        assert client.post(f"/v2/{elsewhere}/search", json={}, headers=bearing(narrow)).status_code == 403
    refused = client.post("/v2/process-instances", json={"processDefinitionId": "x"}, headers=bearing(narrow))
    assert refused.status_code in {403, 404}
    deployed = client.post(
        "/v2/deployments", data={"resources": (io.BytesIO(b"x"), "x.bpmn")}, headers=bearing(narrow)
    )
    assert deployed.status_code == 403
    assert client.get("/v2/topology", headers=bearing("slt_forged")).status_code == 401


def test_a_program_exchanges_its_secret_for_a_short_lived_token(
    client: FlaskClient, clock: PinnedClock
) -> None:
    name, secret = made("definition:read")
    body = {"grant_type": "client_credentials", "audience": "zeebe.elders.invalid"}
    posted = client.post("/oauth/token", data={**body, "client_id": name, "client_secret": secret})
    header = client.post("/oauth/token", data=body, headers=basic(name, secret))
    for answer in (posted, header):
        assert (answer.status_code, answer.get_json()["token_type"]) == (200, "Bearer")
        assert answer.get_json()["expires_in"] == 3600
        assert answer.headers["Cache-Control"] == "no-store"
    token = posted.get_json()["access_token"]
    assert client.post("/v2/process-definitions/search", json={}, headers=bearing(token)).status_code == 200
    again = client.post("/oauth/token", data={**body, "client_id": name, "client_secret": token})
    assert again.status_code == 401  # a short-lived token makes no other
    clock.move(timedelta(hours=1))
    assert client.post("/v2/process-definitions/search", json={}, headers=bearing(token)).status_code == 401
    with transaction(WORKER) as session:
        rows.sweep(session, clock.now())
        left = session.execute(
            text("SELECT count(*) FROM api_token WHERE parent_key IS NOT NULL AND expires_at <= :at"),
            {"at": clock.now()},
        )
        assert left.scalar_one() == 0


def test_revoking_ends_what_was_made_from_it(client: FlaskClient) -> None:
    name, secret = made("definition:read")
    token, _ = identity.exchange(name, secret)
    tokens.revoke(name)
    assert client.post("/v2/process-definitions/search", json={}, headers=bearing(token)).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 400, "invalid_request"),
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}, 401, "invalid_client"),
        (
            {"grant_type": "client_credentials", "client_id": "x" * 999, "client_secret": "y"},
            401,
            "invalid_client",
        ),
    ],
)
def test_an_exchange_that_cannot_be_says_why_as_the_standard_says(
    client: FlaskClient, body: dict[str, str], status: int, error: str
) -> None:
    """RFC 6749, section 5.2."""
    answer = client.post("/oauth/token", data=body)
    assert (answer.status_code, answer.get_json()) == (status, {"error": error})
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)


def test_guessing_a_secret_is_slowed_down(client: FlaskClient) -> None:
    name, secret = made()
    body = {"grant_type": "client_credentials", "client_id": name, "client_secret": "slt_guess"}
    for _ in range(accounts.MOST_PER_LOGIN):
        assert client.post("/oauth/token", data=body).status_code == 401
    assert client.post("/oauth/token", data={**body, "client_secret": secret}).status_code == 429


def test_the_command_needs_a_known_scope(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as misused:
        main(["token", "create"])
    assert misused.value.code == 2
    assert "name" in capsys.readouterr().err
