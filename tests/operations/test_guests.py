"""A guest does one task, sees that alone, and afterwards nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service import identity
from service.clock import PinnedClock
from service.domain import Actor, TaskKey
from service.errors import BadRequest, NotAllowed, NotFound, TaskNotOpen
from service.operations import accounts, audit, casussen, guests, invitations, starts, tasks
from tests.operations import proef
from tests.operations.conftest import person

PASSWORD = "een-lange-zin-42"
ADVICE = {"advies": "plek", "toelichting": "Past goed."}


@pytest.fixture
def task(ouder: Actor, ib: Actor, clock: PinnedClock) -> TaskKey:
    """An open task of a school."""
    casus = starts.start(ouder, "proef", proef.started(), as_html=False)
    clock.move(timedelta(minutes=1))
    return next(t.key for t in tasks.mine(ib, limit=500).tasks if t.casus_number == casus.casus_number)


def guest(ib: Actor, task: TaskKey, login: str) -> Actor:
    made = guests.invite(ib, task, login, "Karim A.")
    found = identity.actor_of(invitations.accept(made.token, made.code, PASSWORD).session)
    assert found is not None
    return found


def test_a_guest_finds_one_task_and_nothing_else(ib: Actor, task: TaskKey, clock: PinnedClock) -> None:
    who = guest(ib, task, "gast.een@demo.invalid")
    assert who.roles == frozenset({"gast"})
    page = tasks.mine(who)
    assert [row.key for row in page.tasks] == [task]
    number = page.tasks[0].casus_number
    assert tasks.open(who, task).form.fields
    with pytest.raises(NotFound):
        casussen.view(who, number)
    with pytest.raises(NotFound):
        guests.view(who, task)  # and lets nobody else in
    assert [row.name for row in guests.view(ib, task).inside] == ["Karim A."]


def test_what_a_guest_answers_counts_and_then_all_is_closed(
    ib: Actor, task: TaskKey, clock: PinnedClock
) -> None:
    who = guest(ib, task, "gast.twee@demo.invalid")
    with pytest.raises(NotAllowed):
        tasks.complete(ib, task, ADVICE, as_html=False)  # the guest does it now
    done = tasks.complete(who, task, ADVICE, as_html=False)
    assert done.task_key == task
    assert tasks.mine(who).tasks == ()
    story = casussen.view(ib, done.casus_number)
    assert story.head.number == done.casus_number
    with pytest.raises(TaskNotOpen):
        guests.invite(ib, task, "gast.te.laat@demo.invalid", "Karim A.")
    assert audit.verify().broken is None


def test_a_guest_is_taken_away_and_the_task_comes_back(ib: Actor, task: TaskKey, clock: PinnedClock) -> None:
    who = guest(ib, task, "gast.drie@demo.invalid")
    guests.remove(ib, task, who.account)
    assert tasks.mine(who).tasks == ()
    with pytest.raises(NotFound):
        tasks.open(who, task)
    with pytest.raises(NotFound):
        guests.remove(ib, task, who.account)
    assert tasks.complete(ib, task, ADVICE, as_html=False).task_key == task


def test_an_invitation_to_a_task_that_was_done_leads_nowhere(
    ib: Actor, task: TaskKey, clock: PinnedClock
) -> None:
    made = guests.invite(ib, task, "gast.vier@demo.invalid", "Karim A.")
    tasks.complete(ib, task, ADVICE, as_html=False)
    with pytest.raises(NotFound):
        invitations.accept(made.token, made.code, PASSWORD)
    assert accounts.by_login("gast.vier@demo.invalid") is None


def test_an_invitation_is_taken_back(ib: Actor, task: TaskKey, clock: PinnedClock) -> None:
    made = guests.invite(ib, task, "gast.vijf@demo.invalid", "Karim A.")
    [row] = guests.view(ib, task).invited
    guests.withdraw(ib, task, TaskKey(row.key))
    assert not invitations.is_open(made.token)
    with pytest.raises(NotFound):
        guests.withdraw(ib, task, TaskKey(row.key))


def test_who_may_not_do_the_task_for_an_organisation_lets_nobody_in(
    ib: Actor, ouder: Actor, task: TaskKey, clock: PinnedClock
) -> None:
    for other in (
        ouder,
        person("jeugdarts.ggd"),
        person("school_ib.klaverveld"),
        person("procesregisseur.zilverbeek"),
    ):
        with pytest.raises(NotFound):
            guests.invite(other, task, "x@demo.invalid", "X")
    for login, name in (("geen-adres", "Karim A."), ("x@demo.invalid", "")):
        with pytest.raises(BadRequest):
            guests.invite(ib, task, login, name)
    with pytest.raises(NotFound):
        guests.invite(ib, TaskKey(1), "x@demo.invalid", "X")
