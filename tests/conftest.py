"""What all tests share: one whole site per test worker, one PostgreSQL for all, started when first asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import settings
from playwright.sync_api import Browser

from service.config import Settings
from service.store import connection
from service.store.embedded import Embedded
from tests import databases, eavesdropping
from tests import site as sites
from tests.chromium import launched

# Examples are judged by what they find; how long one takes depends on what else the machine does.
settings.register_profile("sluitend", deadline=None, print_blob=True)
settings.load_profile("sluitend")

SECRET = "only-for-tests-and-long-enough-to-be-one"


@pytest.fixture(scope="session", autouse=True)
def _passable(tmp_path_factory: pytest.TempPathFactory) -> None:
    """As root, the database runs under another account, which must be able to come to its folder."""
    for folder in (tmp_path_factory.getbasetemp(), *tmp_path_factory.getbasetemp().parents):
        if folder.stat().st_uid == os.geteuid() and "pytest" in str(folder):
            folder.chmod(0o711)


@pytest.fixture(scope="session", autouse=True)
def ear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[eavesdropping.Ear]:
    """All logs of this whole run: none of them holds an answer about care or of a medical kind."""
    listening = eavesdropping.Ear(tmp_path_factory.mktemp("logs") / "tests.log")
    pen = eavesdropping.attach(listening)
    sites.EARS.append(listening)
    yield listening
    pen.close()
    assert list(listening.heard()) == []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sites.Site]:
    """`sluitend demo` in a folder of its own; tests that use it belong to the xdist group "site"."""
    with sites.demo(sites.passable(tmp_path_factory.mktemp("site")) / "data") as running:
        yield running


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The one embedded PostgreSQL of this test run, with a migrated template."""
    base = tmp_path_factory.getbasetemp()
    with databases.shared((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "pg") as server:
        yield server


@pytest.fixture(scope="module")
def standing(postgres: Embedded) -> Iterator[databases.Database]:
    """As `database`, one for all tests of a module that leave it as it is."""
    with databases.copy(postgres) as made:
        connection.open(Settings(database_url=made.url_app, secret_key=SECRET))
        yield made
        connection.close()


@pytest.fixture
def database(postgres: Embedded) -> Iterator[databases.Database]:
    """A fresh copy of the template, open as this process's database while the test runs."""
    with databases.copy(postgres) as made:
        connection.open(Settings(database_url=made.url_app, secret_key=SECRET))
        yield made
        connection.close()


@pytest.fixture
def app(database: databases.Database) -> Flask:
    """A Flask application without routes on the test's database."""
    made = Flask("sluitend-test")
    connection.open(Settings(database_url=database.url_app, secret_key=SECRET), made)
    return made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the site run in one worker, so that it starts once."""
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("site"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that all tests of one process share."""
    with launched() as browser:
        yield browser
