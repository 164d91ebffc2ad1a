"""A person who proved who they are elsewhere has one account here, with the roles of today."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from service import identity
from service.clock import PinnedClock
from service.domain import Membership
from service.errors import RoleUnknown, SignInRefused
from service.operations import external, housekeeping
from service.operations.assurance import Assurance
from service.operations.external import Proof
from service.store.scopes import SERVICE
from service.store.session import transaction

ADVISER = Membership(role="swv_po", organisation="samenwijs")
OTHER = Membership(role="tafel_vz", organisation="samenwijs")


@pytest.fixture
def proof(clock: PinnedClock, request: pytest.FixtureRequest) -> Proof:
    return Proof(
        provider="swv",
        provider_name="Samenwijs",
        call="Bel 088.",
        issuer="https://login.samenwijs.example",
        subject=request.node.name,
        name="Noor W.",
        memberships=(ADVISER,),
        assurance=Assurance.SUBSTANTIAL,
        proved_at=clock.now(),
        id_token="een.token.van.Noor",
        sid=f"sid-{request.node.name}",
    )


def accounts() -> int:
    with transaction(SERVICE) as session:
        return int(session.execute(text("SELECT count(*) FROM account")).scalar_one())


def test_the_session_tells_how_sure_and_since_when(proof: Proof) -> None:
    actor = identity.actor_of(external.enter(proof))
    assert actor is not None
    assert (actor.name, actor.memberships) == ("Noor W.", (ADVISER,))
    assert (actor.assurance, actor.proved_at) == ("substantial", proof.proved_at)


def test_a_second_time_is_the_same_account_with_the_roles_of_today(proof: Proof) -> None:
    first = identity.actor_of(external.enter(proof))
    second = identity.actor_of(external.enter(replace(proof, memberships=(OTHER,))))
    assert first
    assert second
    assert first.account == second.account
    assert second.memberships == (OTHER,)


def test_two_windows_at_once_make_one_account(proof: Proof) -> None:
    before = accounts()
    with ThreadPoolExecutor(8) as windows:
        tokens = list(windows.map(external.enter, [proof] * 16))
    assert accounts() == before + 1
    found = [identity.actor_of(token) for token in tokens]
    assert {actor.account for actor in found if actor} == {found[0].account if found[0] else 0}
    assert all(actor and actor.memberships == (ADVISER,) for actor in found)


def test_the_same_subject_elsewhere_is_somebody_else(proof: Proof) -> None:
    here = identity.actor_of(external.enter(proof))
    there = identity.actor_of(external.enter(replace(proof, provider="vo", issuer="https://vo.example")))
    assert here
    assert there
    assert here.account != there.account


def test_claims_without_a_role_make_no_account(proof: Proof) -> None:
    before = accounts()
    with pytest.raises(RoleUnknown) as refused:
        external.enter(replace(proof, memberships=()))
    assert (refused.value.provider, refused.value.call) == ("Samenwijs", "Bel 088.")
    assert accounts() == before


def test_who_lost_the_role_loses_every_session_at_once(proof: Proof) -> None:
    token = external.enter(proof)
    with pytest.raises(RoleUnknown):
        external.enter(replace(proof, memberships=()))
    assert identity.actor_of(token) is None


def test_a_closed_account_stays_closed(proof: Proof) -> None:
    actor = identity.actor_of(external.enter(proof))
    assert actor
    with transaction(SERVICE) as session:
        session.execute(
            text("UPDATE account SET disabled_at = now() WHERE key = :key"), {"key": actor.account}
        )
    with pytest.raises(SignInRefused):
        external.enter(proof)


def test_the_session_that_the_browser_had_ends(proof: Proof) -> None:
    first = external.enter(proof)
    second = external.enter(proof, replaces=first)
    assert identity.actor_of(first) is None
    assert identity.actor_of(second)


def test_a_way_back_is_taken_once(clock: PinnedClock) -> None:
    external.depart("toestand", "swv", "browser", {"nonce": "n"})
    assert external.come_back("toestand", "swv", "browser") == {"nonce": "n"}
    with pytest.raises(SignInRefused):
        external.come_back("toestand", "swv", "browser")


@pytest.mark.parametrize(
    ("state", "provider", "browser", "minutes"),
    [("x", "swv", "b", 0), ("s", "vo", "b", 0), ("s", "swv", "x", 0), ("s", "swv", "b", 10)],
)
def test_a_way_back_is_for_one_browser_one_provider_and_ten_minutes(
    clock: PinnedClock, state: str, provider: str, browser: str, minutes: int
) -> None:
    external.depart("s", "swv", "b", {})
    clock.move(timedelta(minutes=minutes))
    with pytest.raises(SignInRefused):
        external.come_back(state, provider, browser)
    housekeeping.sweep()
    with transaction(SERVICE) as session:
        session.execute(text("DELETE FROM sign_in_request"))


def test_the_provider_ends_one_session_by_sid_and_all_by_subject(proof: Proof, clock: PinnedClock) -> None:
    until = clock.now() + timedelta(hours=1)
    one, two, three = (external.enter(replace(proof, sid=sid)) for sid in ("1", "2", "3"))
    assert external.ended_there("swv", proof.issuer, "", "2", f"a{proof.subject}", until) == 1
    assert identity.actor_of(two) is None
    assert external.ended_there("swv", proof.issuer, "somebody", "1", f"b{proof.subject}", until) == 0
    assert (
        external.ended_there("swv", "https://vo.example", proof.subject, "", f"c{proof.subject}", until) == 0
    )
    assert identity.actor_of(one)
    assert external.ended_there("swv", proof.issuer, proof.subject, "", f"d{proof.subject}", until) == 2
    assert identity.actor_of(three) is None


def test_a_logout_token_counts_once(proof: Proof, clock: PinnedClock) -> None:
    until = clock.now() + timedelta(hours=1)
    external.ended_there("swv", proof.issuer, proof.subject, "", "once", until)
    token = external.enter(proof)
    with pytest.raises(SignInRefused):
        external.ended_there("swv", proof.issuer, proof.subject, "", "once", until)
    assert identity.actor_of(token)


def test_neither_subject_nor_token_is_kept_in_clear(proof: Proof) -> None:
    token = external.enter(proof)
    with transaction(SERVICE) as session:
        kept = session.execute(
            text(
                "SELECT (SELECT string_agg(e::text, ' ') FROM external_identity e)"
                " || (SELECT string_agg(s::text, ' ') FROM external_session s)"
                " || (SELECT string_agg(a::text, ' ') FROM access_log a)"
            )
        ).scalar_one()
    for secret in (proof.subject, proof.id_token, proof.sid):
        assert secret not in kept
        assert secret.encode().hex() not in kept
    assert external.farewell(token) == ("swv", proof.id_token)


def test_a_session_with_a_password_has_nobody_to_say_farewell_to(clock: PinnedClock) -> None:
    assert external.farewell(identity.sign_in("school_ib.regenboogbrug@demo.invalid", "demo")) is None
