"""One submitted form: decided, validated, stored, moved, told and answered in one transaction."""

from __future__ import annotations

import pytest

from service.domain import Actor, TaskKey
from service.errors import AnswersRejected, NotFound, TaskNotOpen
from service.operations import casussen, starts, tasks
from service.operations.views import Started
from tests.operations import proef


@pytest.fixture
def casus(ouder: Actor) -> Started:
    return starts.start(ouder, "proef", proef.started(), as_html=False)


def task_of(actor: Actor, casus: Started) -> TaskKey:
    """The one open task that this casus offers the actor."""
    offered = [t.key for t in tasks.mine(actor, limit=500).tasks if t.casus_number == casus.casus_number]
    assert len(offered) == 1
    return offered[0]


def test_starting_offers_each_partner_the_task_of_their_lane(
    casus: Started, ib: Actor, arts: Actor, swv: Actor
) -> None:
    assert tasks.open(ib, task_of(ib, casus)).row.name == "Advies geven"
    assert tasks.open(arts, task_of(arts, casus)).row.name == "Onderzoek doen"
    assert casus.casus_number not in {t.casus_number for t in tasks.mine(swv, limit=500).tasks}


def test_the_same_role_elsewhere_finds_nothing(casus: Started, ib: Actor, other_ib: Actor) -> None:
    key = task_of(ib, casus)
    assert casus.casus_number not in {t.casus_number for t in tasks.mine(other_ib, limit=500).tasks}
    for attempt in (
        lambda: tasks.open(other_ib, key),
        lambda: tasks.complete(other_ib, key, {"advies": "plek", "toelichting": "x"}, as_html=False),
        lambda: casussen.view(other_ib, casus.casus_number),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_wrong_answers_are_told_per_field_and_change_nothing(casus: Started, ib: Actor) -> None:
    key = task_of(ib, casus)
    with pytest.raises(AnswersRejected) as refusal:
        tasks.complete(ib, key, {"toelichting": ["Past."]})
    assert set(refusal.value.errors) == {"advies"}
    assert tasks.open(ib, key).row.state == "CREATED"


def test_a_task_is_completed_once(casus: Started, ib: Actor) -> None:
    key = task_of(ib, casus)
    tasks.complete(ib, key, {"advies": ["plek"], "toelichting": ["Past."]})
    with pytest.raises(TaskNotOpen) as refusal:
        tasks.complete(ib, key, {"advies": ["plek"], "toelichting": ["Past."]})
    assert refusal.value.by == ib.name
    assert refusal.value.at is not None


def test_the_same_key_gives_the_same_answer_and_one_effect(casus: Started, ib: Actor) -> None:
    key, answers = task_of(ib, casus), {"advies": ["plek"], "toelichting": ["Past."]}
    first = tasks.complete(ib, key, answers, idempotency_key="k1")
    assert tasks.complete(ib, key, answers, idempotency_key="k1") == first


def test_a_double_start_makes_one_casus(ouder: Actor) -> None:
    first = starts.start(ouder, "proef", proef.started(), as_html=False, idempotency_key="dubbel")
    assert starts.start(ouder, "proef", proef.started(), as_html=False, idempotency_key="dubbel") == first


def test_the_whole_case_runs_to_its_end(
    casus: Started, ib: Actor, arts: Actor, swv: Actor, ouder: Actor
) -> None:
    tasks.complete(ib, task_of(ib, casus), {"advies": "plek", "toelichting": "Past."}, as_html=False)
    tasks.complete(
        arts, task_of(arts, casus), {"conclusie": "geschikt", "bevinding": "Niets."}, as_html=False
    )
    done = tasks.complete(swv, task_of(swv, casus), {"uitkomst": "plek"}, as_html=False)
    assert done.ended
    view = casussen.view(ouder, casus.casus_number)
    assert view.head.status == "AFGEROND"
    assert view.processes[0].outcome == "Plek gevonden"


def test_a_draft_is_kept_for_its_author_alone(casus: Started, ib: Actor) -> None:
    key = task_of(ib, casus)
    tasks.save_draft(ib, key, {"toelichting": ["Nog niet af"]})
    opened = tasks.open(ib, key)
    assert opened.draft_saved_at is not None
    assert "Nog niet af" in {field.value for field in opened.form.fields}
