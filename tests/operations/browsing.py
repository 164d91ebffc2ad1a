"""Pages over HTTP as somebody who is signed in: what they show, and forms sent with the token of their page."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service import web
from service.domain import Actor
from service.operations import sessions
from service.web.session import COOKIE

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def application() -> Flask:
    """The pages alone, on the service that runs."""
    made = Flask("pages", static_folder=None)
    made.secret_key = "a secret that only this test knows, long enough"
    web.register(made)
    return made


def browser(app: Flask, actor: Actor) -> FlaskClient:
    """A browser in which somebody is signed in."""
    client = app.test_client()
    client.set_cookie(COOKIE, sessions.begin(actor))
    return client


def send(client: FlaskClient, address: str, given: dict[str, str], *, page: str = "") -> TestResponse:
    """Send a form as its page does.

    page  the page that holds the form, when it has another address
    """
    found = _TOKEN.search(client.get(page or address).get_data(as_text=True))
    assert found is not None, address
    return client.post(address, data={"csrf_token": found[1], **given})


def text(client: FlaskClient, address: str) -> str:
    """A page that must be there."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True)
