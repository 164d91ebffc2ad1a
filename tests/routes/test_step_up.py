"""Where the region asks a surer proof, no page shows care or medical answers without; nothing typed is lost."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.domain import Actor
from service.operations import factors, notes, proof, runtime, sessions, starts, tasks, totp
from service.operations.assurance import Assurance
from service.web.session import COOKIE
from tests.operations import proef
from tests.operations.conftest import person
from tests.routes.conftest import World, everybody
from tests.routes.markers import MARKERS
from tests.routes.test_matrix import addresses, quiet

__all__ = ["quiet"]  # the fixture

SENSITIVE = {MARKERS[one] for one in ("zorgen", "bevinding", "verklaring")}


@pytest.fixture(autouse=True)
def strict(world: World, tmp_path: Path) -> Iterator[None]:
    """A region that asks a surer proof, of at most half an hour ago."""
    file = tmp_path / "aanmelden.toml"
    file.write_text('[zekerheid]\nZ = "substantial"\nM = "substantial"\nminuten = 30\n', encoding="utf-8")
    running = runtime.current()
    runtime.use(replace(running, settings=replace(running.settings, sign_in_file=str(file))))
    yield
    runtime.use(running)


def surely(world: World, actor: Actor) -> FlaskClient:
    """A browser of somebody who proved more."""
    client = world.app.test_client()
    client.set_cookie(COOKIE, sessions.begin(actor, assurance=Assurance.SUBSTANTIAL))
    return client


def token_of(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


@pytest.mark.usefixtures("quiet")
def test_no_page_shows_care_or_medical_answers_without_a_surer_proof(world: World) -> None:
    for actor in everybody():
        client = world.client(actor)
        for rule, method, address in addresses(world):
            if method != "GET" or rule.endpoint.startswith(("v2-", "federation.")):
                continue
            for path in (address, address.replace(world.number, world.crowded)):
                text = client.get(path).get_data(as_text=True)
                assert not any(marker in text for marker in SENSITIVE), (actor.login, path)


def test_with_a_surer_proof_they_open_and_after_a_while_they_close_again(world: World) -> None:
    doctor = person("jeugdarts.ggd")
    page = world.client(doctor).get(f"/casus/{world.number}").get_data(as_text=True)
    assert MARKERS["bevinding"] not in page
    assert f"/aanmelden?zekerheid=substantial&amp;volgende=/casus/{world.number}" in page
    client = surely(world, doctor)
    assert MARKERS["bevinding"] in client.get(f"/casus/{world.number}").get_data(as_text=True)
    clock, running = runtime.current().clock, runtime.current()
    runtime.use(replace(running, clock=type(clock)(clock.now() + timedelta(minutes=29))))  # type: ignore[call-arg]  # the pinned one
    assert MARKERS["bevinding"] in client.get(f"/casus/{world.number}").get_data(as_text=True)
    runtime.use(replace(running, clock=type(clock)(clock.now() + timedelta(minutes=31))))  # type: ignore[call-arg]  # the pinned one
    later = sessions.begin(doctor)  # the first one slept in
    client.set_cookie(COOKIE, later)
    assert MARKERS["bevinding"] not in client.get(f"/casus/{world.number}").get_data(as_text=True)


def test_a_form_with_medical_questions_asks_first_and_keeps_what_was_typed(world: World) -> None:
    doctor = person("jeugdarts.ggd")
    fresh = starts.start(person("ouder.wilgenveen"), "proef", proef.started(), as_html=False)
    other = next(one for one in tasks.mine(doctor, limit=99).tasks if one.casus_number == fresh.casus_number)
    path = f"/taken/{other.key}"
    asked = world.client(doctor).get(path)
    assert (asked.status_code, asked.headers["Location"]) == (
        303,
        f"/aanmelden?zekerheid=substantial&volgende={path}",
    )
    client = surely(world, doctor)
    page = client.get(path)
    assert page.status_code == 200
    client.set_cookie(COOKIE, sessions.begin(doctor))  # as if the proof became too old while they typed
    form = client.get("/taken").get_data(as_text=True)
    typed = {"csrf_token": token_of(form), "conclusie": "nooit", "bevinding": "half-af-gevonden-7719"}
    sent = client.post(path, data=typed)
    assert (sent.status_code, sent.headers["Location"]) == (
        303,
        f"/aanmelden?zekerheid=substantial&volgende={path}",
    )
    assert "half-af-gevonden-7719" in surely(world, doctor).get(path).get_data(as_text=True)


def test_a_code_of_the_app_is_a_surer_proof_under_a_new_session(world: World) -> None:
    doctor = person("jeugdarts.ggd")
    secret = factors.enrol(doctor).text

    def code() -> str:
        return totp.code(base64.b32decode(secret.replace(" ", "")), totp.step_at(runtime.now().timestamp()))

    factors.confirm(doctor, code())
    try:
        client, before = world.app.test_client(), sessions.begin(doctor)
        client.set_cookie(COOKIE, before)
        page = client.get("/aanmelden?zekerheid=substantial&volgende=/taken").get_data(as_text=True)
        data = {"csrf_token": token_of(page), "volgende": "/taken", "zekerheid": "substantial"}
        wrong = client.post("/aanmelden", data={**data, "code": "000000"})
        assert wrong.status_code == 422
        clock, running = runtime.current().clock, runtime.current()
        runtime.use(replace(running, clock=type(clock)(clock.now() + timedelta(seconds=60))))  # type: ignore[call-arg]  # the pinned one
        right = client.post("/aanmelden", data={**data, "code": code()})
        assert (right.status_code, right.headers["Location"]) == (303, "/taken")
        assert sessions.actor_of(before) is None
        after = client.get_cookie(COOKIE)
        assert after is not None
        actor = sessions.actor_of(after.value)
        assert actor is not None
        assert (actor.assurance, proof.missing(actor, "ZM")) == ("substantial", "")
        runtime.use(replace(running, clock=type(clock)(clock.now() + timedelta(seconds=120))))  # type: ignore[call-arg]  # the pinned one
    finally:
        factors.remove(doctor, code())


@pytest.mark.usefixtures("quiet")
def test_the_api_shows_no_care_or_medical_answer_and_completes_nothing_without_a_surer_proof(
    world: World,
) -> None:
    """HTTP Basic is a password alone; only a token that somebody made for it goes further."""
    for actor in everybody():
        client = world.app.test_client()
        for rule, method, address in addresses(world):
            reads = method == "GET" or (method == "POST" and rule.rule.endswith("/search"))
            if not reads or not rule.rule.startswith(("/v2/", "/api/")):
                continue
            answer = client.open(
                address, method=method, json={} if method == "POST" else None, auth=(actor.login, "demo")
            )
            text = answer.get_data(as_text=True)
            assert answer.status_code < 500, (actor.login, address)
            assert not any(marker in text for marker in SENSITIVE), (actor.login, address)


def test_a_program_that_gives_a_password_completes_no_medical_task(world: World) -> None:
    doctor = person("jeugdarts.ggd")
    fresh = starts.start(person("ouder.wilgenveen"), "proef", proef.started(), as_html=False)
    task = next(one for one in tasks.mine(doctor, limit=99).tasks if one.casus_number == fresh.casus_number)
    answers = {"conclusie": "nooit", "bevinding": "Rustig."}
    answer = world.app.test_client().post(
        f"/v2/user-tasks/{task.key}/completion", json={"variables": answers}, auth=(doctor.login, "demo")
    )
    problem = answer.get_json()
    assert (answer.status_code, problem["status"]) == (403, 403)
    assert problem["type"].endswith("step-up-needed")
    assert "Rustig" not in answer.get_data(as_text=True)
    assert tasks.complete(surer(doctor), task.key, answers, as_html=False).task_key == task.key


def surer(actor: Actor) -> Actor:
    """The same person after a surer proof, just now."""
    return replace(actor, assurance=Assurance.SUBSTANTIAL.value, proved_at=runtime.now())


def test_what_was_typed_elsewhere_stands_on_the_page_that_asks_for_a_surer_proof(world: World) -> None:
    doctor = person("jeugdarts.ggd")
    note = notes.write(surer(doctor), world.number, "M", "Een medische notitie.")
    client, address = surely(world, doctor), f"/casus/{world.number}/notitie/{note}/aanvullen"
    assert "Een medische notitie." in client.get(address).get_data(as_text=True)
    client.set_cookie(COOKIE, sessions.begin(doctor))  # as if the proof became too old while they typed
    page = client.get("/taken").get_data(as_text=True)
    form = client.get(address)
    assert (form.status_code, form.headers["Location"]) == (
        303,
        f"/aanmelden?zekerheid=substantial&volgende={address}",
    )
    sent = client.post(address, data={"csrf_token": token_of(page), "tekst": "Wat niet weg mag, 4411."})
    text = sent.get_data(as_text=True)
    assert sent.status_code == 403
    assert "Wat niet weg mag, 4411." in text
    assert f'href="/aanmelden?volgende={address}"' in text
    clock = runtime.current().clock
    runtime.use(replace(runtime.current(), clock=type(clock)(clock.now() + timedelta(seconds=1))))  # type: ignore[call-arg]  # the pinned one
    notes.withdraw(surer(doctor), world.number, note, "Was alleen een proef.")
