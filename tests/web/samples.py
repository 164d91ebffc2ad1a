"""Invented views of every kind, so that pages can be tried without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from service.domain import (
    AccountKey,
    Actor,
    CasusKey,
    DefinitionKey,
    Finding,
    InstanceKey,
    Membership,
    Severity,
    TaskKey,
)
from service.forms import FieldView, FormView
from service.operations import views
from service.operations.mandates import Reach

NOW = datetime(2027, 3, 9, 9, 30, tzinfo=UTC)
KEY = 901


def person(name: str, *roles: tuple[str, str]) -> Actor:
    return Actor(
        account=AccountKey(7),
        login=f"{roles[0][0]}.{roles[0][1]}@demo.invalid",
        name=name,
        memberships=tuple(Membership(role=role, organisation=organisation) for role, organisation in roles),
    )


SCHOOL = person("Sanne de W.", ("school_ib", "regenboogbrug"))
PARENT = person("Bo B.", ("ouder", ""))
OWNER = person("Marit K.", ("procesregisseur", "zilverbeek"))
AUDITOR = person("Henk V.", ("auditor", "zilverbeek"))


def task_row(key: int, name: str, days: int | None, **changed: Any) -> views.TaskRow:
    due = None if days is None else NOW + timedelta(days=days)
    values: dict[str, Any] = {
        "key": TaskKey(key),
        "name": name,
        "process_name": "Vrijstelling leerplicht, beoordelingstafel",
        "casus_number": "ZB-2027-0014",
        "subject_name": "Noor B.",
        "role": "school_ib",
        "organisation_name": "bs De Regenboogbrug",
        "state": "CREATED",
        "assignee_name": "",
        "due_at": due,
        "late": days is not None and days < 0,
        "created_at": NOW - timedelta(days=6),
        **changed,
    }
    return views.TaskRow(**values)


TASKS = views.TaskPage(
    tasks=(
        task_row(901, "Onderwijskundig advies geven", -2),
        task_row(
            902, "Ontvangst bevestigen en route kiezen", 0, subject_name="Jip K.", casus_number="ZB-2027-0015"
        ),
        task_row(903, "Aanmelding aanvullen", 3, subject_name="Mila R.", casus_number="ZB-2027-0011"),
        task_row(
            904,
            "Onderwijskundig advies geven",
            12,
            subject_name="Isa N.",
            casus_number="ZB-2027-0019",
            assignee_name="Kees P.",
        ),
        task_row(
            905, "Verhaal van de jongere toevoegen", None, subject_name="Yara T.", casus_number="ZB-2027-0009"
        ),
    ),
    total=5,
)


def field(path: str, type_: str, label: str, **more: Any) -> FieldView:
    return FieldView(**{"path": path, "name": path, "type": type_, "label": label, "required": True, **more})


def _every(fields: tuple[FieldView, ...]) -> list[FieldView]:
    return [
        deep for f in fields for deep in (f, *_every(f.children), *(g for row in f.rows for g in _every(row)))
    ]


def advice_form(*, wrong: bool = False) -> FormView:
    needs = field(
        "onderwijsbehoeften", "textarea", "Wat heeft Noor nodig om te leren?",
        help="Beschrijf wat u ziet en hoort, geen oordeel.",
        error="Vul in wat Noor nodig heeft om te leren." if wrong else "",
    )  # fmt: skip
    spoken = field(
        "gesproken_op", "datetime", "Wanneer sprak u de ouders?",
        help="Bijvoorbeeld 14-3-2027 of 14 maart 2027.", inputmode="numeric",
        value="31 februari" if wrong else "",
        error="31 februari bestaat niet. Vul een datum in zoals 14 maart 2027." if wrong else "",
    )  # fmt: skip
    fields = (
        field("uitleg", "text", "", value="## Advies van de school\n\nUw advies gaat naar de beoordelingstafel. De ouders lezen het **ook**."),
        needs,
        spoken,
        field(
            "advies", "radio", "Wat is uw advies?",
            options=(("voltijd", "Voltijd naar school"), ("deeltijd", "Deels naar school, deels thuis"), ("oza", "Onderwijs en zorg samen"), ("geen", "Nu geen onderwijs")),
            value="deeltijd" if wrong else "",
        ),
        field("ouders_erbij", "radio", "Zijn de ouders het eens met dit advies?", options=(("ja", "Ja"), ("nee", "Nee"), ("onbekend", "Weet ik niet")),
              error="Kies of de ouders het eens zijn met dit advies." if wrong else ""),
        field("opties", "checklist", "Welke mogelijkheden zijn besproken?", required=False,
              error="Kies minstens één mogelijkheid." if wrong else "",
              options=(("digitaal", "Les op afstand"), ("locatie", "Les op een andere plek"), ("begeleiding", "Extra begeleiding in de klas"))),
        field(
            "geprobeerd", "dynamiclist", "Wat is al geprobeerd",
            rows=((field("geprobeerd.0.wat", "textfield", "Wat is er gedaan?", value="Rustplek in de klas"), field("geprobeerd.0.effect", "textfield", "Wat veranderde er?", required=False, error="Vul in wat er veranderde." if wrong else "")),),
        ),
        field("school", "select", "Op welke school zit Noor nu?", options=(("99AA", "bs De Regenboogbrug"), ("99AB", "bs ’t Klaverveld")), error="Kies de school van Noor." if wrong else "", why="Zo weten wij wie Noor het beste kent."),
        field("uren", "number", "Hoeveel uur per week gaat Noor nu naar school?", required=False, inputmode="decimal", value="12,5"),
        field("gelezen", "checkbox", "Ik heb dit advies met de ouders besproken.", error="Bespreek het advies eerst met de ouders." if wrong else ""),
    )  # fmt: skip
    errors = tuple((f.path, f.label, f.error) for f in _every(fields) if f.error)
    return FormView(id="onderwijskundig_advies", title="Onderwijskundig advies", fields=fields, errors=errors)


HEAD = views.CasusHead(
    key=CasusKey(11),
    number="ZB-2027-0014",
    subject_name="Noor B.",
    process_names=("Vrijstelling leerplicht, beoordelingstafel",),
    status="LOPEND",
    waiting_for="Wacht op de jeugdarts van GGD Zilverbeek, uiterlijk 14 maart 2027",
    created_at=NOW - timedelta(days=20),
    next_due_at=NOW + timedelta(days=5),
    late=False,
)
HEADS = (
    HEAD,
    views.CasusHead(
        key=CasusKey(12), number="ZB-2027-0015", subject_name="Jip K.", process_names=HEAD.process_names, status="LOPEND",
        waiting_for="Wacht op Samen Wijs Zilverbeek, was uiterlijk 4 maart 2027", created_at=NOW - timedelta(days=40),
        next_due_at=NOW - timedelta(days=5), late=True,
    ),
    views.CasusHead(
        key=CasusKey(13), number="ZB-2026-0098", subject_name="Mila R.", process_names=HEAD.process_names, status="AFGEROND",
        waiting_for="", created_at=NOW - timedelta(days=140), next_due_at=None, late=False,
    ),
)  # fmt: skip


def task_view(*, wrong: bool = False, state: str = "CREATED") -> views.TaskView:
    return views.TaskView(
        row=task_row(KEY, "Onderwijskundig advies geven", 3, state=state),
        form=advice_form(wrong=wrong),
        instance_key=InstanceKey(31),
        casus=HEAD,
        draft_saved_at=NOW - timedelta(minutes=12),
        completed_by="Kees P." if state != "CREATED" else "",
        completed_at=NOW - timedelta(hours=3) if state != "CREATED" else None,
    )


def step(name: str, role: str, organisation: str, state: str, since: int, **more: Any) -> views.StepRow:
    values: dict[str, Any] = {
        "element": f"Stap_{name.split()[0].lower()}", "name": name, "role": role, "organisation_name": organisation, "state": state,
        "since": NOW - timedelta(days=since), "ended_at": None, "ended_by": "", "due_at": None, "late": False, "task_key": None,
        **more,
    }  # fmt: skip
    return views.StepRow(**values)


CASUS = views.CasusView(
    head=HEAD,
    birth_date=date(2022, 5, 2),
    processes=(
        views.ProcessInCasus(
            instance_key=InstanceKey(31), definition_key=DefinitionKey(41), process_id="vrijstelling_beoordelingstafel",
            name="Vrijstelling leerplicht, beoordelingstafel", version=1, status="LOPEND", outcome="", started_at=NOW - timedelta(days=20),
            steps=(
                step("Aanmelding", "ouder", "", "COMPLETED", 20, ended_at=NOW - timedelta(days=20), ended_by="Bo B."),
                step("Ontvangst bevestigen en route kiezen", "swv_po", "Samen Wijs Zilverbeek", "COMPLETED", 20, ended_at=NOW - timedelta(days=16), ended_by="Tess L."),
                step("Onderwijskundig advies geven", "school_ib", "bs De Regenboogbrug", "CREATED", 16, due_at=NOW + timedelta(days=3), task_key=TaskKey(KEY)),
                step("Sociaal-medisch onderzoek", "jeugdarts", "GGD Zilverbeek", "CREATED", 16, due_at=NOW - timedelta(days=1), late=True),
                step("Zienswijze zorg", "wijkteam", "Sociaal Team Wilgenveen", "CANCELED", 16),
            ),
        ),
    ),
    participants=(
        views.ParticipantRow(role="ouder", organisation_name="", person_name="Bo B.", contact="06 12 34 56 78"),
        views.ParticipantRow(role="school_ib", organisation_name="bs De Regenboogbrug", person_name="Sanne de W.", contact="ib@regenboogbrug.invalid"),
        views.ParticipantRow(role="jeugdarts", organisation_name="GGD Zilverbeek", person_name="", contact="088 000 11 22"),
    ),
    dossier=(
        views.DossierRow(label="Waarom vraagt u dit aan?", value="Noor is na een uur school uitgeput.\nThuis eet en slaapt zij slecht.", klasse="O", owner="ouder", form_name="Aanmelding", entered_at=NOW - timedelta(days=20)),
        views.DossierRow(label="Wat wenst u?", value="Deels naar school", klasse="O", owner="ouder", form_name="Aanmelding", entered_at=NOW - timedelta(days=20)),
        views.DossierRow(label="Is de aanmelding compleet?", value="Ja", klasse="P", owner="swv_po", form_name="Ontvangst en route", entered_at=NOW - timedelta(days=16)),
    ),
    hidden_classes=("M", "Z"),
    may_audit=False,
)  # fmt: skip

CARDS = (
    views.ProcessCard(
        process_id="vrijstelling_beoordelingstafel",
        name="Vrijstelling leerplicht, beoordelingstafel",
        purpose="Samen bekijken wat een kind kan leren, voordat iemand over een vrijstelling beslist.",
    ),
)
START = views.StartView(
    process_id="vrijstelling_beoordelingstafel",
    name=CARDS[0].name,
    purpose=CARDS[0].purpose,
    form=advice_form(),
)
FINDINGS = (
    Finding(
        element="Activity_nieuw", rule="taak-zonder-formulier", severity=Severity.FOUT,
        reason="De taak ‘Tweede gesprek’ heeft geen formulier. Niemand kan de taak invullen.",
        remedy="Kies bij de taak een formulier, of maak er een bij Formulieren en bestanden.", file="proces.bpmn",
    ),
    Finding(
        element="Gateway_route", rule="dmn-gat", severity=Severity.WAARSCHUWING,
        reason="De tabel ‘Route’ geeft geen uitkomst voor een kind van 12 jaar.", remedy="Voeg een regel toe voor 12 jaar en ouder.",
    ),
)  # fmt: skip
PROCESSES = (
    views.ProcessRow(
        process_id="vrijstelling_beoordelingstafel", name=CARDS[0].name, purpose=CARDS[0].purpose, version=2,
        published_at=NOW - timedelta(days=30), running_by_version={1: 3, 2: 5}, concept_saved_at=NOW - timedelta(hours=2),
        concept_saved_by="Marit K.", findings=2,
    ),
    views.ProcessRow(
        process_id="warme_overdracht", name="Warme overdracht", purpose="Een kind gaat met een goed verhaal naar de volgende school.", version=0,
        published_at=None, running_by_version={}, concept_saved_at=None, concept_saved_by="", findings=0,
    ),
)  # fmt: skip
REACH = Reach(
    own=frozenset({"zilverbeek"}),
    allowed=frozenset({"zilverbeek", "ggd"}),
    own_names=("Regio Zilverbeek",),
    missing=("Gemeente Oosterlaar",),
)
CASES = tuple(
    views.CaseRow(
        instance_key=InstanceKey(31 + index), casus_number=f"ZB-2027-00{14 + index}", process_name=CARDS[0].name, version=1 + index % 2,
        status="COMPLETED" if index == 2 else "ACTIVE", outcome="Plek gevonden" if index == 2 else "",
        started_at=NOW - timedelta(days=20 + index), ended_at=NOW if index == 2 else None, facts=24 + index,
    )
    for index in range(4)
)  # fmt: skip

BPMN = (Path(__file__).parent / "aanvraag.bpmn").read_bytes()
CONCEPT = views.ConceptView(
    process_id="vrijstelling_beoordelingstafel", name=CARDS[0].name, version=2, revision=4,
    files={
        "proces.bpmn": BPMN, "forms/onderwijskundig_advies.form": b"{}\n", "forms/ontvangst.form": b"{}\n",
        "route.dmn": b"<definitions/>\n", "proces.toml": b"[proces]\n", "voorbeelden/plek.toml": b"", "LEESMIJ.md": b"",
    },
    saved_at=NOW - timedelta(hours=2), saved_by="Marit K.",
)  # fmt: skip


def fact(
    seq: int,
    kind: str,
    element: str,
    name: str,
    who: str = "Sluitend",
    role: str = "",
    organisation: str = "",
    **data: object,
) -> views.StoryRow:
    return views.StoryRow(
        seq=seq, at=NOW - timedelta(days=20) + timedelta(hours=seq * 7), kind=kind, element=element, element_name=name,
        who=who, role=role, organisation=organisation, data=data,
    )  # fmt: skip


STORY = views.Story(
    instance_key=InstanceKey(31), definition_key=DefinitionKey(41), process_id="vrijstelling_beoordelingstafel",
    process_name=CARDS[0].name, version=1, casus_number="ZB-2027-0014", status="ACTIVE", started_at=NOW - timedelta(days=20), ended_at=None,
    rows=(
        fact(1, "instance:started", "Start", "Aanmelding ontvangen", "Bo B.", "ouder"),
        fact(2, "flow:taken", "F1", ""),
        fact(3, "task:created", "Ontvangst", "Ontvangst bevestigen en route kiezen"),
        fact(4, "task:completed", "Ontvangst", "Ontvangst bevestigen en route kiezen", "Tess L.", "swv_po", "Samen Wijs Zilverbeek"),
        fact(5, "variable:written", "Ontvangst", "Ontvangst bevestigen en route kiezen", names=["compleet", "route"]),
        fact(6, "flow:taken", "F2", ""),
        fact(7, "decision:evaluated", "Splits", "Route", matched_rules=[{"table": "route", "rule_id": "r2", "index": 2}], outputs={"route": "tafel"}),
        fact(8, "flow:taken", "F3", ""),
        fact(9, "flow:taken", "F4", ""),
        fact(10, "task:created", "Advies", "Onderwijskundig advies geven"),
        fact(11, "task:created", "Onderzoek", "Sociaal-medisch onderzoek"),
        fact(12, "incident:raised", "Onderzoek", "Sociaal-medisch onderzoek", message="De uitkomst van de tabel ontbreekt"),
        fact(13, "task:completed", "Advies", "Onderwijskundig advies geven", "Sanne de W.", "school_ib", "bs De Regenboogbrug"),
        fact(14, "flow:taken", "F5", ""),
    ),
    elements={"Start": 1, "F1": 1, "Ontvangst": 1, "F2": 1, "Splits": 1, "F3": 1, "F4": 1, "Advies": 1, "F5": 1},
    order=("Start", "F1", "Ontvangst", "F2", "Splits", "F3", "F4", "Advies", "F5"),
    open_elements=("Onderzoek",), intact=True,
)  # fmt: skip
