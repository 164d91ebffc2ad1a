"""Forged requests, foreign addresses and headers."""

from __future__ import annotations

import re

import pytest
from flask import Flask, Response

from service.web import session


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elders.example/",
        "//elders.example/x",
        "/\\elders.example",
        "javascript:alert(1)",
        "",
        "taken",
        "/\n/x",
    ],
)
def test_after_signing_in_nobody_is_led_to_another_site(wanted: str) -> None:
    assert session.local_path(wanted, "/taken") == "/taken"


def test_after_signing_in_one_goes_where_one_wanted() -> None:
    assert session.local_path("/casus/ZB-1?a=b", "/taken") == "/casus/ZB-1?a=b"


def test_a_stranger_is_led_to_the_sign_in_page_and_back(app: Flask) -> None:
    answer = app.test_client().get("/taken?vanaf=50")
    assert (answer.status_code, answer.location) == (302, "/inloggen?volgende=/taken?vanaf%3D50")


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/inloggen", data={"username": "a", "password": "b"})
    assert answer.status_code == 400
    assert "verlopen" in answer.text


def test_a_token_of_another_browser_is_refused(app: Flask) -> None:
    page = app.test_client().get("/inloggen").text
    found = re.search(r'name="csrf_token" value="(\w+)"', page)
    assert found
    answer = app.test_client().post(
        "/inloggen", data={"csrf_token": found[1], "username": "a", "password": "b"}
    )
    assert answer.status_code == 400


def test_a_request_from_another_site_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/inloggen", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_page_runs_only_our_own_scripts_and_styles(app: Flask) -> None:
    policy = app.test_client().get("/inloggen").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_page_is_never_kept_by_a_shared_browser(app: Flask) -> None:
    assert app.test_client().get("/inloggen").headers["Cache-Control"] == "no-store"


def test_an_unknown_address_is_a_dutch_page(app: Flask) -> None:
    answer = app.test_client().get("/bestaat-niet")
    assert answer.status_code == 404
    assert "Deze pagina is er niet" in answer.text


def test_a_session_that_ended_does_not_take_the_typed_text(app: Flask) -> None:
    answer = app.test_client().post("/taken/1", data={"waarom": "Een half uur werk <b>"})
    assert answer.status_code == 401
    assert "Een half uur werk &lt;b&gt;" in answer.text
    assert "/inloggen?volgende=/taken/1" in answer.text


def test_what_is_too_large_is_told_as_a_page(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = app.test_client().post("/inloggen", data={"username": "a" * 2000})
    assert answer.status_code == 413
    assert "te groot" in answer.text


def test_a_long_text_is_taken_up_to_the_limit_of_the_body(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 6_000_000
    answer = app.test_client().post("/taken/1", data={"waarom": "a" * 2_000_000})
    assert answer.status_code == 401


def test_what_breaks_on_our_side_is_told_without_detail(app: Flask) -> None:
    @app.get("/stuk")
    def broken() -> str:
        raise RuntimeError("secret detail")

    answer = app.test_client().get("/stuk")
    assert answer.status_code == 500
    assert "Er ging iets mis bij ons" in answer.text
    assert "secret detail" not in answer.text


@pytest.mark.parametrize(
    ("address", "safe"),
    [("http://sluitend.example", True), ("https://localhost", True), ("http://localhost:8000", False)],
)
def test_a_session_cookie_goes_over_https_only_save_on_this_very_machine(
    app: Flask, address: str, safe: bool
) -> None:
    with app.test_request_context("/", base_url=address):
        cookie = session.begin(Response(), "token").headers["Set-Cookie"]
    assert ("Secure" in cookie) is safe
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
