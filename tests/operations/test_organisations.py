"""The administrator of the region keeps its organisations on pages; the start file does not undo it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from service import identity
from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BadRequest, Conflict, NotFound
from service.operations import audit, organisations, people, region, runtime, starts
from service.operations.organisations import Given, OrganisationRow
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import person

NEW = "proefschool"
GIVEN = Given(name="Proefschool De Brug", kind="school_po", municipality="Wilgenveen", phone="088 000 77 00")


@pytest.fixture
def beheer(service: object, clock: PinnedClock) -> Iterator[Actor]:
    """Who administers the region; what a test did to organisations is undone as the file has it."""
    yield person("beheer.zilverbeek")
    with transaction(SERVICE) as session:
        session.execute(text("DELETE FROM organisation WHERE key = :key"), {"key": NEW})
        session.execute(text("UPDATE organisation SET edited_at = NULL, ended_at = NULL"))
        session.execute(
            text("UPDATE account SET roles_changed_at = NULL WHERE login LIKE '%regenboogbrug@%'")
        )
    region.load(runtime.current().region)


def one(actor: Actor, key: str) -> OrganisationRow:
    return next(row for row in organisations.view(actor).rows if row.key == key)


def given(row: OrganisationRow, **changes: object) -> Given:
    plain = Given(
        name=row.name,
        kind=row.kind,
        municipality=row.municipality,
        phone=row.phone,
        takes_part=row.takes_part,
        serves=row.serves,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields of Given


def test_one_is_added_changed_and_told(beheer: Actor) -> None:
    organisations.add(beheer, NEW, GIVEN)
    organisations.change(beheer, NEW, replace(GIVEN, name="Proefschool De Poort"))
    assert (one(beheer, NEW).name, one(beheer, NEW).phone) == ("Proefschool De Poort", "088 000 77 00")
    newest, before = organisations.view(beheer).changes[:2]
    assert (newest.kind, newest.changed) == (
        "organisation:changed",
        {"naam": ["Proefschool De Brug", "Proefschool De Poort"]},
    )
    assert (before.kind, before.by) == ("organisation:added", beheer.name)
    assert audit.verify().broken is None


def test_the_start_file_does_not_undo_what_a_page_changed(beheer: Actor) -> None:
    row = one(beheer, "regenboogbrug")
    organisations.change(beheer, row.key, given(row, phone="088 123 45 67"))
    region.load(runtime.current().region)
    assert one(beheer, row.key).phone == "088 123 45 67"


def test_what_is_saved_as_a_file_reads_back_the_same(beheer: Actor) -> None:
    organisations.add(beheer, NEW, replace(GIVEN, name='De "Brug" \\ é', takes_part=False))
    saved = organisations.exported(beheer)
    shipped = tomllib.loads((runtime.current().region / "organisaties.toml").read_text(encoding="utf-8"))
    read = tomllib.loads(saved)["organisatie"]
    added = next(row for row in read if row["key"] == NEW)
    assert (added["naam"], added["doet_mee"]) == ('De "Brug" \\ é', False)
    assert sorted((r for r in read if r["key"] != NEW), key=lambda r: r["key"]) == sorted(
        shipped["organisatie"], key=lambda r: r["key"]
    )


@pytest.mark.parametrize(
    ("key", "changes", "field"),
    [
        ("Met Spatie", {}, "sleutel"),
        ("ggd", {}, "sleutel"),
        (NEW, {"name": ""}, "naam"),
        (NEW, {"name": "GGD Zilverbeek"}, "naam"),
        (NEW, {"kind": "bank"}, "soort"),
        (NEW, {"municipality": "Nergenshuizen"}, "gemeente"),
        (NEW, {"phone": "bel maar"}, "telefoon"),
        (NEW, {"serves": {"jgz": "ggd"}}, "bedient"),
        (NEW, {"kind": "gemeente", "municipality": "Wilgenveen"}, "gemeente"),
        (
            NEW,
            {"kind": "gemeente", "municipality": "Nieuwveen", "serves": {"jgz": "samenwijs"}},
            "bedient.jgz",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    beheer: Actor, key: str, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        organisations.add(beheer, key, replace(GIVEN, **changes))  # type: ignore[arg-type]  # fields of Given
    assert refused.value.field == field


def test_ending_shows_what_hangs_on_it_and_closes_access(beheer: Actor, ouder: Actor) -> None:
    starts.start(ouder, "proef", proef.started(), as_html=False)
    esther = person("school_ib.regenboogbrug")
    session = identity.sign_in(esther.login, "demo")
    tasks, casussen = organisations.hanging(beheer, "regenboogbrug")
    assert tasks > 0
    assert casussen > 0
    with pytest.raises(Conflict):
        organisations.end(beheer, "regenboogbrug", knowing=False)
    organisations.end(beheer, "regenboogbrug", knowing=True)
    assert identity.actor_of(session) is None
    assert person("school_ib.regenboogbrug").memberships == ()
    assert organisations.hanging(beheer, "regenboogbrug") == (tasks, casussen)  # nothing is lost
    with pytest.raises((BadRequest, NotFound)):
        people.invite(person("org_beheer.ggd"), "regenboogbrug", "x@demo.invalid", "X", ["school_ib"])
    region.load(runtime.current().region)
    assert one(beheer, "regenboogbrug").ended_at is not None
    assert "regenboogbrug" not in organisations.exported(beheer)
    organisations.reopen(beheer, "regenboogbrug")
    assert one(beheer, "regenboogbrug").ended_at is None


def test_who_serves_a_municipality_is_not_ended(beheer: Actor) -> None:
    with pytest.raises(BadRequest) as refused:
        organisations.end(beheer, "ggd", knowing=True)
    assert refused.value.field == "einde"


def test_where_people_have_an_account_one_cannot_say_that_it_takes_no_part(beheer: Actor) -> None:
    row = one(beheer, "regenboogbrug")
    with pytest.raises(BadRequest) as refused:
        organisations.change(beheer, row.key, given(row, takes_part=False))
    assert refused.value.field == "doet_mee"


def test_nobody_else_finds_the_region(beheer: Actor, ib: Actor) -> None:
    for actor in (ib, person("org_beheer.regenboogbrug"), person("procesregisseur.zilverbeek")):
        for refused in (
            lambda a=actor: organisations.view(a),
            lambda a=actor: organisations.add(a, NEW, GIVEN),
            lambda a=actor: organisations.end(a, "regenboogbrug", knowing=True),
            lambda a=actor: organisations.exported(a),
        ):
            with pytest.raises(NotFound):
                refused()
