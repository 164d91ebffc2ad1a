"""Readiness: an older database is not enough; a newer one is, for the previous release works on while servers are renewed."""

from __future__ import annotations

from service.app import create_app
from service.config import Settings
from service.store import migrate
from tests.conftest import SECRET
from tests.databases import Database


def test_a_release_works_on_when_the_database_is_ahead_of_it_and_says_so(database: Database) -> None:
    client = create_app(Settings(database_url=database.url_app, secret_key=SECRET)).test_client()
    assert client.get("/health/ready").status_code == 200
    with database.as_admin() as admin:
        admin.execute("UPDATE alembic_version SET version_num = '9999'")
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.get_json()["missing"]) == (200, [])
    assert f"newer release than this one, which has {migrate.newest()}" in answer.get_json()["complaints"][0]


def test_a_release_waits_for_its_migration(database: Database) -> None:
    client = create_app(Settings(database_url=database.url_app, secret_key=SECRET)).test_client()
    with database.as_admin() as admin:
        admin.execute("UPDATE alembic_version SET version_num = '0001'")
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.get_json()["missing"] == [f"migration {migrate.newest()}: the database has 0001"]
