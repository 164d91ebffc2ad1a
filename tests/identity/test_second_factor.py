"""A code after the password: made as the standard says, counted once, guessed seldom, replaced by paper."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from service import identity
from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BadRequest, CodeNeeded, Conflict, NotSignedIn, TooManyAttempts
from service.identity import basic
from service.operations import accounts, factors, runtime, totp, users
from service.store import factors as rows
from service.store.scopes import SERVICE, WORKER
from service.store.session import transaction

LOGIN = "wijkteam.sociaalteam@demo.invalid"
RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1."""
    assert totp.code(RFC_SECRET, totp.step_at(seconds), digits=8) == code


def test_clocks_may_differ_by_a_step_and_no_more() -> None:
    now = 1_800_000_000
    for steps, counts in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        given = totp.code(RFC_SECRET, totp.step_at(now) + steps)
        assert (totp.matching(RFC_SECRET, given, now, after=0) is not None) is counts


@pytest.fixture
def somebody(clock: PinnedClock) -> Actor:
    """An account without a second factor."""
    actor = accounts.by_login(LOGIN)
    assert actor is not None
    with transaction(SERVICE) as session:
        rows.remove(session, actor.account)
    basic.forget()
    return actor


def secret_of(enrolment: factors.Enrolment) -> bytes:
    [plain] = parse_qs(urlsplit(enrolment.address).query)["secret"]
    return base64.b32decode(plain)


def now(secret: bytes, clock: PinnedClock) -> str:
    return totp.code(secret, totp.step_at(clock.now().timestamp()))


def enrolled(actor: Actor, clock: PinnedClock) -> tuple[bytes, tuple[str, ...]]:
    secret = secret_of(factors.enrol(actor))
    return secret, factors.confirm(actor, now(secret, clock))


def halfway() -> str:
    with pytest.raises(CodeNeeded) as needed:
        identity.sign_in(LOGIN, "demo")
    return needed.value.token


def test_until_it_is_confirmed_the_password_is_enough(somebody: Actor, clock: PinnedClock) -> None:
    enrolment = factors.enrol(somebody)
    assert factors.enrol(somebody) == enrolment  # a page that is loaded twice shows one secret
    assert identity.sign_in(LOGIN, "demo")
    with pytest.raises(BadRequest):
        factors.confirm(somebody, "000000")
    assert identity.sign_in(LOGIN, "demo")


def test_the_app_and_the_address_hold_the_same_secret(somebody: Actor, clock: PinnedClock) -> None:
    enrolment = factors.enrol(somebody)
    assert base64.b32decode(enrolment.text.replace(" ", "")) == secret_of(enrolment)
    assert enrolment.address.startswith("otpauth://totp/Sluitend")


def test_after_it_is_confirmed_a_session_needs_password_and_code(somebody: Actor, clock: PinnedClock) -> None:
    secret, _ = enrolled(somebody, clock)
    token = halfway()
    assert identity.actor_of(token) is None  # half a sign-in is no session
    clock.move(timedelta(seconds=30))
    found = identity.actor_of(identity.give_code(token, now(secret, clock)))
    assert found is not None
    assert (found.login, found.assurance) == (LOGIN, "substantial")
    with pytest.raises(NotSignedIn):
        identity.give_code(token, now(secret, clock))  # the half sign-in is used


def test_a_code_counts_once(somebody: Actor, clock: PinnedClock) -> None:
    secret, _ = enrolled(somebody, clock)
    clock.move(timedelta(seconds=30))
    code = now(secret, clock)
    identity.give_code(halfway(), code)
    with pytest.raises(NotSignedIn):
        identity.give_code(halfway(), code)


def test_a_paper_code_counts_once_however_it_is_typed(somebody: Actor, clock: PinnedClock) -> None:
    _, codes = enrolled(somebody, clock)
    assert len(set(codes)) == factors.PAPER_CODES
    assert identity.give_code(halfway(), codes[0])
    with pytest.raises(NotSignedIn):
        identity.give_code(halfway(), codes[0])
    assert identity.give_code(halfway(), codes[1].lower().replace("-", " "))
    assert factors.status(somebody).paper_left == factors.PAPER_CODES - 2


def test_new_paper_codes_take_the_place_of_the_old(somebody: Actor, clock: PinnedClock) -> None:
    _, old = enrolled(somebody, clock)
    fresh = factors.renew_paper(somebody, old[0])
    assert not set(fresh) & set(old)
    with pytest.raises(NotSignedIn):
        identity.give_code(halfway(), old[1])
    assert identity.give_code(halfway(), fresh[0])


def test_guessing_a_code_is_stopped(somebody: Actor, clock: PinnedClock) -> None:
    secret, _ = enrolled(somebody, clock)
    token = halfway()
    for _ in range(accounts.MOST_PER_LOGIN):
        with pytest.raises(NotSignedIn):
            identity.give_code(token, "000000")
    clock.move(timedelta(seconds=30))
    with pytest.raises(TooManyAttempts):
        identity.give_code(token, now(secret, clock))


def test_who_waits_too_long_begins_again(somebody: Actor, clock: PinnedClock) -> None:
    secret, _ = enrolled(somebody, clock)
    token = halfway()
    clock.move(timedelta(minutes=10))
    with pytest.raises(NotSignedIn):
        identity.give_code(token, now(secret, clock))
    with transaction(WORKER) as session:
        rows.sweep(session, clock.now())
        assert session.execute(text("SELECT count(*) FROM half_sign_in")).scalar_one() == 0


@pytest.mark.parametrize(
    "code", ["", "   ", "12345", "1234567", "\uff11\uff12\uff13\uff14\uff15\uff16", "' OR 1=1", "x" * 5000]
)
def test_what_is_no_code_is_wrong_and_breaks_nothing(somebody: Actor, clock: PinnedClock, code: str) -> None:
    enrolled(somebody, clock)
    with pytest.raises(NotSignedIn):
        identity.give_code(halfway(), code)
    with pytest.raises(NotSignedIn):
        identity.give_code("made-up", "000000")


def test_a_program_does_not_come_in_with_the_password_alone(somebody: Actor, clock: PinnedClock) -> None:
    assert identity.actor_basic(LOGIN, "demo").login == LOGIN
    enrolled(somebody, clock)
    with pytest.raises(NotSignedIn):
        identity.actor_basic(LOGIN, "demo")


def test_it_is_taken_away_with_a_code_only(somebody: Actor, clock: PinnedClock) -> None:
    _, codes = enrolled(somebody, clock)
    with pytest.raises(Conflict):
        factors.enrol(somebody)
    with pytest.raises(BadRequest):
        factors.remove(somebody, "000000")
    factors.remove(somebody, codes[0])
    assert identity.sign_in(LOGIN, "demo")


def test_the_database_holds_no_secret_and_no_code(somebody: Actor, clock: PinnedClock) -> None:
    secret, codes = enrolled(somebody, clock)
    with transaction(SERVICE) as session:
        found = session.execute(text("SELECT sealed FROM second_factor")).scalars().all()
        hashes = session.execute(text("SELECT code_hash FROM paper_code")).scalars().all()
    assert all(secret not in bytes(one) for one in found)
    assert not {code.replace("-", "").encode() for code in codes} & {bytes(one) for one in hashes}


def test_guessing_is_counted_wherever_a_code_is_asked(somebody: Actor, clock: PinnedClock) -> None:
    secret, _ = enrolled(somebody, clock)
    for guess in (factors.remove, factors.renew_paper):
        for _ in range(accounts.MOST_PER_LOGIN // 2):
            with pytest.raises(BadRequest):
                guess(somebody, "000000")
    clock.move(timedelta(seconds=30))
    with pytest.raises(TooManyAttempts):
        factors.remove(somebody, now(secret, clock))


def test_sessions_of_the_password_alone_end_when_it_is_switched_on(
    somebody: Actor, clock: PinnedClock
) -> None:
    session = identity.sign_in(LOGIN, "demo")
    enrolled(somebody, clock)
    assert identity.actor_of(session) is None


def test_another_password_ends_sign_ins_that_are_halfway(clock: PinnedClock) -> None:
    login, password = "halverwege@demo.invalid", "een-lange-zin-42"
    users.create(login, "Half W.", ["rmc@rbl"], password)
    actor = accounts.by_login(login)
    assert actor is not None
    _, codes = enrolled(actor, clock)
    with pytest.raises(CodeNeeded) as needed:
        identity.sign_in(login, password)
    users.set_password(login, "een-andere-zin-43")
    with pytest.raises(NotSignedIn):
        identity.give_code(needed.value.token, codes[0])


def test_a_role_that_needs_a_second_factor_is_no_program(somebody: Actor, clock: PinnedClock) -> None:
    assert identity.actor_basic(LOGIN, "demo")
    running = runtime.current()
    register = replace(running.register, second_factor=frozenset({"wijkteam"}))
    runtime.use(replace(running, register=register))
    try:
        with pytest.raises(NotSignedIn):
            identity.actor_basic(LOGIN, "demo")
    finally:
        runtime.use(running)
