"""Signing in: the session lives while it is used, strangers learn nothing, guessing is slowed down."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from service import identity
from service.clock import PinnedClock
from service.domain import Actor
from service.errors import NotSignedIn, TooManyAttempts
from service.identity import basic
from service.operations import accounts, housekeeping
from service.store.scopes import SERVICE
from service.store.session import transaction

LOGIN = "school_ib.regenboogbrug@demo.invalid"


def test_a_session_knows_who_and_in_which_role(clock: PinnedClock) -> None:
    actor = identity.actor_of(identity.sign_in(LOGIN.upper(), "demo"))
    assert actor is not None
    assert (actor.login, actor.name) == (LOGIN, "Esther V.")
    assert "school_ib@regenboogbrug" in actor.candidates
    assert actor.session


@pytest.mark.parametrize(
    ("login", "password"), [(LOGIN, "fout"), (LOGIN, ""), ("niemand@demo.invalid", "demo"), ("", "")]
)
def test_wrong_name_and_wrong_password_are_one_answer(clock: PinnedClock, login: str, password: str) -> None:
    with pytest.raises(NotSignedIn):
        identity.sign_in(login, password)


def test_an_unknown_login_takes_as_long_as_a_known_one(clock: PinnedClock) -> None:
    known = min(refusal_seconds(LOGIN) for _ in range(3))
    unknown = min(refusal_seconds("niemand@demo.invalid") for _ in range(3))
    assert 0.4 < known / unknown < 2.5


def refusal_seconds(login: str) -> float:
    began = time.perf_counter()
    with pytest.raises(NotSignedIn):
        identity.sign_in(login, "fout")
    return time.perf_counter() - began


def test_a_session_ends_when_it_is_not_used(clock: PinnedClock) -> None:
    token = identity.sign_in(LOGIN, "demo")
    for _ in range(4):
        clock.move(timedelta(minutes=29))
        assert identity.actor_of(token) is not None
    clock.move(timedelta(minutes=31))
    assert identity.actor_of(token) is None


def test_a_session_ends_after_a_working_day_however_much_it_is_used(clock: PinnedClock) -> None:
    token = identity.sign_in(LOGIN, "demo")
    for _ in range(39):
        clock.move(timedelta(minutes=15))
        assert identity.actor_of(token) is not None
    clock.move(timedelta(minutes=16))
    assert identity.actor_of(token) is None


def test_signing_out_ends_it_on_the_server(clock: PinnedClock) -> None:
    token = identity.sign_in(LOGIN, "demo")
    identity.sign_out(token)
    assert identity.actor_of(token) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é\0"])
def test_a_made_up_token_is_nobody(clock: PinnedClock, token: str) -> None:
    assert identity.actor_of(token) is None


def test_the_database_does_not_hold_the_token(clock: PinnedClock) -> None:
    token = identity.sign_in(LOGIN, "demo")
    with transaction(SERVICE) as session:
        stored = session.execute(
            text("SELECT string_agg(web_session::text, ' ') FROM web_session")
        ).scalar_one()
    assert token not in stored
    assert token.encode().hex() not in stored


def test_guessing_is_stopped_and_forgiven_later(clock: PinnedClock) -> None:
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            identity.sign_in(LOGIN, "fout", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        identity.sign_in(LOGIN, "demo", "192.0.2.1")
    clock.move(timedelta(minutes=16))
    assert identity.sign_in(LOGIN, "demo", "192.0.2.1")


def test_what_anybody_may_do_is_counted_per_address(clock: PinnedClock) -> None:
    for _ in range(3):
        accounts.visit("depart", "192.0.2.7", 3)
    with pytest.raises(TooManyAttempts):
        accounts.visit("depart", "192.0.2.7", 3)
    accounts.visit("depart", "192.0.2.8", 3)  # another address
    accounts.visit("arrive", "192.0.2.7", 3)  # another door
    assert identity.sign_in(LOGIN, "demo", "192.0.2.7")  # and signing in is counted apart
    clock.move(timedelta(minutes=16))
    accounts.visit("depart", "192.0.2.7", 3)


@pytest.fixture
def slow_checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The logins whose password was checked the slow way, in order."""
    seen: list[str] = []
    check = accounts.check

    def counted(login: str, password: str, address: str = "") -> Actor:
        seen.append(login)
        return check(login, password, address)

    monkeypatch.setattr(accounts, "check", counted)
    basic.forget()
    return seen


def test_basic_credentials_are_checked_slowly_once(clock: PinnedClock, slow_checks: list[str]) -> None:
    first = identity.actor_basic(LOGIN, "demo")
    assert identity.actor_basic(LOGIN, "demo") == first
    assert slow_checks == [LOGIN]
    with pytest.raises(NotSignedIn):
        identity.actor_basic(LOGIN, "Demo")


def test_basic_credentials_are_checked_again_after_five_minutes(
    clock: PinnedClock, monkeypatch: pytest.MonkeyPatch, slow_checks: list[str]
) -> None:
    monkeypatch.setattr(basic, "KEPT_SECONDS", -1.0)
    for _ in range(3):
        identity.actor_basic(LOGIN, "demo")
    assert slow_checks == [LOGIN] * 3


def test_ended_sessions_are_swept(clock: PinnedClock) -> None:
    identity.sign_in(LOGIN, "demo")
    clock.move(timedelta(hours=11))
    housekeeping.sweep()
    with transaction(SERVICE) as session:
        assert session.execute(text("SELECT count(*) FROM web_session")).scalar_one() == 0
