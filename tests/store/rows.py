"""A few rows of every protected table, as one who may write them all."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg

AT = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)

SCHOOL = "school_ib@regenboogbrug"
ARTS = "jeugdarts@ggd"
OTHER = "school_ib@klaverveld"
FORMER = "school_ib@springplank"  # took part in the casus of Sam before

SAM, NOOR = 1, 2  # key of the child, its casus, its instance and its task alike
TECHNICAL = 9  # an instance and a task without casus, started by the service itself
DRAFTER = 71

PROTECTED = (
    "subject",
    "casus",
    "casus_participant",
    "instance",
    "user_task",
    "task_candidate",
    "task_draft",
    "dossier_i",
    "dossier_o",
    "dossier_z",
    "dossier_m",
    "disclosure",
    "consent",
    "substitution",
    "emergency",
    "likely_match",
    "casus_person",
    "casus_note",
    "letter",
    "relocation",
    "former_participant",
    "sibling",
    "on_behalf",
)


def fill(admin: psycopg.Connection) -> None:
    """Two casussen, one technical instance."""
    admin.execute(
        "INSERT INTO deployment (key, name, kind, content_sha256, deployed_by, deployed_at)"
        " VALUES (1, 'proef', 'regional', '', 1, %s)",
        [AT],
    )
    admin.execute(
        "INSERT INTO definition (key, deployment_key, kind, id, version, path)"
        " VALUES (1, 1, 'process', 'proef', 1, 'proces.bpmn')"
    )
    _casus(admin, SAM, "Sam", (SCHOOL, ARTS))
    _casus(admin, NOOR, "Noor", (OTHER,))
    for key, other in ((SAM, NOOR), (NOOR, SAM)):
        admin.execute(
            "INSERT INTO likely_match (key, casus_key, known_casus_key, state, found_at)"
            " VALUES (%s, %s, %s, 'LINKED', %s)",
            [key, key, other, AT],
        )
    admin.execute(
        "INSERT INTO sibling (key, casus_key, other_key, number, state, asked_by, asked_at, reason)"
        " VALUES (1, %s, %s, 'ZB-2', 'LINKED', 1, %s, 'x')",
        [SAM, NOOR, AT],
    )
    _instance(admin, TECHNICAL, None, "group:worker")


def _casus(admin: psycopg.Connection, key: int, name: str, candidates: tuple[str, ...]) -> None:
    admin.execute(
        "INSERT INTO subject (key, pseudonym, first_name) VALUES (%s, %s, %s)", [key, f"p{key}", name]
    )
    admin.execute(
        "INSERT INTO casus (key, number, subject_key, status, created_at) VALUES (%s, %s, %s, 'LOPEND', %s)",
        [key, f"ZB-{key}", key, AT],
    )
    for candidate in candidates:
        admin.execute(
            "INSERT INTO casus_participant (casus_key, role, candidate, since) VALUES (%s, %s, %s, %s)",
            [key, candidate.split("@")[0], candidate, AT],
        )
    for klasse in "iozm":
        column, value = ("value", '"x"') if klasse in "io" else ("sealed", b"x")
        admin.execute(
            f"INSERT INTO dossier_{klasse} (key, casus_key, instance_key, path, form_id, owner_role, {column},"  # noqa: S608  # table names of this file
            " entered_by, entered_at) VALUES (%s, %s, %s, 'veld', 'form', 'jeugdarts', %s, 1, %s)",
            [key, key, key, value, AT],
        )
    admin.execute(
        "INSERT INTO disclosure (key, casus_key, form_id, path, from_role, to_candidate, purpose, ground, given_by, given_at)"
        " VALUES (%s, %s, 'form', '', 'jeugdarts', 'lpa@gemeente', 'doel', 'grond', 1, %s)",
        [key, key, AT],
    )
    admin.execute(
        "INSERT INTO consent (key, casus_key, about, domain, giver_role, giver, agreed, said_by, said_at)"
        " VALUES (%s, %s, 'delen', 'jgz', 'ouder', 1, true, 1, %s)",
        [key, key, AT],
    )
    admin.execute(
        "INSERT INTO substitution (key, casus_key, account_key, for_account, reason, made_at, until)"
        " VALUES (%s, %s, 1, 2, 'vakantie', %s, %s)",
        [key, key, AT, AT],
    )
    admin.execute(
        "INSERT INTO emergency (key, casus_key, account_key, role, organisation_key, reason, opened_at, until)"
        " VALUES (%s, %s, 1, 'jeugdarts', 'ggd', 'spoed', %s, %s)",
        [key, key, AT, AT],
    )
    admin.execute(
        "INSERT INTO casus_person (key, casus_key, name, source, told_by, since) VALUES (%s, %s, 'Sanne W.', 'x', 1, %s)",
        [key, key, AT],
    )
    admin.execute(
        "INSERT INTO casus_note (key, casus_key, klasse, owner_role, sealed, written_by, written_at)"
        " VALUES (%s, %s, 'Z', 'jeugdarts', 'x', 1, %s)",
        [key, key, AT],
    )
    admin.execute(
        "INSERT INTO letter (key, casus_key, process_id, element_id, sort, klasse, roles, subject, content, made_at)"
        " VALUES (%s, %s, 'proef', 'Brief', 'brief', 'I', '{ouder}', 'x', 'x', %s)",
        [key, key, AT],
    )
    admin.execute(
        "INSERT INTO relocation (key, casus_key, kind, from_organisation, to_organisation, roles, moved_on, pass_on, reason,"
        " state, asked_by, asked_at) VALUES (%s, %s, 'school', 'a', 'b', '{school_ib}', '2027-01-18', true, 'x', 'OPEN', 1, %s)",
        [key, key, AT],
    )
    admin.execute(
        "INSERT INTO former_participant (casus_key, role, candidate, since, until) VALUES (%s, 'school_ib', %s, %s, %s)",
        [key, FORMER if key == SAM else "school_ib@kade", AT, AT],
    )
    admin.execute(
        "INSERT INTO on_behalf (key, casus_key, task_key, role, whose, source, signed, received_on, entered_by, entered_role,"
        " entered_at) VALUES (%s, %s, %s, 'ouder', 'kind', 'brief', true, '2027-01-18', 1, 'swv_po', %s)",
        [key, key, key, AT],
    )
    _instance(admin, key, key, candidates[0])
    admin.execute(
        "INSERT INTO task_draft (task_key, account_key, sealed, revision, saved_at) VALUES (%s, %s, '', 1, %s)",
        [key, DRAFTER, AT],
    )


def _instance(admin: psycopg.Connection, key: int, casus: int | None, candidate: str) -> None:
    admin.execute(
        "INSERT INTO instance (key, definition_key, casus_key, state, revision, status, started_by, started_at)"
        " VALUES (%s, 1, %s, '', 1, 'ACTIVE', 0, %s)",
        [key, casus, AT],
    )
    admin.execute(
        "INSERT INTO user_task (key, instance_key, token, element_id, name, casus_key, state, created_at)"
        " VALUES (%s, %s, 1, 'taak', 'Taak', %s, 'CREATED', %s)",
        [key, key, casus, AT],
    )
    admin.execute("INSERT INTO task_candidate (candidate, task_key) VALUES (%s, %s)", [candidate, key])
