"""Who reads an answer: the matrix of roles, whose supply it is, what was given, and age and consent of the family."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import pytest

from service.access import (
    MATRIX,
    READING,
    SHARING,
    Consent,
    Disclosure,
    Held,
    Reader,
    Rights,
    Rule,
    Situation,
    may_hold,
    reads,
)
from service.domain import DataClass
from service.errors import ConfigurationError
from service.operations import rights

REGION = Path(__file__).resolve().parents[2] / "config" / "regio" / "zilverbeek"


def register() -> rights.Register:
    found = [tomllib.loads((REGION / name).read_text()) for name in ("inzage.toml", "toestemming.toml")]
    return rights.read(*found)


RIGHTS = register().rights
DOCTOR, COLLEAGUE, PARENT, CHILD = 11, 12, 21, 22
EXAMINATION = Held(
    klasse=DataClass.MEDICAL,
    owner_role="jeugdarts",
    owner_organisation="ggd",
    entered_by=DOCTOR,
    form_id="onderzoek",
    path="bevinding",
)
VERDICT = Held(
    klasse=DataClass.MEDICAL,
    owner_role="jeugdarts",
    owner_organisation="ggd",
    entered_by=DOCTOR,
    form_id="onderzoek",
    path="geschiktheid",
)
CARE = Held(
    klasse=DataClass.CARE,
    owner_role="wijkteam",
    owner_organisation="sociaalteam",
    entered_by=31,
    form_id="zorg",
    path="p",
)


def situation(age: int | None = 8, *consents: Consent, given: tuple[Disclosure, ...] = ()) -> Situation:
    return Situation(rights=RIGHTS, age=age, consents=consents, disclosures=given)


def given_to(*candidates: str) -> tuple[Disclosure, ...]:
    return tuple(
        Disclosure(
            to=one, form_id="onderzoek", path="geschiktheid", purpose="de kennisgeving", ground="Lpw art. 7"
        )
        for one in candidates
    )


def parent() -> Reader:
    return Reader(role="ouder", account=PARENT)


def youth() -> Reader:
    return Reader(role="jeugdige", account=CHILD)


def objects(domain: str, *, agreed: bool = False) -> Consent:
    return Consent(about=READING, domain=domain, giver_role="jeugdige", agreed=agreed, giver=CHILD)


def test_the_register_of_the_demo_says_what_is_shipped() -> None:
    assert {role: (row.everything, row.own) for role, row in RIGHTS.rows.items()} == {
        role: (row.everything, row.own) for role, row in MATRIX.items()
    }


@pytest.mark.parametrize(
    ("role", "everything", "own"),
    [
        ("swv_po", "IOP", "IOP"),
        ("jeugdarts", "IP", "IMP"),
        ("wijkteam", "IPZ", "IPZ"),
        ("school_ib", "IOP", "IOPZ"),
        ("procesregisseur", "", ""),
        ("auditor", "", ""),
    ],
)
def test_the_matrix_is_that_of_the_domain(role: str, everything: str, own: str) -> None:
    row = RIGHTS.row(role)
    assert "".join(sorted(row.everything)) == everything
    assert "".join(sorted(row.own)) == own


def test_an_examination_is_read_by_who_did_it_and_a_recorded_substitute() -> None:
    doctor = Reader(role="jeugdarts", organisation="ggd", account=DOCTOR)
    colleague = Reader(role="jeugdarts", organisation="ggd", account=COLLEAGUE)
    assert reads(doctor, EXAMINATION, situation()).allowed
    assert not reads(colleague, EXAMINATION, situation()).allowed
    recorded = Situation(rights=RIGHTS, age=8, substitutes=frozenset({(COLLEAGUE, DOCTOR)}))
    assert reads(colleague, EXAMINATION, recorded).reason == "vastgelegde waarnemer"
    others = Situation(rights=RIGHTS, age=8, substitutes=frozenset({(COLLEAGUE, 99)}))
    assert not reads(colleague, EXAMINATION, others).allowed


@pytest.mark.parametrize("role", sorted(MATRIX))
def test_nobody_else_reads_an_examination_whatever_the_age(role: str) -> None:
    for age in (None, 3, 14, 17, 20):
        reader = Reader(role=role, organisation="" if role in {"ouder", "jeugdige"} else "ergens", account=77)
        assert not reads(reader, EXAMINATION, situation(age)).allowed


def test_what_was_given_is_read_and_nothing_beside_it() -> None:
    lpa = Reader(role="lpa", organisation="wilgenveen")
    given = situation(given=given_to("lpa@wilgenveen"))
    assert "de kennisgeving" in reads(lpa, VERDICT, given).reason
    assert not reads(lpa, EXAMINATION, given).allowed
    assert not reads(Reader(role="lpa", organisation="oosterlaar"), VERDICT, given).allowed
    assert not reads(Reader(role="swv_po", organisation="samenwijs"), VERDICT, given).allowed


@pytest.mark.parametrize(
    ("age", "objected", "agreed", "expected"),
    [
        (8, False, False, True),
        (8, True, False, True),  # too young for a say of their own
        (14, False, False, True),
        (14, True, False, False),
        (16, False, False, False),
        (16, False, True, True),
        (None, False, False, False),  # an age that is not known is that of the oldest
    ],
)
def test_parents_read_the_verdict_by_age_and_what_the_young_person_says(
    age: int | None, objected: bool, agreed: bool, expected: bool
) -> None:
    said = (objects("jgz"),) if objected else (objects("jgz", agreed=True),) if agreed else ()
    where = situation(age, *said, given=given_to(parent().candidate))
    assert reads(parent(), VERDICT, where).allowed is expected
    assert reads(parent(), CARE, situation(age, *said)).allowed is (
        expected if not said else age != 16 or False
    )


@pytest.mark.parametrize(("age", "expected"), [(8, False), (12, True), (17, True), (None, True)])
def test_the_young_person_reads_from_twelve(age: int | None, expected: bool) -> None:
    assert reads(youth(), VERDICT, situation(age, given=given_to(youth().candidate))).allowed is expected
    assert reads(youth(), CARE, situation(age)).allowed is expected


def test_an_objection_in_one_domain_leaves_the_other_alone() -> None:
    where = situation(14, objects("jeugdwet"), given=given_to(parent().candidate))
    assert not reads(parent(), CARE, where).allowed
    assert reads(parent(), VERDICT, where).allowed


def test_what_somebody_filled_in_stays_theirs_to_read() -> None:
    own = Held(klasse=DataClass.CARE, owner_role="ouder", owner_organisation="", entered_by=PARENT)
    assert reads(parent(), own, situation(17)).allowed


def test_own_supply_is_that_of_the_same_organisation() -> None:
    school = Held(
        klasse=DataClass.CARE, owner_role="school_ib", owner_organisation="regenboogbrug", entered_by=1
    )
    assert reads(Reader(role="school_dir", organisation="regenboogbrug"), school, situation()).allowed
    assert not reads(Reader(role="school_ib", organisation="klaverveld"), school, situation()).allowed


def test_no_answer_is_found_in_a_class_that_is_not_looked_at() -> None:
    """may_hold() narrows what the database shows: it may never hide what reads() allows."""
    readers = [
        Reader(role=role, organisation="" if role in {"ouder", "jeugdige"} else "ggd", account=account)
        for role in MATRIX
        for account in (DOCTOR, PARENT)
    ]
    answers = [
        Held(
            klasse=klasse,
            owner_role=owner,
            owner_organisation="ggd",
            entered_by=1,
            form_id="onderzoek",
            path="geschiktheid",
        )
        for klasse in DataClass
        for owner in ("ouder", "jeugdarts", "wijkteam")
    ]
    for reader, held in itertools.product(readers, answers):
        where = situation(8, given=given_to(reader.candidate))
        if reads(reader, held, where).allowed:
            assert held.klasse in may_hold([reader], where)


@pytest.mark.parametrize(
    ("age", "answers", "expected"),
    [
        (8, {}, False),
        (8, {("ouder", 1): True}, True),
        (8, {("ouder", 1): True, ("ouder", 2): False}, False),  # two parents are two answers
        (14, {("ouder", 1): True}, False),
        (14, {("ouder", 1): True, ("jeugdige", 3): True}, True),
        (16, {("ouder", 1): False, ("jeugdige", 3): True}, True),
        (None, {("ouder", 1): True}, False),
    ],
)
def test_sharing_needs_everybody_whom_the_matrix_names(
    age: int | None, answers: dict[tuple[str, int], bool], expected: bool
) -> None:
    said = [
        Consent(about=SHARING, domain="jeugdwet", giver_role=role, giver=giver, agreed=agreed)
        for (role, giver), agreed in answers.items()
    ]
    assert RIGHTS.consent.agreed("jeugdwet", age, said) is expected


def test_a_domain_without_rules_is_closed_to_the_family() -> None:
    closed = Situation(rights=Rights(), age=8)
    assert not reads(parent(), CARE, closed).allowed
    assert Rights().consent.stage("jgz", 8).parents is Rule.NO


@pytest.mark.parametrize(
    ("reading", "consenting"),
    [
        ({"rol": {"ouder": {"alles": "IX"}}}, {}),
        ({"rol": {"ouder": "I"}}, {}),
        ({}, {"regel": [{"domein": "jgz", "vanaf": 0, "ouders": "soms", "jeugdige": "ja"}]}),
        ({}, {"regel": [{"domein": "jgz"}]}),
        ({"noodknop": {"uren": "acht"}}, {}),
    ],
)
def test_a_register_with_a_mistake_stops_the_service(
    reading: dict[str, object], consenting: dict[str, object]
) -> None:
    with pytest.raises(ConfigurationError):
        rights.read(reading, consenting)


@pytest.mark.parametrize(
    ("age", "said", "expected"),
    [
        (8, None, True),
        (8, False, True),  # too young for a say of their own
        (14, None, True),
        (14, False, False),
        (16, None, False),
        (16, True, True),
        (None, None, False),
    ],
)
@pytest.mark.parametrize("klasse", [DataClass.EDUCATION, DataClass.CARE, DataClass.MEDICAL])
def test_the_young_person_chooses_whether_parents_read_what_they_wrote(
    klasse: DataClass, age: int | None, said: bool | None, expected: bool
) -> None:
    own = Held(klasse=klasse, owner_role="jeugdige", owner_organisation="", entered_by=CHILD)
    consents = () if said is None else (objects("eigen", agreed=said),)
    assert reads(parent(), own, situation(age, *consents)).allowed is expected
    assert reads(youth(), own, situation(age, *consents)).allowed


@pytest.mark.parametrize(
    ("reader", "held", "allowed"),
    [
        (Reader(role="wijkteam", organisation="sociaalteam", former=True), CARE, True),
        (Reader(role="wijkteam", organisation="wijkteamhoogmeer", former=True), CARE, False),
        (
            Reader(role="school_ib", organisation="sociaalteam", former=True),
            CARE,
            True,
        ),  # own Z, as the role had
        (Reader(role="lpa", organisation="sociaalteam", former=True), CARE, False),  # the role never read Z
        (Reader(role="jeugdarts", organisation="ggd", former=True), EXAMINATION, False),
        (Reader(role="jeugdarts", organisation="ggd", account=DOCTOR, former=True), EXAMINATION, True),
        (Reader(role="jeugdarts", organisation="ggd", account=COLLEAGUE, former=True), EXAMINATION, False),
    ],
)
def test_who_took_part_before_reads_what_it_supplied(reader: Reader, held: Held, allowed: bool) -> None:
    given = Disclosure(
        to=reader.candidate, form_id=held.form_id, path="", purpose="een plek zoeken", ground="wet"
    )
    situation = Situation(
        rights=RIGHTS, age=9, disclosures=(given,), substitutes=frozenset({(COLLEAGUE, DOCTOR)})
    )
    assert reads(reader, held, situation).allowed is allowed


def test_a_whereabouts_that_is_kept_stays_closed_for_who_took_part_before() -> None:
    situation = Situation(rights=RIGHTS, age=9, kept=frozenset({CARE.path}))
    before = Reader(role="wijkteam", organisation="sociaalteam", former=True)
    assert not reads(before, CARE, situation).allowed


@pytest.mark.parametrize("klasse", [DataClass.IDENTITY, DataClass.CARE, DataClass.MEDICAL])
def test_a_note_of_a_young_person_is_their_own_story_whatever_its_class(klasse: DataClass) -> None:
    note = Held(
        klasse=klasse, owner_role="jeugdige", owner_organisation="", entered_by=CHILD, path="1", note=True
    )
    objected = Consent(about=READING, domain="eigen", giver_role="jeugdige", agreed=False, giver=CHILD)
    parent = Reader(role="ouder", account=PARENT)
    assert reads(parent, note, Situation(rights=RIGHTS, age=14)).allowed
    assert not reads(parent, note, Situation(rights=RIGHTS, age=14, consents=(objected,))).allowed
