"""Row-level security, tried with plain SELECTs as the app role: no query of ours filters anything here."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from service.store import connection
from service.store.scopes import AUDIT, SERVICE, WORKER, Scope
from service.store.session import allow, become, transaction
from tests.databases import Database
from tests.store.rows import ARTS, DRAFTER, FORMER, NOOR, OTHER, PROTECTED, SAM, SCHOOL, TECHNICAL

DOSSIERS = ("dossier_i", "dossier_o", "dossier_z", "dossier_m")
OF_THE_SERVICE = (
    "external_identity",
    "sign_in_request",
    "external_session",
    "logout_receipt",
    "service_key",
    "second_factor",
    "paper_code",
    "half_sign_in",
    "api_token",
    "help_request",
    "monitor_fact",
    "invitation",
    "absence",
    "mandate",
    "outgoing",
    "task_notice",
)
KEY_OF = {
    "casus_participant": "casus_key",
    "former_participant": "casus_key",
    "task_candidate": "task_key",
    "task_draft": "task_key",
}


def person(*candidates: str, account: int = 5) -> Scope:
    return Scope(kind="person", account=account, candidates=frozenset(candidates))


def keys(session: Session, table: str) -> set[int]:
    column = KEY_OF.get(table, "key")
    return set(session.execute(text(f"SELECT {column} FROM {table}")).scalars())  # noqa: S608  # table names of this file


def seen(scope: Scope, table: str) -> set[int]:
    with transaction(scope) as session:
        return keys(session, table)


@pytest.mark.parametrize("table", PROTECTED)
def test_without_settings_every_protected_table_is_empty(filled: Database, table: str) -> None:
    with filled.as_app() as session:
        found = session.execute(f"SELECT * FROM {table}".encode()).fetchall()  # noqa: S608  # table names of this file
        assert found == []


@pytest.mark.parametrize("table", PROTECTED)
def test_a_person_without_any_role_sees_nothing(filled: Database, table: str) -> None:
    assert seen(person(), table) == set()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("subject", {SAM}),
        ("casus", {SAM}),
        ("casus_participant", {SAM}),
        ("instance", {SAM}),
        ("user_task", {SAM}),
        ("task_candidate", set()),  # the task is offered to the school
        ("sibling", set()),  # that a brother or sister has a casus is for who directs
        ("likely_match", set()),  # that a child is known elsewhere is for who decides about it
        *(
            (table, {SAM})
            for table in (
                "disclosure",
                "consent",
                "substitution",
                "emergency",
                "casus_person",
                "relocation",
                "former_participant",
                "on_behalf",
            )
        ),
        *((table, set()) for table in (*DOSSIERS, "casus_note", "letter")),
    ],
)
def test_a_participant_sees_the_process_rows_of_that_casus_alone(
    filled: Database, table: str, expected: set[int]
) -> None:
    assert seen(person(ARTS), table) == expected


def test_an_offer_is_seen_by_who_it_is_made_to(filled: Database) -> None:
    assert seen(person(SCHOOL), "task_candidate") == {SAM}
    assert seen(person(SCHOOL, OTHER), "task_candidate") == {SAM, NOOR}
    assert seen(person("group:worker"), "user_task") == {TECHNICAL}


def test_a_draft_is_seen_by_its_author_alone(filled: Database) -> None:
    assert seen(person(account=DRAFTER), "task_draft") == {SAM, NOOR}
    assert seen(person(SCHOOL, account=DRAFTER + 1), "task_draft") == set()


@pytest.mark.parametrize("scope", [SERVICE, WORKER], ids=lambda scope: scope.kind)
def test_service_and_worker_see_process_rows_and_no_dossier(filled: Database, scope: Scope) -> None:
    with transaction(scope) as session:
        assert keys(session, "instance") == {SAM, NOOR, TECHNICAL}
        assert keys(session, "subject") == {SAM, NOOR}
        assert [keys(session, table) for table in DOSSIERS] == [set()] * 4


def test_an_auditor_sees_no_child_and_no_dossier(filled: Database) -> None:
    with transaction(AUDIT) as session:
        assert [keys(session, table) for table in PROTECTED] == [set()] * len(PROTECTED)


def test_a_dossier_opens_for_the_casus_and_the_classes_that_were_allowed(filled: Database) -> None:
    with transaction(person(SCHOOL)) as session:
        allow(session, casus={SAM}, classes="IO")
        assert {table: keys(session, table) for table in DOSSIERS} == {
            "dossier_i": {SAM},
            "dossier_o": {SAM},
            "dossier_z": set(),
            "dossier_m": set(),
        }


def test_a_note_opens_for_its_class_and_for_its_author(filled: Database) -> None:
    for scope, classes, expected in (
        (person(SCHOOL), "IO", set()),
        (person(SCHOOL), "Z", {SAM}),
        (person(account=1), "", {SAM}),
        (SERVICE, "", set()),
    ):
        with transaction(scope) as session:
            allow(session, casus={SAM}, classes=classes)
            assert keys(session, "casus_note") == expected


def test_who_took_part_before_sees_that_and_no_more(filled: Database) -> None:
    assert {table: seen(person(FORMER), table) for table in PROTECTED} == {
        **{table: set() for table in PROTECTED},
        "former_participant": {SAM},
    }


def test_allow_narrows_again(filled: Database) -> None:
    with transaction(SERVICE) as session:
        allow(session, casus={SAM, NOOR}, classes="IOZM")
        allow(session, casus={NOOR}, classes="M")
        assert [keys(session, table) for table in DOSSIERS] == [set(), set(), set(), {NOOR}]


def test_settings_end_with_their_transaction(filled: Database) -> None:
    with transaction(SERVICE) as session:
        allow(session, casus={SAM, NOOR}, classes="IOZM")
        assert keys(session, "dossier_m") == {SAM, NOOR}
        backend = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with connection.engine().connect() as same:
        assert same.execute(text("SELECT pg_backend_pid()")).scalar_one() == backend
        for table in PROTECTED:
            assert same.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0  # noqa: S608  # table names of this file


def test_becoming_the_service_lasts_for_the_transaction(filled: Database) -> None:
    with transaction(person(ARTS)) as session:
        become(session, "service")
        assert keys(session, "casus") == {SAM, NOOR}
    assert seen(person(ARTS), "casus") == {SAM}


def test_what_is_not_seen_is_not_changed(filled: Database) -> None:
    with transaction(person(OTHER)) as session:
        changed = session.execute(text("UPDATE user_task SET name = 'anders' RETURNING key")).scalars().all()
    assert changed == [NOOR]
    with transaction(person(OTHER)) as session:
        gone = session.execute(text("DELETE FROM dossier_m RETURNING key")).scalars().all()
    assert gone == []


def test_nobody_writes_a_draft_in_the_name_of_another(filled: Database) -> None:
    statement = text(
        "INSERT INTO task_draft VALUES (:task, :account, '', 1, '2027-01-18') ON CONFLICT DO NOTHING"
    )
    with pytest.raises(ProgrammingError), transaction(person(SCHOOL, account=5)) as session:
        session.execute(statement, {"task": SAM, "account": 6})


def test_a_hostile_candidate_name_widens_nothing(filled: Database) -> None:
    assert seen(person("nobody'; --", "{school_ib@regenboogbrug}", "%"), "casus") == set()


def test_security_is_forced_on_every_protected_table(filled: Database) -> None:
    with filled.as_admin() as admin:
        rows = admin.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        ).fetchall()
    assert {name for (name,) in rows} == {*PROTECTED, *OF_THE_SERVICE, "bsn"}


def test_who_signs_in_where_is_read_by_the_service_alone(filled: Database) -> None:
    with filled.as_admin() as admin:
        for statement in (
            "INSERT INTO account (key, login, name, created_at) VALUES (5, 'x', 'X', now()) ON CONFLICT DO NOTHING",
            "INSERT INTO external_identity VALUES ('https://x', 'x', 5, now())",
            "INSERT INTO sign_in_request VALUES ('x', 'x', 'x', 'x', now())",
            "INSERT INTO web_session VALUES ('x', 5, now(), now(), now())",
            "INSERT INTO external_session VALUES ('x', 'x', 'https://x', 'x', 'x', 'x')",
            "INSERT INTO monitor_fact VALUES (DEFAULT, 'x', 1, 'x', 'x', 'po', now(), now(), 'x', 0, 0, 0, 'ja')",
            "INSERT INTO logout_receipt VALUES ('x', now())",
            "INSERT INTO service_key VALUES ('x', 'x', now())",
            "INSERT INTO second_factor VALUES (5, 'x', now(), now(), 1)",
            "INSERT INTO paper_code VALUES (5, 'x', NULL)",
            "INSERT INTO half_sign_in VALUES ('x', 5, now())",
            "INSERT INTO invitation VALUES (1, 'x', 'x', 'x', 'x', '', '{}', NULL, 1, now(), now())",
            "INSERT INTO help_request VALUES (1, 'x', 'x', now(), now())",
            "INSERT INTO absence VALUES (1, 6, 7, 'school_ib', 'x', now(), now(), 6, now())",
            "INSERT INTO mandate VALUES (1, 'x', 'fg', 'y', now(), NULL, 'x', 0, now())",
            "INSERT INTO outgoing VALUES (1, 'mail', '', 'x', 'WAITING', 0, now(), NULL, '', now(), NULL)",
            "INSERT INTO task_notice VALUES (5, 1)",
            "INSERT INTO api_token VALUES (1, 'x', 5, NULL, 'x', '{}', now(), now(), NULL, NULL)",
        ):
            admin.execute(statement)
    for scope, expected in ((person(account=5), 0), (AUDIT, 0), (SERVICE, 1)):
        with transaction(scope) as session:
            for table in OF_THE_SERVICE:
                count = text(f"SELECT count(*) FROM {table}")  # noqa: S608  # table names of this file
                assert (table, session.execute(count).scalar_one()) == (table, expected)
