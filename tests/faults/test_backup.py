"""A backup is taken while people work, and put back elsewhere: everything acknowledged before it is there, and proved."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from service.store import embedded
from service.store.embedded import Embedded
from tests import databases
from tests.api.client import FORM, one_task
from tests.databases import Database
from tests.faults import own
from tests.faults.own import Installation
from tests.faults.test_database import loaded
from tests.site import ROOT, free_port, passable

pytestmark = pytest.mark.xdist_group("faults")


@dataclass
class Taken:
    """A backup of an installation, and what was acknowledged before and after it."""

    site: Installation
    file: Path
    told: str
    before: dict[str, str]
    after: dict[str, str]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    folder = tmp_path_factory.mktemp("backup")
    with own.installation(folder) as site:
        assert site.client.deploy(een_taak_bpmn=one_task(), vraag_form=FORM).status == 200
        with loaded(site) as loads:
            site.wait_until(lambda: sum(len(one.acknowledged) for one in loads) > 12)
            before = {key: task for one in loads for key, task in one.acknowledged.items()}
            told = site.command("backup", str(folder / "sluitend.backup"))
            time.sleep(1)
        after = {key: task for one in loads for key, task in one.acknowledged.items()}
        yield Taken(site, folder / "sluitend.backup", told, before, after)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """Somebody's own server without anything of ours."""
    server = embedded.start(passable(tmp_path_factory.mktemp("elsewhere")) / "server")
    yield server
    server.stop()


@pytest.fixture
def empty(elsewhere: Embedded) -> Iterator[Database]:
    """An empty database there."""
    with databases.copy(elsewhere, "template0") as made:
        yield made


def sluitend(
    server: Embedded | Database, *arguments: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "SLUITEND_DATABASE_URL": server.url_app,
        "SLUITEND_DATABASE_ADMIN_URL": server.url_admin,
        "SLUITEND_SECRET_KEY": own.SECRET,
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def tables(server: Database) -> list[str]:
    with psycopg.connect(server.url_admin) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'vault')")
        return [name for (name,) in found]


def rows(server: Embedded | Database, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url_admin) as connection:
        return connection.execute(query.encode()).fetchall()


def test_what_was_acknowledged_before_the_backup_is_there_after_the_restore(
    taken: Taken, empty: Database
) -> None:
    assert len(taken.after) > len(taken.before)
    restored = sluitend(empty, "restore", str(taken.file))
    assert restored.returncode == 0, restored.stderr
    assert "history: intact" in restored.stdout
    done = rows(empty, "SELECT instance_key, count(*) FROM fact WHERE kind = 'task:completed' GROUP BY 1")
    assert {int(key) for key in taken.before} <= {key for key, _ in done}
    assert {count for _, count in done} == {1}
    verified = sluitend(empty, "audit", "verify")
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout.startswith("intact: ")
    assert sluitend(empty, "keys", "status").returncode == 0


def test_the_restored_database_keeps_its_locks(taken: Taken, empty: Database) -> None:
    """Forced row-level security and every trigger are as `db upgrade` leaves them; the sequences go on."""
    assert sluitend(empty, "restore", str(taken.file)).returncode == 0
    for query in (
        "SELECT relname, relforcerowsecurity FROM pg_class WHERE relrowsecurity ORDER BY 1",
        "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    ):
        assert rows(empty, query) == taken.site.rows(query)
    with (
        psycopg.connect(empty.url_admin) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append"),
    ):
        connection.execute("UPDATE fact SET kind = 'other'")
    newest = rows(
        empty,
        "SELECT last_value >= (SELECT coalesce(max(id), 1) FROM procrastinate_jobs) FROM procrastinate_jobs_id_seq",
    )
    assert newest == [(True,)]


def test_the_restored_installation_goes_on(taken: Taken, tmp_path: Path, empty: Database) -> None:
    assert sluitend(empty, "restore", str(taken.file)).returncode == 0
    environment = taken.site.environment | {"SLUITEND_DATABASE_URL": empty.url_app}
    port = free_port()
    there = Installation(
        taken.site.server, port, environment | {"SLUITEND_PORT": str(port)}, tmp_path / "log.txt"
    )
    there.start("serve", "worker")
    try:
        there.wait_until(there.usable)
        _, task = there.begin()
        assert there.complete(task).status == 204
    finally:
        there.stop()


def test_the_backup_tells_what_it_holds_and_has_no_key(taken: Taken) -> None:
    assert "keys: not in this file" in taken.told
    assert "sha256: " in taken.told
    assert taken.file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(taken.file) as archive:
        for name in archive.namelist():
            assert own.SECRET.encode() not in archive.read(name)


def test_a_file_that_exists_is_not_written_over(taken: Taken) -> None:
    refused = sluitend(taken.site.server, "backup", str(taken.file))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "exists" in refused.stderr


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6])
def test_a_damaged_file_is_refused_and_changes_nothing(
    taken: Taken, empty: Database, tmp_path: Path, place: float
) -> None:
    whole = taken.file.read_bytes()
    spot = int(len(whole) * place) - 1
    (tmp_path / "damaged").write_bytes(whole[:spot] + bytes([whole[spot] ^ 1]) + whole[spot + 1 :])
    refused = sluitend(empty, "restore", str(tmp_path / "damaged"))
    assert refused.returncode == 1
    assert "Expected a whole backup" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert tables(empty) == []


def test_half_a_file_and_no_file_are_refused(taken: Taken, empty: Database, tmp_path: Path) -> None:
    (tmp_path / "half").write_bytes(taken.file.read_bytes()[:5000])
    for name in ("half", "none"):
        refused = sluitend(empty, "restore", str(tmp_path / name))
        assert refused.returncode == 1
        assert refused.stderr.startswith("sluitend: Expected a")
    assert sluitend(empty, "restore").returncode == 2


def test_other_keys_than_those_of_the_backup_leave_the_database_empty(taken: Taken, empty: Database) -> None:
    refused = sluitend(empty, "restore", str(taken.file), SLUITEND_SECRET_KEY="x" * 40)
    assert refused.returncode == 1
    assert "does not open what it closed" in refused.stderr
    assert rows(empty, "SELECT count(*) FROM account") == [(0,)]
    assert sluitend(empty, "restore", str(taken.file)).returncode == 0


def test_a_database_that_has_rows_is_not_written_over(taken: Taken) -> None:
    facts = taken.site.rows("SELECT count(*) FROM fact")
    refused = sluitend(taken.site.server, "restore", str(taken.file))
    assert refused.returncode == 1
    assert "Expected an empty database" in refused.stderr
    assert taken.site.rows("SELECT count(*) FROM fact") == facts


def test_a_backup_of_a_later_migration_is_for_the_release_that_made_it(
    taken: Taken, empty: Database, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    with zipfile.ZipFile(taken.file) as archive, zipfile.ZipFile(other, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "manifest.json":
                content = content.replace(b'"migration": "', b'"migration": "9')
            changed.writestr(name, content)
    refused = sluitend(empty, "restore", str(other))
    assert refused.returncode == 1
    assert "use the release that made it" in refused.stderr
    assert tables(empty) == []


def test_the_app_role_cannot_back_up_and_says_which_role_can(taken: Taken, tmp_path: Path) -> None:
    url = taken.site.server.url_app
    refused = sluitend(taken.site.server, "backup", str(tmp_path / "new"), SLUITEND_DATABASE_ADMIN_URL=url)
    assert refused.returncode == 1
    assert "BYPASSRLS" in refused.stderr
    assert list(tmp_path.iterdir()) == []
