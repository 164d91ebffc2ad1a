"""The whole application on a real database: the demo region, two casussen of two families, one of them far along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.clock import PinnedClock
from service.config import Settings
from service.domain import SYSTEM, Actor
from service.operations import accounts, catalog, deployments, guard, region, runtime, sessions, starts, tasks
from service.operations.views import Started
from service.store import casus as rows
from service.store.scopes import SERVICE
from service.store.session import transaction
from service.web.session import COOKIE
from tests.operations import proef
from tests.operations.conftest import person
from tests.routes.markers import ANSWERS, files
from tests.site import passable

NOW = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """What the tests look at."""

    app: Flask
    number: str
    crowded: str  # number of a casus with the same answers in which every account of the region takes part
    instance_key: int
    task_key: int  # of a task in it that is open
    definition_key: int

    def client(self, actor: Actor | None) -> FlaskClient:
        """A browser of somebody who is signed in, or of a stranger."""
        client = self.app.test_client()
        if actor is not None:
            client.set_cookie(COOKIE, sessions.begin(actor))
        return client


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = Settings(data_dir=str(passable(tmp_path_factory.mktemp("data"))), demo=True)
    with runtime.embedded(settings):
        runtime.upgrade(settings)
        running = runtime.start(settings, clock=PinnedClock(NOW))
        catalog.forget()
        region.load(running.region)
        with guard.working(SYSTEM) as work:
            published = deployments.publish(work, "proef", files(), reason="proef")
        crowded = begun()
        crowd(crowded.casus_number)
        casus = begun()
        offered = tasks.mine(person("swv_po.samenwijs"), limit=500).tasks
        open_task = next(t.key for t in offered if t.casus_number == casus.casus_number)
        yield World(
            app=create_app(settings, connect=False),
            number=casus.casus_number,
            crowded=crowded.casus_number,
            instance_key=casus.instance_key,
            task_key=open_task,
            definition_key=published.definition_key,
        )
        runtime.stop()


def everybody() -> list[Actor]:
    """Every account of the demo region."""
    found = (accounts.by_login(login) for login, _ in region.logins(runtime.current().region))
    return [actor for actor in found if actor is not None]


def begun() -> Started:
    """A casus with answers of every class."""
    casus = starts.start(
        person("ouder.wilgenveen"), "proef", proef.started(**ANSWERS["start"]), as_html=False
    )
    for login, name in (("school_ib.regenboogbrug", "Advies geven"), ("jeugdarts.ggd", "Onderzoek doen")):
        who = person(login)
        offered = [t for t in tasks.mine(who, limit=500).tasks if t.casus_number == casus.casus_number]
        key = next(t.key for t in offered if t.name == name)
        tasks.complete(who, key, ANSWERS[name], as_html=False, idempotency_key=f"{key}")
    return casus


def crowd(number: str) -> None:
    """Let every account take part in each of its roles, as no process would: so that each role meets each class."""
    with transaction(SERVICE) as session:
        row = rows.by_number(session, number)
        assert row is not None
        held = [(actor, one) for actor in everybody() for one in actor.memberships]
        rows.bind_once(
            session,
            row.key,
            [
                {
                    "role": one.role,
                    "candidate": f"{one.role}@{one.organisation}"
                    if one.organisation
                    else f"account:{actor.account}",
                    "organisation_key": one.organisation,
                    "account_key": None if one.organisation else actor.account,
                    "since": NOW,
                }
                for actor, one in held
            ],
        )
