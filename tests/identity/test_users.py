"""`sluitend user`: accounts are made without a password on the command line, and every change ends their sessions."""

from __future__ import annotations

import io

import pytest

from service import identity
from service.cli import main
from service.clock import PinnedClock
from service.errors import BadRequest, Conflict, NotFound, NotSignedIn
from service.operations import users

PASSWORD = "een-lange-zin-42"


def login(number: int) -> str:
    return f"nieuw.{number}@demo.invalid"


def test_an_account_signs_in_with_the_roles_it_was_given(clock: PinnedClock) -> None:
    users.create(login(1).upper(), "Sanne de W.", ["school_ib@regenboogbrug", "ouder"], PASSWORD)
    found = identity.actor_of(identity.sign_in(login(1), PASSWORD))
    assert found is not None
    assert (found.name, found.roles) == ("Sanne de W.", frozenset({"school_ib", "ouder"}))
    with pytest.raises(Conflict):
        users.create(login(1), "Iemand anders", [], PASSWORD)


@pytest.mark.parametrize(
    ("address", "name", "roles", "password"),
    [
        ("geen-adres", "X", [], PASSWORD),
        ("x@demo.invalid", " ", [], PASSWORD),
        ("x@demo.invalid", "X\nY", [], PASSWORD),
        ("x@demo.invalid", "X", ["tovenaar"], PASSWORD),
        ("x@demo.invalid", "X", ["school_ib@nergens"], PASSWORD),
        ("x@demo.invalid", "X", [], "kort"),
        ("x@demo.invalid", "X", [], "aaaaaaaaaaaaaaaa"),
        ("x@demo.invalid", "X", [], "x" * 201),
        ("lange.naam.hier@demo.invalid", "X", [], "lange.naam.hier"),
    ],
)
def test_what_cannot_be_is_refused_and_makes_no_account(
    clock: PinnedClock, address: str, name: str, roles: list[str], password: str
) -> None:
    with pytest.raises(BadRequest):
        users.create(address, name, roles, password)
    assert address not in {row.login for row in users.everyone()}


def test_another_password_or_role_ends_every_session(clock: PinnedClock) -> None:
    users.create(login(2), "Ruben O.", ["rmc@rbl"], PASSWORD)
    first, second = identity.sign_in(login(2), PASSWORD), identity.sign_in(login(2), PASSWORD)
    users.set_password(login(2), "een-andere-zin-43")
    assert [identity.actor_of(token) for token in (first, second)] == [None, None]
    with pytest.raises(NotSignedIn):
        identity.sign_in(login(2), PASSWORD)
    third = identity.sign_in(login(2), "een-andere-zin-43")
    users.set_roles(login(2), ["mbo@roc"])
    assert identity.actor_of(third) is None
    found = identity.actor_of(identity.sign_in(login(2), "een-andere-zin-43"))
    assert found is not None
    assert found.roles == frozenset({"mbo"})


def test_a_closed_account_is_out_at_once(clock: PinnedClock) -> None:
    users.create(login(3), "Mila R.", ["mbo@roc"], PASSWORD)
    token = identity.sign_in(login(3), PASSWORD)
    assert identity.actor_basic(login(3), PASSWORD).login == login(3)
    users.disable(login(3))
    assert identity.actor_of(token) is None
    for way_in in (identity.sign_in, identity.actor_basic):
        with pytest.raises(NotSignedIn):
            way_in(login(3), PASSWORD)
    with pytest.raises(NotFound):
        users.set_roles(login(3), [])
    assert next(row for row in users.everyone() if row.login == login(3)).closed


def test_no_command_takes_a_password_as_an_argument(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("geheim\n"))
    for arguments in (
        ["user", "create", "a@demo.invalid", "A", PASSWORD],
        ["user", "password", "a@b.nl", PASSWORD],
    ):
        with pytest.raises(SystemExit) as misused:
            main(arguments)
        assert misused.value.code == 2
    assert "unrecognized arguments" in capsys.readouterr().err


def test_a_program_feels_another_password_and_other_roles_at_once(clock: PinnedClock) -> None:
    users.create(login(4), "Koppeling vier", ["rmc@rbl"], PASSWORD)
    assert identity.actor_basic(login(4), PASSWORD).roles == frozenset({"rmc"})
    users.set_roles(login(4), ["mbo@roc"])
    assert identity.actor_basic(login(4), PASSWORD).roles == frozenset({"mbo"})
    users.set_password(login(4), "een-andere-zin-43")
    with pytest.raises(NotSignedIn):
        identity.actor_basic(login(4), PASSWORD)
