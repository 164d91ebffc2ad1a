"""An ended process leaves figures and no way back to a child; small counts are not told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.domain import Actor
from service.errors import NotAllowed
from service.operations import monitor, starts, tasks
from service.operations.views import Started
from service.store import monitor as rows
from service.store.scopes import SERVICE, Scope
from service.store.session import transaction
from service.store.tables import monitor_fact
from tests.operations import proef
from tests.operations.conftest import person

ROOT = Path(__file__).resolve().parents[2]


def complete(actor: Actor, casus: Started, name: str, **answers: str) -> None:
    found = tasks.mine(actor, limit=500).tasks
    key = next(t.key for t in found if t.casus_number == casus.casus_number and t.name == name)
    tasks.complete(actor, key, answers, as_html=False)


def told() -> list[dict[str, Any]]:
    with transaction(SERVICE) as session:
        found = session.execute(select(monitor_fact).where(monitor_fact.c.process_id == "proef"))
        return [dict(row._mapping) for row in found]


def played(ouder: Actor, ib: Actor, arts: Actor, swv: Actor) -> Started:
    casus = starts.start(ouder, "proef", proef.started(), as_html=False)
    complete(ib, casus, "Advies geven", advies="plek", toelichting="past goed")
    complete(arts, casus, "Onderzoek doen", conclusie="nooit", bevinding="Geen.", verklaring="x")
    complete(swv, casus, "Advies vaststellen", uitkomst="plek")
    return casus


def test_an_ended_process_leaves_its_figures(ouder: Actor, ib: Actor, arts: Actor, swv: Actor) -> None:
    before = len(told())
    casus = played(ouder, ib, arts, swv)
    found = told()
    assert len(found) == before + 1
    row = found[-1]
    assert (row["outcome"], row["municipality"], row["partnership"]) == (
        "Einde_plek",
        "Wilgenveen",
        "samenwijs",
    )
    assert (row["sector"], row["parents_agree"], row["escalations"]) == ("po", "onbekend", 0)
    assert str(casus.instance_key) not in str(row)
    assert casus.casus_number not in str(row)


def test_a_process_that_runs_tells_nothing(ouder: Actor) -> None:
    before = len(told())
    starts.start(ouder, "proef", proef.started(), as_html=False)
    assert len(told()) == before


def outcome(municipality: str, end: str, number: int) -> None:
    row = {
        "process_id": monitor.EXEMPTIONS,
        "version": 1,
        "municipality": municipality,
        "partnership": "samenwijs",
        "sector": "po",
        "started_on": date(2024, 9, 1),
        "ended_on": date(2024, 11, 1),
        "outcome": end,
        "escalations": 0,
        "terms_met": 1,
        "terms_missed": 0,
        "parents_agree": "ja",
    }
    with transaction(SERVICE) as session:
        for _ in range(number):
            rows.add(session, row)


def test_a_small_number_is_not_told_and_neither_is_the_total_that_would_tell_it(service: object) -> None:
    outcome("Hoogmeer", "Einde_vrijstelling", 12)
    outcome("Hoogmeer", "Einde_plek_gevonden", 3)
    outcome("Dorpsrade", "Einde_vrijstelling", 11)
    lines = {line.municipality: line for line in monitor.overview(person("beleid.wilgenveen"), 2024).lines}
    assert lines["Hoogmeer"].counts == (None, 0, 12, 0, 0, 0)
    assert lines["Hoogmeer"].total is None
    assert (lines["Dorpsrade"].counts[2], lines["Dorpsrade"].total) == (11, 11)
    assert lines["Dorpsrade"].partnership == "SWV PO Samen Wijs Zilverbeek"


def test_a_parent_sees_no_figures(ouder: Actor) -> None:
    with pytest.raises(NotAllowed):
        monitor.overview(ouder)


def test_who_is_not_the_service_reads_no_row(ouder: Actor, ib: Actor, arts: Actor, swv: Actor) -> None:
    played(ouder, ib, arts, swv)
    with transaction(Scope(kind="person", account=ib.account, candidates=ib.candidates)) as session:
        assert session.execute(select(monitor_fact)).all() == []


def test_the_overview_counts_ends_that_the_diagram_has() -> None:
    diagram = (ROOT / "processes" / monitor.EXEMPTIONS / "proces.bpmn").read_text(encoding="utf-8")
    assert {end for _, ends in monitor.COLUMNS for end in ends} <= set(
        re.findall(r'endEvent id="(\w+)"', diagram)
    )
