"""An organisation's administrator keeps its own people; a family comes in by a link and a code; access ends at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service import identity
from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BadRequest, NotAllowed, NotFound, TooManyAttempts
from service.operations import accounts, audit, casussen, invitations, people, region, runtime, starts, tasks
from service.operations.outlooks import Invited
from service.operations.views import Started
from service.store import accounts as account_rows
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import NOW, person

SCHOOL, GGD = "regenboogbrug", "ggd"
PASSWORD = "een-lange-zin-42"


@pytest.fixture
def wilma(service: object) -> Actor:
    return person("org_beheer.regenboogbrug")


def invite(actor: Actor, login: str, *roles: str) -> Invited:
    return people.invite(actor, SCHOOL, login, "Esther V.", roles or ("school_ib",))


def joined(actor: Actor, login: str, *roles: str) -> Actor:
    made = invite(actor, login, *roles)
    found = identity.actor_of(invitations.accept(made.token, made.code, PASSWORD).session)
    assert found is not None
    return found


def members(actor: Actor) -> dict[str, tuple[str, ...]]:
    return {row.login: row.roles for row in people.view(actor, SCHOOL).people}


def test_an_invitation_makes_an_account_with_its_roles(wilma: Actor, clock: PinnedClock) -> None:
    who = joined(wilma, "Esther.een@demo.invalid", "school_ib", "school_dir")
    assert (who.login, who.organisations) == ("esther.een@demo.invalid", frozenset({SCHOOL}))
    assert members(wilma)["esther.een@demo.invalid"] == ("school_dir", "school_ib")
    assert identity.sign_in("esther.een@demo.invalid", PASSWORD)


def test_a_link_works_once_and_for_as_long_as_the_region_says(wilma: Actor, clock: PinnedClock) -> None:
    made = invite(wilma, "esther.twee@demo.invalid")
    assert invitations.is_open(made.token)
    invitations.accept(made.token, made.code, PASSWORD)
    late = invite(wilma, "esther.drie@demo.invalid")
    for token in (made.token, "x", ""):
        assert not invitations.is_open(token)
        with pytest.raises(NotFound):
            invitations.accept(token, made.code, PASSWORD)
    clock.move(timedelta(days=14))
    with pytest.raises(NotFound):
        invitations.accept(late.token, late.code, PASSWORD)


def test_a_code_is_guessed_five_times_at_most(wilma: Actor, clock: PinnedClock) -> None:
    made = invite(wilma, "esther.vier@demo.invalid")
    wrong = "000000" if made.code != "000000" else "111111"
    for _ in range(invitations.MOST_TRIES):
        with pytest.raises(BadRequest):
            invitations.accept(made.token, wrong, PASSWORD)
    with pytest.raises(TooManyAttempts):
        invitations.accept(made.token, made.code, PASSWORD)
    assert not invitations.is_open(made.token)


def test_a_weak_password_uses_nothing_up(wilma: Actor, clock: PinnedClock) -> None:
    made = invite(wilma, "esther.vijf@demo.invalid")
    with pytest.raises(BadRequest, match="password"):
        invitations.accept(made.token, made.code, "kort")
    assert invitations.accept(made.token, made.code, PASSWORD).session


def test_who_has_an_account_keeps_the_password_and_gets_no_session(wilma: Actor, clock: PinnedClock) -> None:
    made = invite(wilma, "mbo.roc@demo.invalid")
    assert invitations.accept(made.token, made.code, "een-heel-ander-woord").session == ""
    assert identity.sign_in("mbo.roc@demo.invalid", "demo")
    found = accounts.by_login("mbo.roc@demo.invalid")
    assert found is not None
    assert {m.role for m in found.memberships} == {"mbo", "school_ib"}
    people.change(wilma, SCHOOL, found.account, [])


@pytest.mark.parametrize(
    ("login", "name", "roles"),
    [
        ("geen-adres", "X", ["school_ib"]),
        ("x@demo.invalid", "", ["school_ib"]),
        ("x@demo.invalid", "X", []),
        ("x@demo.invalid", "X", ["jeugdarts"]),  # not a role of a school
        ("x@demo.invalid", "X", ["auditor"]),
    ],
)
def test_an_invitation_that_cannot_be_is_not_made(
    wilma: Actor, clock: PinnedClock, login: str, name: str, roles: list[str]
) -> None:
    with pytest.raises(BadRequest):
        people.invite(wilma, SCHOOL, login, name, roles)


def test_another_organisation_is_as_one_that_is_not_there(
    wilma: Actor, ib: Actor, clock: PinnedClock
) -> None:
    for actor, key in ((wilma, GGD), (wilma, "nergens"), (ib, SCHOOL)):
        with pytest.raises(NotFound):
            people.view(actor, key)
        with pytest.raises(NotFound):
            people.invite(actor, key, "x@demo.invalid", "X", ["school_ib"])
        with pytest.raises(NotFound):
            people.change(actor, key, ib.account, [])


def test_removal_ends_access_at_once_and_gives_tasks_back(
    wilma: Actor, ouder: Actor, clock: PinnedClock
) -> None:
    who = joined(wilma, "esther.zes@demo.invalid")
    session = identity.sign_in(who.login, PASSWORD)
    casus = starts.start(ouder, "proef", proef.started(), as_html=False)
    key = next(t.key for t in tasks.mine(who, limit=500).tasks if t.casus_number == casus.casus_number)
    tasks.claim(who, key)
    people.change(wilma, SCHOOL, who.account, [])
    assert identity.actor_of(session) is None
    after = accounts.by_login(who.login)
    assert after is not None
    assert after.memberships == ()
    with pytest.raises(NotFound):
        casussen.view(after, casus.casus_number)
    colleague = person("school_ib.regenboogbrug")
    [task] = [t for t in tasks.mine(colleague, limit=500).tasks if t.key == key]
    assert task.assignee_name == ""
    assert who.login not in members(wilma)


def test_other_roles_hold_at_once(wilma: Actor, clock: PinnedClock) -> None:
    who = joined(wilma, "esther.zeven@demo.invalid")
    session = identity.sign_in(who.login, PASSWORD)
    people.change(wilma, SCHOOL, who.account, ["school_dir"])
    assert identity.actor_of(session) is None
    assert members(wilma)[who.login] == ("school_dir",)
    with pytest.raises(BadRequest):
        people.change(wilma, SCHOOL, who.account, ["jeugdarts"])
    with pytest.raises(BadRequest):
        people.change(wilma, SCHOOL, wilma.account, [])  # nobody locks the organisation out


def test_an_invitation_is_taken_back(wilma: Actor, clock: PinnedClock) -> None:
    made = people.invite(wilma, SCHOOL, "esther.acht@demo.invalid", "Bedacht T.", ["school_ib"])
    [pending] = [row for row in people.view(wilma, SCHOOL).pending if row.name == "Bedacht T."]
    people.withdraw(wilma, SCHOOL, pending.key)
    assert not invitations.is_open(made.token)
    with pytest.raises(NotFound):
        people.withdraw(wilma, SCHOOL, pending.key)


def youth_casus(swv: Actor, born: str) -> Started:
    return starts.start(swv, "proef", proef.started(geboortedatum=born), as_html=False)


def test_a_parent_comes_in_by_link_and_code_and_sees_that_casus_alone(
    swv: Actor, ib: Actor, clock: PinnedClock
) -> None:
    casus, other = youth_casus(swv, "2020-05-01"), youth_casus(swv, "2020-05-01")
    for refused in (ib, person("swv_vo.kans")):
        with pytest.raises((NotAllowed, NotFound)):
            people.invite_family(refused, casus.casus_number, "ouder.nieuw@demo.invalid", "Fatma O.", "ouder")
    made = people.invite_family(swv, casus.casus_number, "ouder.nieuw@demo.invalid", "Fatma O.", "ouder")
    parent = identity.actor_of(invitations.accept(made.token, made.code, PASSWORD).session)
    assert parent is not None
    assert parent.roles == frozenset({"ouder"})
    assert casussen.view(parent, casus.casus_number).head.subject_name
    with pytest.raises(NotFound):
        casussen.view(parent, other.casus_number)


def test_a_young_person_has_an_account_from_twelve(swv: Actor, clock: PinnedClock) -> None:
    young, older = youth_casus(swv, "2020-05-01"), proef.started(geboortedatum="2014-05-01")
    with pytest.raises(BadRequest):
        people.invite_family(swv, young.casus_number, "jong@demo.invalid", "Noor B.", "jeugdige")
    with transaction(SERVICE) as session:  # from twelve the other partnership directs
        key = account_rows.put(session, 4_713, "swv_vo.proef@demo.invalid", "Vera K.", "", NOW)
        account_rows.set_memberships(session, key, [("swv_vo", "kans"), ("swv_po", "samenwijs")])
    vo = accounts.by_login("swv_vo.proef@demo.invalid")
    assert vo is not None
    casus = starts.start(vo, "proef", older, as_html=False)
    made = people.invite_family(vo, casus.casus_number, "jong@demo.invalid", "Noor B.", "jeugdige")
    youth = identity.actor_of(invitations.accept(made.token, made.code, PASSWORD).session)
    assert youth is not None
    assert casussen.view(youth, casus.casus_number)


def test_every_change_is_in_a_history_that_verifies(wilma: Actor, clock: PinnedClock) -> None:
    invite(wilma, "esther.negen@demo.invalid")
    assert audit.verify().broken is None


def test_a_restart_does_not_bring_back_who_was_removed(clock: PinnedClock) -> None:
    administrator = person("org_beheer.ggd")
    one = person("jeugdarts.ggd.2")
    people.change(administrator, GGD, one.account, [])
    region.load(runtime.current().region)
    assert person("jeugdarts.ggd.2").memberships == ()
    with transaction(SERVICE) as session:  # as other tests expect
        account_rows.set_memberships(session, one.account, [("jeugdarts", GGD)])
