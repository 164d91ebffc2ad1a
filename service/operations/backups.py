"""Backup: everything of one moment in one file. Restore: that file into an empty database, proved before it stays."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from service import history
from service.config import Settings
from service.errors import ConfigurationError, ServiceError
from service.history import Verification
from service.operations import keys, runtime
from service.store import backups, connection, embedded, facts, migrate
from service.store.backups import Table
from service.store.rows import Session

_FORMAT = 1
_MANIFEST = "manifest.json"
_PIECE = 1 << 20  # bytes that are in memory at a time


class BackupRefused(ServiceError):
    """Expected a whole backup of this release and an empty database."""

    code = "backup-refused"


@dataclass(frozen=True, kw_only=True)
class Backup:
    """What a file holds."""

    release: str
    migration: str
    taken_at: str  # UTC, the moment that all rows are of
    tables: tuple[Table, ...]
    rows: Mapping[str, int]
    digests: Mapping[str, str]  # SHA-256 of the rows of each table
    sequences: Mapping[str, tuple[int, bool]]

    @property
    def total(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was put back, and what was proved of it."""

    backup: Backup
    history: Verification
    keys: int  # wrapped keys that opened


def write(settings: Settings, file: Path) -> Backup:
    """Write a backup while the service works on. The master keys are not in it.

    Raises BackupRefused when the file exists, or the database is not of this release.
    """
    if file.exists():
        raise BackupRefused(f"Expected a new file, but {file} exists")
    connection.need(settings)
    partial = file.with_name(f"{file.name}.partial")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w+b") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
                made = _write(archive, runtime.owner_url(settings))
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(file)
    except OSError as error:
        raise BackupRefused(f"Expected to write {file}, but: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    return made


def _write(archive: zipfile.ZipFile, url: str) -> Backup:
    with backups.snapshot(url) as session:
        _same_migration(migrate.of(session))
        tables = backups.tables(session)
        backups.hold(session, tables)
        taken_at = backups.moment(session)
        rows: dict[str, int] = {}
        digests: dict[str, str] = {}
        for table in tables:
            rows[table.name], digests[table.name] = _put(archive, table, backups.read(session, table))
        made = Backup(
            release=version("sluitend"),
            migration=migrate.newest(),
            taken_at=taken_at.astimezone(UTC).isoformat(timespec="seconds"),
            tables=tables,
            rows=rows,
            digests=digests,
            sequences=backups.sequences(session),
        )
    archive.writestr(_MANIFEST, json.dumps(_told(made), indent=1))
    return made


def _put(archive: zipfile.ZipFile, table: Table, pieces: Iterator[bytes]) -> tuple[int, str]:
    digest, lines = hashlib.sha256(), 0
    with archive.open(table.name, "w", force_zip64=True) as entry:
        for piece in pieces:
            digest.update(piece)
            lines += piece.count(b"\n")  # a line break in a value is written as \n, in two signs
            entry.write(piece)
    return lines, digest.hexdigest()


def read(file: Path) -> Backup:
    """Read a backup through and through. Raises BackupRefused when anything in it is not as it was written."""
    try:
        with zipfile.ZipFile(file) as archive:
            found = _understood(json.loads(archive.read(_MANIFEST)))
            for table in found.tables:
                _whole(archive, found, table)
    except OSError as error:
        raise BackupRefused(f"Expected a backup, but {file} does not open: {error.strerror}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError) as error:
        raise BackupRefused(f"Expected a whole backup, but {file} is damaged or something else") from error
    return found


def _whole(archive: zipfile.ZipFile, found: Backup, table: Table) -> None:
    digest = hashlib.sha256()
    for piece in _pieces(archive, table):
        digest.update(piece)
    if digest.hexdigest() != found.digests[table.name]:
        raise BackupRefused(f"Expected a whole backup, but {table.name} is not as it was written")


def _pieces(archive: zipfile.ZipFile, table: Table) -> Iterator[bytes]:
    with archive.open(table.name) as entry:
        while piece := entry.read(_PIECE):
            yield piece


def restore(settings: Settings, file: Path) -> Restored:
    """Put a backup into an empty database, and prove it before it stays; refused, the database stays empty.

    A backup of an earlier release is put into the tables of that release, which are brought to this one afterwards.
    Raises BackupRefused, or KeyMissing when the master keys at hand do not open what is in it.
    """
    found = read(file)
    if not migrate.known(found.migration):
        raise BackupRefused(
            f"Expected a migration up to {migrate.newest()}, but the backup has {found.migration or 'none'}: "
            "use the release that made it, or a later one"
        )
    _has_keys(settings)
    ring = connection.keys(settings)
    url = runtime.owner_url(settings)
    if full := backups.in_use(url):
        raise BackupRefused(f"Expected an empty database, but {full} has rows")
    runtime.upgrade(settings, found.migration)
    with backups.filling(url) as session, zipfile.ZipFile(file) as archive:
        _same_tables(found, session)
        if full := backups.occupied(session, found.tables):
            raise BackupRefused(f"Expected an empty database, but {full} has rows")
        for table in found.tables:
            _fill(session, archive, found, table)
        backups.put_sequences(session, found.sequences)
        proved = history.verify(facts.every(session), facts.heads(session))
        if proved.broken is not None:
            raise BackupRefused(
                f"Expected an intact history, but instance {proved.broken.instance_key} is broken at {proved.broken.seq}"
            )
        opened = keys.prove(session, ring)
    runtime.upgrade(settings)
    return Restored(backup=found, history=proved, keys=opened)


def _fill(session: Session, archive: zipfile.ZipFile, found: Backup, table: Table) -> None:
    count = backups.fill(session, table, _pieces(archive, table))
    if count != found.rows[table.name]:
        raise BackupRefused(
            f"Expected {found.rows[table.name]} rows in {table.name}, but {count} came of the file"
        )


def _same_migration(migration: str) -> None:
    if migration != migrate.newest():
        raise BackupRefused(
            f"Expected migration {migrate.newest()} of this release, but the database has {migration or 'none'}: "
            "use the release that made it, or upgrade first"
        )


def _same_tables(found: Backup, session: Session) -> None:
    here = {table.name: set(table.columns) for table in backups.tables(session)}
    if here != {table.name: set(table.columns) for table in found.tables}:
        raise BackupRefused(
            "Expected the tables of the release that made the backup, but there are others: give a database without tables"
        )


def _has_keys(settings: Settings) -> None:
    """An embedded database makes a new key where there is none; that one never opens a backup."""
    given = settings.keys or settings.secret_key or settings.database_url
    if not given and not embedded.has_secret_key(settings.data_dir):
        raise ConfigurationError(
            f"Expected the master keys of the backup in SLUITEND_KEYS, or its secret.key in {settings.data_dir}"
        )


def _told(made: Backup) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "release": made.release,
        "migration": made.migration,
        "takenAt": made.taken_at,
        "tables": [
            {
                "name": table.name,
                "columns": table.columns,
                "rows": made.rows[table.name],
                "sha256": made.digests[table.name],
            }
            for table in made.tables
        ],
        "sequences": made.sequences,
    }


def _understood(told: Mapping[str, Any]) -> Backup:
    if told["format"] != _FORMAT:
        raise BackupRefused(f"Expected a backup of format {_FORMAT}, but this is {told['format']!r}")
    return Backup(
        release=told["release"],
        migration=told["migration"],
        taken_at=str(datetime.fromisoformat(told["takenAt"]).isoformat()),
        tables=tuple(Table(name=one["name"], columns=tuple(one["columns"])) for one in told["tables"]),
        rows={one["name"]: int(one["rows"]) for one in told["tables"]},
        digests={one["name"]: one["sha256"] for one in told["tables"]},
        sequences={name: (int(value), bool(called)) for name, (value, called) in told["sequences"].items()},
    )
