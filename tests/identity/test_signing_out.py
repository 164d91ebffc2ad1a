"""Out on both sides: asked at ours, or told by the provider."""

from __future__ import annotations

import time
import urllib.parse
from typing import Any

import pytest

from service import identity
from tests.identity.elsewhere import Browser, Provider, sign_in
from tests.site import Page

pytestmark = pytest.mark.xdist_group("oidc")

LOGIN = "school_ib.regenboogbrug@demo.invalid"


def test_signing_out_ends_both_sides_and_puts_nobody_in_an_address(browser: Browser, swv: Provider) -> None:
    sign_in(browser, "swv", "noor-7f3a")
    token = browser.token
    page = browser.get("/uitloggen")
    page = browser.submit(page, leaving(page), {})
    assert identity.actor_of(token) is None
    form = leaving(page)
    assert form.get("action").startswith(swv.issuer)
    assert f"form-action 'self' {swv.issuer};" in page.headers["Content-Security-Policy"]
    assert "Ook uitloggen bij Proef swv" in page.words()
    page = browser.post(form.get("action"), form.form_values())
    assert "id_token_hint" not in page.address
    confirm = leaving(page)
    page = browser.post(confirm.get("action"), [*confirm.form_values(), ("logout", "yes")])
    assert page.path == "/inloggen"
    assert "/inloggen/" in browser.get("/aanmelden/swv").address  # the provider asks anew who this is


def test_a_provider_that_takes_no_form_is_left_by_a_link_without_a_name(browser: Browser) -> None:
    sign_in(browser, "scholen", "esther-22de")
    page = browser.get("/uitloggen")
    page = browser.submit(page, leaving(page), {})
    form = page.tree.xpath("//main//form")[0]
    assert form.get("method") == "get"
    fields = dict(form.form_values())
    assert sorted(fields) == ["client_id", "post_logout_redirect_uri"]
    confirm = leaving(browser.get(f"{form.get('action')}?{urllib.parse.urlencode(fields)}"))
    page = browser.post(confirm.get("action"), [*confirm.form_values(), ("logout", "yes")])
    assert page.path == "/inloggen"


def test_no_other_page_may_send_a_form_elsewhere(browser: Browser) -> None:
    assert "form-action 'self';" in browser.get("/inloggen").headers["Content-Security-Policy"]


def test_signing_out_with_a_password_asks_nothing_more(browser: Browser) -> None:
    browser.sign_in(LOGIN)
    page = browser.get("/uitloggen")
    assert browser.submit(page, leaving(page), {}).path == "/inloggen"


def test_signing_out_at_the_provider_ends_our_session(browser: Browser, swv: Provider) -> None:
    sign_in(browser, "swv", "noor-7f3a")
    token = browser.token
    page = browser.get(f"{swv.issuer}/session/end")
    confirm = leaving(page)
    browser.post(confirm.get("action"), [*confirm.form_values(), ("logout", "yes")])
    deadline = time.monotonic() + 10
    while identity.actor_of(token) is not None and time.monotonic() < deadline:
        time.sleep(0.02)  # the provider tells us from its own process, when it likes
    assert identity.actor_of(token) is None


@pytest.mark.parametrize(
    ("way", "change", "status"),
    [
        ("", {}, 200),
        ("sleutel", {}, 401),
        ("", {"aud": "een andere dienst"}, 401),
        ("", {"iss": "https://een.andere.example"}, 401),
        ("", {"iat": 1700000000}, 401),
        ("", {"exp": 1700000000}, 401),
        ("", {"iat": "gisteren"}, 401),
        ("", {"iat": 1e300}, 401),
        ("", {"iat": True}, 401),
        ("", {"nonce": "n"}, 401),
        ("", {"events": {}}, 401),
        ("", {"events": {"http://schemas.openid.net/event/backchannel-logout": None}}, 401),
        ("", {"jti": 7}, 401),
        ("", {"jti": ""}, 401),
        ("", {"sub": ["noor-7f3a"]}, 401),
        ("", {"sub": ""}, 401),
    ],
)
def test_a_logout_token_is_believed_when_all_of_it_is_right(
    browser: Browser, swv: Provider, way: str, change: dict[str, object], status: int
) -> None:
    sign_in(browser, "swv", "noor-7f3a")
    swv.answers(way)
    token = swv.logout_token(**{"sub": "noor-7f3a", **change})
    answer = Browser(browser.address).post("/aanmelden/swv/uitgelogd", [("logout_token", token)])
    assert (answer.status, answer.text) == (status, "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert (browser.actor is None) is (status == 200)


def test_a_logout_token_is_believed_once_and_at_its_own_provider(browser: Browser, swv: Provider) -> None:
    token = swv.logout_token(sub="noor-7f3a")
    stranger = Browser(browser.address)
    assert stranger.post("/aanmelden/scholen/uitgelogd", [("logout_token", token)]).status == 401
    assert stranger.post("/aanmelden/swv/uitgelogd", [("logout_token", token)]).status == 200
    sign_in(browser, "swv", "noor-7f3a")
    assert stranger.post("/aanmelden/swv/uitgelogd", [("logout_token", token)]).status == 401
    assert browser.actor
    assert stranger.post("/aanmelden/swv/uitgelogd", []).status == 401


def leaving(page: Page) -> Any:
    return next(form for form in page.forms() if form.get("method", "").lower() == "post")
