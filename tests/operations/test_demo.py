"""The demo region plays its cases through the operations, once."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from service.config import Settings
from service.domain import Actor
from service.operations import accounts, audit, casussen, catalog, consents, demo, relocations, runtime, tasks
from tests.operations.test_messages import drain
from tests.site import passable

REGION = Path(__file__).resolve().parents[2] / "config" / "regio" / "zilverbeek"
CASES = len(tomllib.loads((REGION / "casussen.toml").read_text(encoding="utf-8"))["casus"])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, list[str]]]:
    """A database of its own on which the demo was played: number of cases, and what was logged."""
    settings = Settings(data_dir=str(passable(tmp_path_factory.mktemp("demo"))), demo=True)
    before = runtime.current() if runtime._current else None
    heard: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]  # a test's ear
    logging.getLogger("service.operations").addHandler(handler)
    with runtime.embedded(settings):
        runtime.upgrade(settings)
        runtime.start(settings)
        catalog.forget()
        yield demo.play(), heard
        runtime.stop()
    logging.getLogger("service.operations").removeHandler(handler)
    catalog.forget()
    if before is not None:
        runtime.start(before.settings, clock=before.clock)


def test_the_cases_are_played_without_a_refusal(played: tuple[int, list[str]]) -> None:
    assert played == (CASES, [])


def test_a_second_start_plays_nothing(played: tuple[int, list[str]]) -> None:
    assert demo.play() == 0


def test_the_history_of_the_demo_verifies(played: tuple[int, list[str]]) -> None:
    outcome = audit.verify()
    assert outcome.broken is None
    assert outcome.chains >= CASES


def test_every_open_task_is_offered_to_somebody(played: tuple[int, list[str]]) -> None:
    people = [found for login, _ in demo.logins() if (found := accounts.by_login(login))]
    offered = {task.key for person in people for task in tasks.mine(person, limit=500).tasks}
    views = {
        head.number: casussen.view(person, head.number) for person in people for head in casussen.mine(person)
    }
    assert len(views) == CASES
    open_steps = [s for v in views.values() for p in v.processes for s in p.steps if s.state == "CREATED"]
    assert 0 < len(open_steps) == len(offered)


def test_the_register_of_mandates_chooses_who_decides(played: tuple[int, list[str]]) -> None:
    """Omar's municipality said that it is party: the substitute of the register is next, and the municipality is not."""
    found = {
        login: [task.name for task in tasks.mine(person, limit=500).tasks if task.name.startswith("T4")]
        for login in ("doorzetter.kans", "doorzetter.wilgenveen")
        if (person := accounts.by_login(f"{login}@demo.invalid"))
    }
    assert "T4 Besluit van de plaatsvervanger" in found["doorzetter.kans"]
    assert "T4 Besluit van de plaatsvervanger" not in found["doorzetter.wilgenveen"]


def noors() -> tuple[Actor, str]:
    """Noor's parent, and the number of her case."""
    parent = accounts.by_login("ouder.wilgenveen@demo.invalid")
    assert parent is not None
    return parent, next(one.number for one in casussen.mine(parent) if one.subject_name.startswith("Noor"))


def open_steps(person: Actor, number: str) -> set[str]:
    view = casussen.view(person, number)
    return {step.name for process in view.processes for step in process.steps if step.state == "CREATED"}


def test_a_consent_that_is_taken_back_reaches_the_processes_of_the_case(
    played: tuple[int, list[str]],
) -> None:
    parent, number = noors()
    asked = next(one for one in consents.open_of(parent, number) if one.about == "delen")
    before = open_steps(parent, number)
    consents.say(parent, number, asked.about, asked.domain, agreed=False)
    drain()
    assert open_steps(parent, number) == before  # a no is not a withdrawal
    consents.say(parent, number, asked.about, asked.domain, agreed=True)
    consents.say(parent, number, asked.about, asked.domain, agreed=False)
    drain()
    assert len(open_steps(parent, number) - before) == 1


def test_a_move_to_another_municipality_reaches_the_processes_of_the_case(
    played: tuple[int, list[str]],
) -> None:
    parent, number = noors()
    director = accounts.by_login("casusregisseur.samenwijs@demo.invalid")
    assert director is not None
    before = open_steps(parent, number)
    relocations.ask(
        director,
        number,
        kind="gemeente",
        to="oosterlaar",
        on=runtime.now().date(),
        reason="Het gezin gaat verhuizen.",
    )
    drain()
    assert len(open_steps(parent, number) - before) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T-0d", "2027-03-31"),
        ("T-30d", "2027-03-01"),
        ("T+2w", "2027-04-14"),
        ("T-1m", "2027-02-28"),  # there is no 31 February
        ("T-58m", "2022-05-31"),
        ("T+1j", "2028-03-31"),
        ("Tekst", "Tekst"),
    ],
)
def test_relative_dates(text: str, expected: str) -> None:
    assert demo.resolve(text, date(2027, 3, 31)) == expected
