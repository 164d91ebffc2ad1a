"""The process owner's work: concepts, checks and publishing."""

from __future__ import annotations

from collections.abc import Mapping

from service.access import Permission
from service.domain import Actor, DefinitionKey, Finding, Severity
from service.errors import BadRequest, Conflict
from service.operations import deployments, runtime, sources
from service.operations.guard import Work, working
from service.operations.views import ConceptView, ProcessRow, Published, Saved
from service.store import concepts, definitions, instances
from service.store.rows import Found

MOST_FILES = 200


def overview(actor: Actor) -> tuple[ProcessRow, ...]:
    """Every process, published or still a concept."""
    with working(actor) as work:
        _require(work, Permission.CONCEPT_READ, "R")
        published = {row.id: row for row in definitions.newest_processes(work.session)}
        saved = {row.process_id: row for row in concepts.everything(work.session)}
        work.go_on()
        running = definitions.running_by_version(work.session)
        return tuple(
            _row(work, process_id, published.get(process_id), saved.get(process_id), running)
            for process_id in sorted(published.keys() | saved.keys())
        )


def _row(
    work: Work,
    process_id: str,
    published: Found | None,
    saved: Found | None,
    running: Mapping[str, Mapping[int, int]],
) -> ProcessRow:
    files = _files(work, process_id)
    beside = sources.beside(work.session, files) if saved is not None else {}
    manifest = published.manifest if published is not None else {}
    return ProcessRow(
        process_id=process_id,
        name=published.name if published is not None else process_id,
        purpose=str(manifest.get("proces", {}).get("doel", "")),
        version=published.version if published is not None else 0,
        published_at=published.deployed_at if published is not None else None,
        running_by_version=running.get(process_id, {}),
        concept_saved_at=saved.saved_at if saved is not None else None,
        concept_saved_by=(saved.saved_by_name or "") if saved is not None else "",
        findings=_to_mend(files, beside) if saved is not None else 0,
    )


def _to_mend(files: Mapping[str, bytes], beside: Mapping[str, Mapping[str, bytes]]) -> int:
    """How many findings ask for a change; an opmerking does not."""
    found = sources.findings(files, technical=False, beside=beside)
    return sum(finding.severity is not Severity.OPMERKING for finding in found)


def concept(actor: Actor, process_id: str) -> ConceptView:
    """The concept of a process; without one, what was published last. NotFound when there is neither."""
    with working(actor) as work:
        _require(work, Permission.CONCEPT_READ, "R")
        head = concepts.head(work.session, process_id)
        own = concepts.files(work.session, process_id)
        published = _published(work, process_id)
        if not own and published is None:
            raise work.missing("process", 0)
        return ConceptView(
            process_id=process_id,
            name=published.name if published is not None else process_id,
            version=published.version if published is not None else 0,
            revision=head.revision if head is not None else 0,
            files=own or definitions.files(work.session, published.deployment_key if published else 0),
            saved_at=head.saved_at if head is not None and own else None,
            saved_by=(head.saved_by_name or "") if head is not None and own else "",
        )


def save(actor: Actor, process_id: str, files: Mapping[str, bytes], revision: int) -> Saved:
    """Keep a concept; Conflict when somebody else saved or published since `revision`."""
    if not 0 < len(files) <= MOST_FILES or not all(map(_proper, files)):
        raise BadRequest("Expected files with plain relative names", field="files")
    with working(actor) as work:
        _require(work, Permission.CONCEPT_EDIT, "U")
        _same_revision(work, process_id, revision)
        published = _published(work, process_id)
        now = runtime.now()
        _store(work, process_id, files, revision + 1, published)
    return Saved(process_id=process_id, revision=revision + 1, saved_at=now)


def check(actor: Actor, process_id: str, files: Mapping[str, bytes] | None = None) -> tuple[Finding, ...]:
    """What the publication gate says about the concept, or about `files` as they are on screen."""
    with working(actor) as work:
        _require(work, Permission.CONCEPT_READ, "R")
        wanted = _files(work, process_id) if files is None else files
        if not wanted:
            raise work.missing("process", 0)
        beside = sources.beside(work.session, wanted)
    return sources.findings(wanted, technical=False, beside=beside)


def publish(actor: Actor, process_id: str, revision: int, reason: str) -> Published:
    """Publish the concept as a new version. Raises DiagramRejected for any finding, Conflict for a stale one."""
    with working(actor) as work:
        _require(work, Permission.CONCEPT_PUBLISH, "C")
        _same_revision(work, process_id, revision)
        files = _files(work, process_id)
        if not files:
            raise work.missing("process", 0)
        published = deployments.publish(work, process_id, files, reason=reason)
        if concepts.files(work.session, process_id):
            _store(work, process_id, {}, revision + 1, None, base=published.definition_key)
    return published


def diagram(actor: Actor, definition_key: DefinitionKey) -> bytes:
    """The diagram of a published version, for everybody who works with it."""
    with working(actor) as work:
        row = definitions.get(work.session, definition_key)
        work.go_on()
        if row is None or (row.deployment_kind == "technical" and not _sees_technical(work, row)):
            raise work.missing("definition", definition_key)
        return definitions.file(work.session, row.deployment_key, row.path) or b""


def _sees_technical(work: Work, row: Found) -> bool:
    return (
        work.operates
        or bool(work.actor.roles & {"auditor", "fg", "procesregisseur"})
        or bool(
            instances.sees_definition(
                work.session, row.key, work.actor.account, sorted(work.actor.candidates)
            )
        )
    )


def _require(work: Work, permission: Permission, action: str) -> None:
    work.require(permission, action=action, kind="process", key=0, hidden=False)


def _published(work: Work, process_id: str) -> Found | None:
    row = definitions.newest(work.session, "process", process_id)
    return row if row is not None and row.deployment_kind == "regional" else None


def _files(work: Work, process_id: str) -> Mapping[str, bytes]:
    own = concepts.files(work.session, process_id)
    published = None if own else _published(work, process_id)
    return definitions.files(work.session, published.deployment_key) if published is not None else own


def _same_revision(work: Work, process_id: str, revision: int) -> None:
    known = concepts.lock(work.session, process_id)
    if known != revision:
        raise Conflict(f"Expected the concept at revision {revision}, but it is at {known}")


def _store(
    work: Work,
    process_id: str,
    files: Mapping[str, bytes],
    revision: int,
    published: Found | None,
    base: int | None = None,
) -> None:
    concepts.save(
        work.session,
        process_id,
        files,
        revision=revision,
        base_definition_key=base or (published.key if published is not None else None),
        account_key=work.actor.account,
        at=runtime.now(),
    )


def _proper(path: str) -> bool:
    parts = path.split("/")
    return (
        bool(path) and not path.startswith("/") and "\\" not in path and ".." not in parts and "" not in parts
    )
