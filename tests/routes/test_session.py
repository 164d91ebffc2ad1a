"""A session begins under a name that nobody knew before, and the one that the browser had ends."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from service.operations import factors, runtime, sessions, totp
from service.web.session import COOKIE
from tests.operations.conftest import person
from tests.routes.conftest import World

WHO = "mbo.roc"
PLANTED = "geplant-door-een-ander-0123456789abcdef"


def token_of(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie(COOKIE)
    assert found is not None
    return found.value


def browser(world: World, carries: str) -> FlaskClient:
    client = world.app.test_client()
    client.set_cookie(COOKIE, carries)
    return client


def enter(client: FlaskClient, page: str) -> str:
    """Send name and password from a page that was open; gives where it leads."""
    answer = client.post(
        "/inloggen",
        data={"csrf_token": token_of(page), "username": f"{WHO}@demo.invalid", "password": "demo"},
    )
    assert answer.status_code == 302
    return answer.headers["Location"]


@pytest.fixture
def secret(world: World) -> Iterator[bytes]:
    """An app that makes the codes of somebody; taken away afterwards."""
    actor = person(WHO)
    made = base64.b32decode(factors.enrol(actor).text.replace(" ", ""))
    factors.confirm(actor, code(made))
    yield made
    later()
    factors.remove(actor, code(made))


def code(secret: bytes) -> str:
    return totp.code(secret, totp.step_at(runtime.now().timestamp()))


def later() -> None:
    """Half a minute and more: the next code."""
    running = runtime.current()
    runtime.use(replace(running, clock=type(running.clock)(runtime.now() + timedelta(seconds=60))))  # type: ignore[call-arg]  # the pinned one


def test_a_session_that_somebody_planted_is_not_the_one_that_begins(world: World) -> None:
    client = browser(world, PLANTED)
    page = client.get("/inloggen").get_data(as_text=True)
    enter(client, page)
    assert cookie(client) != PLANTED
    assert sessions.actor_of(PLANTED) is None
    assert sessions.actor_of(cookie(client)) is not None


def test_who_signs_in_over_a_living_session_ends_it(world: World) -> None:
    """Also when the living one is somebody else's: planted in this browser, to read along."""
    theirs = sessions.begin(person("school_ib.regenboogbrug"))
    client = browser(world, theirs)
    page = client.get("/uitloggen").get_data(as_text=True)  # signed in, the sign-in page leads away
    enter(client, page)
    assert sessions.actor_of(theirs) is None
    found = sessions.actor_of(cookie(client))
    assert found is not None
    assert found.login == f"{WHO}@demo.invalid"


def test_the_second_step_begins_a_session_of_its_own_too(world: World, secret: bytes) -> None:
    theirs = sessions.begin(person("school_ib.regenboogbrug"))
    client = browser(world, theirs)
    page = client.get("/uitloggen").get_data(as_text=True)
    assert enter(client, page).startswith("/inloggen/code")
    assert cookie(client) == theirs  # halfway nothing began
    later()
    answer = client.post("/inloggen/code", data={"csrf_token": token_of(page), "code": code(secret)})
    assert answer.status_code == 302
    assert sessions.actor_of(theirs) is None
    found = sessions.actor_of(cookie(client))
    assert found is not None
    assert (found.login, found.assurance) == (f"{WHO}@demo.invalid", "substantial")


def test_staying_signed_in_needs_the_token_of_a_page(world: World) -> None:
    client = world.client(person(WHO))
    assert client.post("/sessie").status_code == 400
    page = client.get("/taken").get_data(as_text=True)
    assert client.post("/sessie", data={"csrf_token": token_of(page)}).status_code == 204


def test_a_stranger_does_not_stay(world: World) -> None:
    client = world.app.test_client()
    page = client.get("/inloggen").get_data(as_text=True)
    assert client.post("/sessie", data={"csrf_token": token_of(page)}).status_code == 401
