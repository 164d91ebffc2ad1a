"""Master keys: several at once, taken over by a rotation while the service works, and gone without garbage."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import LargeBinary, text

from service.clock import PinnedClock
from service.config import Settings
from service.domain import Actor, TaskKey
from service.errors import ConfigurationError, KeyMissing, ServiceError
from service.operations import casussen, idempotent, keys, outbox, runtime, sealing, starts, tasks
from service.operations.views import Started
from service.store import crypto
from service.store.keys import COLUMNS
from service.store.scopes import SERVICE
from service.store.session import transaction
from service.store.tables import casus as any_table
from tests.operations import proef

OLD, NEW, LOST = (f"{name}-" + "s" * 40 for name in ("oud", "nieuw", "weg"))
DRAFT = "concept-dat-niemand-leest"


@pytest.fixture
def first(service: runtime.Runtime, clock: PinnedClock) -> Iterator[str]:
    """Setting of the keys with which everything so far was closed; the process holds them again afterwards."""
    before = runtime.current()
    [master] = before.keys.masters
    keys.check()  # as a process that starts: makes the keys of the service that are not there yet
    yield f"{master.id}:{master.secret}"
    hold(f"{master.id}:{master.secret} nieuw:{NEW} oud:{OLD}")
    keys.rotate()
    runtime.use(before)


def hold(setting: str) -> None:
    """A process that starts with this SLUITEND_KEYS."""
    runtime.use(replace(runtime.current(), keys=crypto.ring(setting, ""), own={}))


@pytest.fixture
def casus(first: str, ouder: Actor, arts: Actor, ib: Actor) -> Started:
    """A casus with a medical answer, a draft and an answer that is kept for a repeat."""
    started = starts.start(ouder, "proef", proef.started(), as_html=False)
    tasks.complete(
        arts,
        task(arts, started),
        {"conclusie": "nooit", "bevinding": proef.MARKER},
        as_html=False,
        idempotency_key=f"slot-{started.instance_key}",
    )
    tasks.save_draft(ib, task(ib, started), {"advies": ["plek"], "toelichting": [DRAFT]})
    return started


def task(actor: Actor, casus: Started) -> TaskKey:
    return next(
        one.key for one in tasks.mine(actor, limit=500).tasks if one.casus_number == casus.casus_number
    )


def draft(actor: Actor, casus: Started) -> str:
    return repr(tasks.open(actor, task(actor, casus)).form)


def medical(actor: Actor, casus: Started) -> set[object]:
    return {row.value for row in casussen.view(actor, casus.casus_number).dossier}


def test_a_value_says_which_key_it_needs() -> None:
    ring = crypto.ring(f"nieuw:{NEW} oud:{OLD}", "")
    earlier = crypto.close(crypto.ring(f"oud:{OLD}", ""), "seal", b"iets", "plek")
    assert crypto.open(ring, "seal", earlier, "plek") == b"iets"
    assert crypto.close(ring, "seal", b"iets", "plek").startswith(crypto.label("nieuw"))
    with pytest.raises(KeyMissing, match=r"'oud'.*not in SLUITEND_KEYS"):
        crypto.open(crypto.ring(f"nieuw:{NEW}", ""), "seal", earlier, "plek")
    with pytest.raises(KeyMissing, match=r"'oud'.*does not open"):
        crypto.open(crypto.ring(f"oud:{LOST}", ""), "seal", earlier, "plek")


def test_a_value_of_before_keys_had_names_still_opens() -> None:
    unlabelled = crypto.seal(crypto.derive(OLD, "seal"), b"iets", "plek")
    assert crypto.open(crypto.ring(f"nieuw:{NEW} oud:{OLD}", ""), "seal", unlabelled, "plek") == b"iets"
    with pytest.raises(KeyMissing):
        crypto.open(crypto.ring(f"nieuw:{NEW}", ""), "seal", unlabelled, "plek")


@pytest.mark.parametrize("setting", ["kort:abc", "zonder-geheim", f"a:{OLD} a:{NEW}", f"Hoofd Letter:{OLD}"])
def test_keys_that_cannot_be_read_are_refused_without_telling_them(setting: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        crypto.ring(setting, "")
    assert not any(secret in str(refused.value) for secret in (OLD, NEW, "abc", "geheim:"))


def test_nothing_that_tells_about_the_runtime_shows_a_key(first: str) -> None:
    assert first.split(":")[1] not in repr(runtime.current())


def test_every_sealed_column_takes_part_in_a_rotation() -> None:
    named = {
        (table.name, column.name)
        for table in any_table.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
        and ("seal" in column.name or "wrap" in column.name or column.name == "id_token")
    }
    under_other_keys = {
        *(
            (table, "sealed")
            for table in (
                "dossier_z",
                "dossier_m",
                "bsn",
                "casus_note",
                "help_request",
                "on_behalf",
                "outgoing",
            )
        ),
        ("help_request", "sealed_note"),
    }
    assert {
        (column.table, column.value) for column in COLUMNS if column.name != "queue"
    } == named - under_other_keys
    assert {column.name for column in COLUMNS} <= set(keys._PLACES)


def test_after_a_rotation_the_old_key_can_go(
    first: str, casus: Started, arts: Actor, ib: Actor, clock: PinnedClock
) -> None:
    with transaction(SERVICE) as session:
        outbox.signal(session, "keys-signal", {"wat": "iets"}, at=runtime.now())
        outbox.message(session, "keys-bericht", "ZB-1", {"wat": "iets"}, at=clock.now())
    digest = sealing.digest(b"vast")
    hold(f"nieuw:{NEW} {first}")
    assert proef.MARKER in medical(arts, casus)
    assert keys.status().to_do > 5
    moved = keys.rotate(batch=3)
    assert moved > 5
    assert keys.rotate() == 0
    assert keys.status().to_do == 0
    assert {one.place for one in keys.status().holdings} >= {
        "subject",
        "task_draft",
        "idempotency",
        "message",
        "queue",
    }
    hold(f"nieuw:{NEW}")
    keys.check()
    assert proef.MARKER in medical(arts, casus)
    assert DRAFT in draft(ib, casus)
    assert sealing.digest(b"vast") == digest
    asked = idempotent.request(arts, f"slot-{casus.instance_key}", "", {})
    with transaction(SERVICE) as session:
        held = session.execute(
            text("SELECT sealed_result FROM idempotency WHERE key_hash = :key"), {"key": asked.key_hash}
        ).scalar_one()
    assert sealing.open_own(bytes(held), asked.place)


def test_a_rotation_that_stops_halfway_goes_on_where_it_stopped(first: str, casus: Started) -> None:
    hold(f"nieuw:{NEW} {first}")
    column = next(one for one in COLUMNS if one.name == "subject")
    whole = keys.status().to_do
    assert keys._some(column, 1) == 1
    assert keys.status().to_do == whole - 1
    assert keys.rotate() == whole - 1


def test_who_still_seals_with_the_old_key_is_found_by_the_next_rotation(first: str, ouder: Actor) -> None:
    hold(f"nieuw:{NEW} {first}")
    keys.rotate()
    hold(f"{first} nieuw:{NEW}")
    starts.start(ouder, "proef", proef.started(), as_html=False)
    hold(f"nieuw:{NEW} {first}")
    assert keys.status().to_do == 1
    assert keys.rotate() == 1


def test_without_the_key_the_service_refuses_to_start(first: str, casus: Started) -> None:
    for setting in (f"nieuw:{NEW}", f"{first.split(':')[0]}:{LOST}"):
        hold(setting)
        with pytest.raises(KeyMissing, match="draaiboek"):
            keys.check()
    hold(f"nieuw:{NEW}")
    with pytest.raises(KeyMissing):
        keys.rotate()


def test_what_a_lost_key_closed_is_refused_and_never_garbage(
    first: str, casus: Started, arts: Actor, ib: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    hold(f"nieuw:{NEW}")
    with caplog.at_level(logging.DEBUG):
        for look in (lambda: medical(arts, casus), lambda: draft(ib, casus)):
            with pytest.raises(ServiceError) as refused:
                look()
            assert refused.value.code == "key-missing"
    assert proef.MARKER not in caplog.text
    assert DRAFT not in caplog.text
    assert NEW not in caplog.text


TOLD = """
from flask import g
from service.app import create_app
from service.errors import KeyMissing
app = create_app()
for path in ("/taken", "/v2/user-tasks/1"):
    with app.test_request_context(path):
        g.actor, g.session_token = None, ""
        answer = app.make_response(app.handle_user_exception(KeyMissing("k2027")))
        print(answer.status_code, answer.get_data(as_text=True))
"""


def elsewhere(program: str, settings: Settings, **environment: str) -> subprocess.CompletedProcess[str]:
    """A web process of its own on the same database."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "SLUITEND_DATA_DIR": settings.data_dir, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_visitor_and_a_program_are_told_in_words_and_with_503(first: str, settings: Settings) -> None:
    told = elsewhere(TOLD, settings)
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("503 ") == 2
    assert "Deze gegevens kunnen nu niet open" in told.stdout
    assert "urn:sluitend:problem:key-missing" in told.stdout


def test_web_processes_refuse_to_start_without_the_key(first: str, settings: Settings) -> None:
    keys.check()
    program = "from service.app import create_app; create_app(); print('started')"
    refused = elsewhere(program, settings, SLUITEND_KEYS=f"start:{LOST}")
    assert refused.returncode == 1
    assert "KeyMissing" in refused.stderr
    assert "started" not in refused.stdout
    assert LOST not in refused.stderr


def test_people_work_on_while_it_rotates(
    first: str, casus: Started, ouder: Actor, ib: Actor, arts: Actor
) -> None:
    hold(f"nieuw:{NEW} {first}")
    with ThreadPoolExecutor(2) as pool:
        begun = [
            pool.submit(starts.start, ouder, "proef", proef.started(), as_html=False) for _number in range(10)
        ]
        drafts = [
            pool.submit(tasks.save_draft, ib, task(ib, casus), {"toelichting": [f"{DRAFT} {number}"]})
            for number in range(10)
        ]
        assert keys.rotate(batch=1) > 0  # how many there are by now depends on how fast the others are
        assert all(one.result() for one in begun)
        assert all(one.result() for one in drafts)
    keys.rotate()
    assert keys.status().to_do == 0
    hold(f"nieuw:{NEW}")
    assert DRAFT in draft(ib, casus)
    assert proef.MARKER in medical(arts, casus)
