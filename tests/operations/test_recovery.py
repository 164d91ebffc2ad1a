"""Who lost a password or a code comes in again by a letter and a code apart; nobody comes into more than before."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from service import identity
from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BadRequest, CodeNeeded, Conflict, NotAllowed, NotFound, NotSignedIn
from service.operations import (
    accounts,
    factors,
    invitations,
    people,
    recovery,
    runtime,
    starts,
    totp,
    users,
)
from service.operations.outlooks import Invited
from service.store import accounts as account_rows
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import person

SCHOOL = "regenboogbrug"
PASSWORD, ANOTHER = "een-lange-zin-42", "een-andere-zin-43"


@pytest.fixture
def wilma(service: object) -> Actor:
    return person("org_beheer.regenboogbrug")


def joined(made: Invited) -> Actor:
    found = identity.actor_of(invitations.accept(made.token, made.code, PASSWORD).session)
    assert found is not None
    return found


def colleague(wilma: Actor, login: str) -> Actor:
    return joined(people.invite(wilma, SCHOOL, login, "Esther V.", ("school_ib",)))


def with_codes(actor: Actor) -> None:
    secret = base64.b32decode(factors.enrol(actor).text.replace(" ", ""))
    factors.confirm(actor, totp.code(secret, totp.step_at(runtime.now().timestamp())))


def test_a_letter_and_a_code_give_a_new_password_and_end_what_was_open(
    wilma: Actor, clock: PinnedClock
) -> None:
    who = colleague(wilma, "kwijt.een@demo.invalid")
    session = identity.sign_in(who.login, PASSWORD)
    made = recovery.for_colleague(wilma, SCHOOL, who.account, codes_too=False)
    assert identity.actor_of(session) is not None  # a letter alone changes nothing
    accepted = invitations.accept(made.token.lower().replace("-", " "), made.code, ANOTHER)
    assert (accepted.session, accepted.renewed) == ("", True)
    assert identity.actor_of(session) is None
    with pytest.raises(NotSignedIn):
        identity.sign_in(who.login, PASSWORD)
    after = identity.actor_of(identity.sign_in(who.login, ANOTHER))
    assert after is not None
    assert after.memberships == who.memberships
    with pytest.raises(NotFound):
        invitations.accept(made.token, made.code, PASSWORD)


def test_the_codes_stay_needed_unless_they_are_lost_too(wilma: Actor, clock: PinnedClock) -> None:
    who = colleague(wilma, "kwijt.twee@demo.invalid")
    with_codes(who)
    made = recovery.for_colleague(wilma, SCHOOL, who.account, codes_too=False)
    invitations.accept(made.token, made.code, ANOTHER)
    with pytest.raises(CodeNeeded):
        identity.sign_in(who.login, ANOTHER)
    clock.move(timedelta(minutes=1))
    made = recovery.for_colleague(wilma, SCHOOL, who.account, codes_too=True)
    invitations.accept(made.token, made.code, PASSWORD)
    assert identity.sign_in(who.login, PASSWORD)


def test_a_weak_password_uses_no_letter_up(wilma: Actor, clock: PinnedClock) -> None:
    who = colleague(wilma, "kwijt.drie@demo.invalid")
    made = recovery.for_colleague(wilma, SCHOOL, who.account, codes_too=True)
    for weak in ("kort", who.login):
        with pytest.raises(BadRequest, match="password"):
            invitations.accept(made.token, made.code, weak)
    assert invitations.accept(made.token, made.code, ANOTHER).renewed


def test_a_second_letter_ends_the_first(wilma: Actor, clock: PinnedClock) -> None:
    who = colleague(wilma, "kwijt.vier@demo.invalid")
    first = recovery.for_colleague(wilma, SCHOOL, who.account, codes_too=False)
    clock.move(timedelta(minutes=1))
    second = recovery.for_colleague(wilma, SCHOOL, who.account, codes_too=False)
    assert (invitations.is_open(first.token), invitations.is_open(second.token)) == (False, True)
    [pending] = [row for row in people.view(wilma, SCHOOL).pending if row.again]
    people.withdraw(wilma, SCHOOL, pending.key)
    assert not invitations.is_open(second.token)


def test_an_account_that_closed_meanwhile_stays_closed(wilma: Actor, clock: PinnedClock) -> None:
    who = colleague(wilma, "kwijt.vijf@demo.invalid")
    made = recovery.for_colleague(wilma, SCHOOL, who.account, codes_too=False)
    users.disable(who.login)
    with pytest.raises(NotFound):
        invitations.accept(made.token, made.code, ANOTHER)
    with pytest.raises(NotFound):
        recovery.for_colleague(wilma, SCHOOL, who.account, codes_too=False)


def test_an_administrator_comes_into_no_files_of_others_with_it(
    wilma: Actor, swv: Actor, clock: PinnedClock
) -> None:
    both = colleague(wilma, "kwijt.zes@demo.invalid")
    with transaction(SERVICE) as session:
        account_rows.set_memberships(session, both.account, [("school_ib", SCHOOL), ("jeugdarts", "ggd")])
    parent = colleague(wilma, "kwijt.zeven@demo.invalid")
    casus = starts.start(swv, "proef", proef.started(), as_html=False)
    made = people.invite_family(swv, casus.casus_number, parent.login, "Esther V.", "ouder")
    invitations.accept(made.token, made.code, "")
    for one in (both, parent):
        with pytest.raises(Conflict):
            recovery.for_colleague(wilma, SCHOOL, one.account, codes_too=False)
    for account in (wilma.account, person("jeugdarts.ggd").account, 12345):
        with pytest.raises(NotFound):
            recovery.for_colleague(wilma, SCHOOL, account, codes_too=False)
    with pytest.raises(NotFound):
        recovery.for_colleague(person("org_beheer.ggd"), SCHOOL, both.account, codes_too=False)


def test_who_signs_in_elsewhere_gets_no_letter(wilma: Actor, clock: PinnedClock) -> None:
    who = colleague(wilma, "kwijt.acht@demo.invalid")
    with transaction(SERVICE) as session:
        account_rows.set_password(session, who.account, "")
    with pytest.raises(Conflict):
        recovery.for_colleague(wilma, SCHOOL, who.account, codes_too=False)


def test_who_directs_lets_a_parent_in_again_but_not_into_other_casussen(
    swv: Actor, ib: Actor, clock: PinnedClock
) -> None:
    casus = starts.start(swv, "proef", proef.started(), as_html=False)
    clock.move(timedelta(minutes=1))
    parent = joined(people.invite_family(swv, casus.casus_number, "moeder@demo.invalid", "Fatma O.", "ouder"))
    assert parent.account in {one.account for one in recovery.family(swv, casus.casus_number)}
    for other in (ib, person("swv_vo.kans"), parent):
        with pytest.raises((NotAllowed, NotFound)):
            recovery.for_family(other, casus.casus_number, parent.account, codes_too=False)
    with pytest.raises(NotFound):
        recovery.for_family(swv, casus.casus_number, ib.account, codes_too=False)
    clock.move(timedelta(minutes=1))
    made = recovery.for_family(swv, casus.casus_number, parent.account, codes_too=True)
    assert invitations.accept(made.token, made.code, ANOTHER).renewed
    assert identity.sign_in(parent.login, ANOTHER)
    with transaction(SERVICE) as session:
        account_rows.set_memberships(session, parent.account, [("ouder", ""), ("school_ib", SCHOOL)])
    with pytest.raises(Conflict):
        recovery.for_family(swv, casus.casus_number, parent.account, codes_too=False)


def test_an_operator_takes_lost_codes_away(wilma: Actor, clock: PinnedClock) -> None:
    who = colleague(wilma, "kwijt.negen@demo.invalid")
    with_codes(who)
    found = accounts.by_login(who.login)
    assert found is not None
    users.drop_codes(who.login)
    assert identity.sign_in(who.login, PASSWORD)
    with pytest.raises(NotFound):
        users.drop_codes("niemand@demo.invalid")
