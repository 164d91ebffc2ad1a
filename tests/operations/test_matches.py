"""Two casussen about one child: a secret question for who directs the first, and known to both only after the answer."""

from __future__ import annotations

import pytest

from service.domain import Actor
from service.errors import BadRequest, NotFound
from service.operations import casussen, matches, starts
from service.operations.views import Started
from tests.operations import proef
from tests.operations.conftest import person


def begin(actor: Actor, name: str, **changed: str) -> Started:
    answers = proef.started(voornaam=name, **changed)
    return starts.start(actor, "proef", answers, as_html=False)


def questions(actor: Actor, name: str) -> list[int]:
    return [row.key for row in matches.mine(actor) if row.child.startswith(name)]


def test_a_likely_match_is_a_question_for_who_directs_the_known_casus(
    ouder: Actor, swv: Actor, ib: Actor
) -> None:
    known = begin(ouder, "Vlinder")
    new = begin(swv, "Vlinder")
    [row] = [row for row in matches.mine(swv) if row.child.startswith("Vlinder")]
    assert (row.known_number, row.process_names) == (known.casus_number, ("Proefproces",))
    for other in (ouder, ib, person("swv_vo.kans")):
        assert questions(other, "Vlinder") == []
    assert casussen.view(ouder, known.casus_number).linked == ()
    assert casussen.view(swv, new.casus_number).linked == ()


@pytest.mark.parametrize(
    "changed", [{"geboortedatum": "2020-05-02"}, {"achternaam": "Visser"}, {"voornaam": "Vlindert"}]
)
def test_another_birth_date_or_name_is_no_match(ouder: Actor, swv: Actor, changed: dict[str, str]) -> None:
    name = f"Ander{sorted(changed)[0]}"
    begin(ouder, name)
    starts.start(swv, "proef", {**proef.started(voornaam=name), **changed}, as_html=False)
    assert questions(swv, name) == []


def test_a_name_written_otherwise_is_a_match(ouder: Actor, swv: Actor) -> None:
    begin(ouder, "Pluis", achternaam="Bakker")
    begin(swv, "PLUIS", achternaam="b.")
    assert len(questions(swv, "PLUIS")) == 1


def test_after_a_link_both_know_that_there_is_another_casus_and_no_more(
    ouder: Actor, swv: Actor, ib: Actor
) -> None:
    known, new = begin(ouder, "Gekoppeld"), begin(swv, "Gekoppeld")
    [key] = questions(swv, "Gekoppeld")
    with pytest.raises(BadRequest):
        matches.decide(swv, key, same=True, reason="ja")
    matches.decide(swv, key, same=True, reason="Gebeld met de moeder.")
    for actor, number in ((ouder, known.casus_number), (ib, known.casus_number), (swv, new.casus_number)):
        [other] = casussen.view(actor, number).linked
        assert other.process_names == ("Proefproces",)
    assert questions(swv, "Gekoppeld") == []
    with pytest.raises(NotFound):
        matches.decide(swv, key, same=False, reason="Bij nader inzien niet.")


def test_separated_stays_a_secret(ouder: Actor, swv: Actor) -> None:
    known, new = begin(ouder, "Gescheiden"), begin(swv, "Gescheiden")
    [key] = questions(swv, "Gescheiden")
    matches.decide(swv, key, same=False, reason="Een nichtje met dezelfde naam.")
    assert casussen.view(ouder, known.casus_number).linked == ()
    assert casussen.view(swv, new.casus_number).linked == ()


def test_nobody_decides_for_another(ouder: Actor, swv: Actor, ib: Actor) -> None:
    begin(ouder, "Bewaakt")
    begin(swv, "Bewaakt")
    [key] = questions(swv, "Bewaakt")
    for other in (ouder, ib, person("swv_vo.kans")):
        with pytest.raises(NotFound):
            matches.decide(other, key, same=True, reason="Dat weet ik zeker.")
