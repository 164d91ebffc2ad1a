"""Deployments, their files, and the versions of processes, forms and decisions that they made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, literal, select, tuple_
from sqlalchemy.orm import Session

from service.store import search as searching
from service.store.rows import Found
from service.store.tables import definition, deployment, deployment_file, instance

_NEWEST = (
    select(definition.c.kind, definition.c.id, func.max(definition.c.version).label("version"))
    .group_by(definition.c.kind, definition.c.id)
    .subquery()
)


def lock_deploying(session: Session) -> None:
    """Let one deployment at a time give out version numbers."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("deploy", 0))))


def newest_versions(session: Session, kind: str, ids: Iterable[str]) -> Mapping[str, int]:
    """The highest version per id."""
    rows = session.execute(
        select(definition.c.id, func.max(definition.c.version).label("version"))
        .where(definition.c.kind == kind, definition.c.id.in_(list(ids)))
        .group_by(definition.c.id)
    )
    return {row.id: row.version for row in rows}


def kinds_of(session: Session, wanted: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """To which kind of deployment a definition (kind, id) belongs, as far as it is known."""
    rows = session.execute(
        select(definition.c.kind, definition.c.id, deployment.c.kind.label("owner"))
        .join(deployment, deployment.c.key == definition.c.deployment_key)
        .where(tuple_(definition.c.kind, definition.c.id).in_(wanted))
        .order_by(definition.c.version.desc())
    )
    return {(row.kind, row.id): row.owner for row in rows}


def add(
    session: Session,
    values: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
    definitions: Sequence[Mapping[str, Any]],
) -> None:
    """Add a deployment with its files and definitions."""
    session.execute(insert(deployment).values(dict(values)))
    session.execute(insert(deployment_file), [{"deployment_key": values["key"], **f} for f in files])
    if definitions:
        session.execute(insert(definition), [{"deployment_key": values["key"], **d} for d in definitions])


def same_content(session: Session, content_sha256: str, kind: str) -> int | None:
    """The deployment of this kind with exactly these files; of several the one that made the highest version.

    Keys of one millisecond have no order, and a clock may be set back: only versions tell what came last.
    """
    return session.execute(
        select(deployment.c.key)
        .join(definition, definition.c.deployment_key == deployment.c.key)
        .where(deployment.c.content_sha256 == content_sha256, deployment.c.kind == kind)
        .order_by(definition.c.version.desc(), deployment.c.key.desc())
        .limit(1)
    ).scalar()


def of_deployment(session: Session, deployment_key: int) -> Sequence[Found]:
    """The definitions that a deployment made."""
    return session.execute(
        select(definition).where(definition.c.deployment_key == deployment_key).order_by(definition.c.key)
    ).all()


def get(session: Session, key: int, kind: str = "process") -> Found | None:
    """One definition with the kind, name and moment of its deployment."""
    return session.execute(
        _described().where(definition.c.key == key, definition.c.kind == kind)
    ).one_or_none()


def count_deployments(session: Session) -> int:
    """How many deployments there are: none is ever taken away, so a new number means something new."""
    return session.execute(select(func.count()).select_from(deployment)).scalar_one()


def newest(session: Session, kind: str, id_: str, version: int = -1, *, tag: str = "") -> Found | None:
    """A definition by id: the given version, or the newest for -1; with `tag` the newest that carries it."""
    statement = _described().where(definition.c.kind == kind, definition.c.id == id_)
    if tag:
        statement = statement.where(definition.c.version_tag == tag)
    if version > 0:
        statement = statement.where(definition.c.version == version)
    return session.execute(statement.order_by(definition.c.version.desc()).limit(1)).one_or_none()


def newest_processes(session: Session, deployment_kind: str = "regional") -> Sequence[Found]:
    """The newest version of every process, with the manifest of its deployment."""
    return session.execute(
        _described()
        .join(
            _NEWEST,
            (definition.c.kind == _NEWEST.c.kind)
            & (definition.c.id == _NEWEST.c.id)
            & (definition.c.version == _NEWEST.c.version),
        )
        .where(definition.c.kind == "process", deployment.c.kind == deployment_kind)
        .order_by(definition.c.name)
    ).all()


def running_by_version(session: Session) -> Mapping[str, Mapping[int, int]]:
    """Per process id: version -> number of instances that run."""
    rows = session.execute(
        select(definition.c.id, definition.c.version, func.count().label("number"))
        .join(instance, instance.c.definition_key == definition.c.key)
        .where(instance.c.status.in_(("ACTIVE", "SUSPENDED")))
        .group_by(definition.c.id, definition.c.version)
    )
    running: dict[str, dict[int, int]] = {}
    for row in rows:
        running.setdefault(row.id, {})[row.version] = row.number
    return running


def files(session: Session, deployment_key: int) -> Mapping[str, bytes]:
    """All files of a deployment."""
    rows = session.execute(
        select(deployment_file.c.path, deployment_file.c.content).where(
            deployment_file.c.deployment_key == deployment_key
        )
    )
    return {row.path: row.content for row in rows}


def file(session: Session, deployment_key: int, path: str) -> bytes | None:
    """One file of a deployment."""
    return session.execute(
        select(deployment_file.c.content).where(
            deployment_file.c.deployment_key == deployment_key, deployment_file.c.path == path
        )
    ).scalar()


def search(session: Session, wanted: searching.Search, kind: str) -> tuple[Sequence[Found], int]:
    """Definitions of one kind."""
    columns: dict[str, ColumnElement[Any]] = {
        "key": definition.c.key,
        "id": definition.c.id,
        "name": definition.c.name,
        "resource_name": definition.c.path,
        "version": definition.c.version,
        "version_tag": func.nullif(definition.c.version_tag, ""),
        "deployment_key": definition.c.deployment_key,
        "tenant_id": literal("<default>"),
    }
    statement = _described().where(definition.c.kind == kind)
    return searching.run(session, statement, columns, wanted, key=definition.c.key)


def _described() -> Select[Any]:
    return select(
        definition,
        deployment.c.kind.label("deployment_kind"),
        deployment.c.manifest,
        deployment.c.deployed_at,
    ).join(deployment, deployment.c.key == definition.c.deployment_key)


def form_keys(session: Session, wanted: Iterable[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
    """The key of each (deployment, form id): of that deployment, else the newest form with this id."""
    pairs = set(wanted)
    if not pairs:
        return {}
    rows = session.execute(
        select(definition.c.deployment_key, definition.c.id, definition.c.key)
        .where(definition.c.kind == "form", definition.c.id.in_({id_ for _, id_ in pairs}))
        .order_by(definition.c.version)
    ).all()
    own = {(row.deployment_key, row.id): row.key for row in rows}
    newest = {row.id: row.key for row in rows}
    return {pair: own.get(pair, newest.get(pair[1], 0)) for pair in pairs if pair in own or pair[1] in newest}
