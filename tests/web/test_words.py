"""Every refusal, fact and role has Dutch words; texts of forms are shown safely."""

from __future__ import annotations

import pytest

from service import errors
from service.history.facts import KINDS
from service.web import prose, story, texts
from tests.web import samples


def _codes() -> list[str]:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return sorted({kind.code for kind in kinds if issubclass(kind, errors.ServiceError)})


@pytest.mark.parametrize("code", sorted(set(_codes()) - {"state-damaged", "configuration-error"}))
def test_every_refusal_that_a_person_can_meet_has_its_own_sentence(code: str) -> None:
    assert code in texts.REFUSALS


def test_what_nobody_expected_is_our_fault_and_says_so() -> None:
    assert texts.refusal("state-damaged").status == 500


def test_a_role_is_named_in_words() -> None:
    assert texts.role("lpa") == "leerplichtambtenaar"


def test_a_number_carries_its_noun() -> None:
    assert [texts.count(n, "taak", "taken") for n in (0, 1, 2)] == ["0 taken", "1 taak", "2 taken"]


def test_the_story_tells_who_did_what() -> None:
    done = samples.STORY.rows[3]
    assert story.sentence(done) == "Taak ‘Ontvangst bevestigen en route kiezen’ afgerond"
    assert story.by_whom(done) == "samenwerkingsverband basisonderwijs, Samen Wijs Zilverbeek"


def test_a_decision_tells_its_rule_and_outcome() -> None:
    decided = story.lines(samples.STORY)[6]
    assert decided.detail == "regel 2 · uitkomst: route = tafel"


def test_steps_are_numbered_in_the_order_they_were_reached() -> None:
    numbers = story.step_numbers(samples.STORY)
    assert numbers == {"Start": 1, "Ontvangst": 2, "Splits": 3, "Advies": 4, "Onderzoek": 5}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_fact_has_a_sentence_of_its_own(kind: str) -> None:
    assert "‘Advies’" in story.sentence(samples.fact(1, kind, "Advies", "Advies")) or kind in {
        "absence:recorded", "absence:revoked", "mandate:given", "mandate:revoked", "casus:opened", "instance:started", "instance:completed", "instance:terminated", "instance:suspended", "instance:resumed",
        "instance:modified", "instance:migrated", "variable:written", "consent:said", "access:offered", "organisation:added", "organisation:changed", "organisation:ended", "organisation:reopened", "access:renewed", "guest:invited", "guest:joined", "guest:removed", "family:invited", "member:changed", "member:invited", "member:joined", "member:removed",
        "member:uninvited", "help:asked", "help:handled", "address:kept", "address:told", "custody:recorded", "casus:linked", "casus:separated", "letter:made", "note:supplemented", "note:withdrawn", "note:written",
        "participant:rebound", "relocation:accepted", "relocation:asked", "relocation:refused", "relocation:withdrawn", "sibling:asked", "sibling:linked", "sibling:refused", "sibling:separated", "emergency:opened", "substitute:recorded",
    }  # fmt: skip
    assert ":" not in story.sentence(samples.fact(1, kind, "", ""))


def test_a_fact_of_an_unknown_kind_is_still_told() -> None:
    assert story.sentence(samples.fact(1, "casus:verhuisd", "", "")) == "casus · verhuisd"


def test_markdown_of_a_form_becomes_headings_lists_and_bold() -> None:
    shown = prose.render("# Kop\n\nEen **vet** woord.\n\n- een\n- twee")
    assert shown == (
        '<h2 class="s-text__h1">Kop</h2>\n<p>Een <strong>vet</strong> woord.</p>\n<ul><li>een</li><li>twee</li></ul>'
    )


def test_a_list_may_follow_its_sentence_directly() -> None:
    assert prose.render("Neem mee:\n- pen\n- plan") == "<p>Neem mee:</p><ul><li>pen</li><li>plan</li></ul>"


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "[x](javascript:alert(1))", '**<img src=x onerror="a">**']
)
def test_hostile_markdown_is_shown_as_text(hostile: str) -> None:
    shown = str(prose.render(hostile))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "href" not in shown
