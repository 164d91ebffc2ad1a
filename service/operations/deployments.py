"""Deployments: files become versions of processes, forms and decisions; running instances keep theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.access import Permission
from service.config import shipped as shipped_folder
from service.domain import Actor, DefinitionKey, DeploymentKey, Finding, Severity, new_key
from service.errors import BadRequest, DiagramRejected, NotFound
from service.operations import runtime, sealing, sources, triggers
from service.operations.guard import Work, working
from service.operations.records import DefinitionRecord, DeploymentRecord
from service.operations.views import Published
from service.store import definitions
from service.store.rows import Found


def deploy(actor: Actor, files: Mapping[str, bytes]) -> DeploymentRecord:
    """Deploy the files of a technical process; a `fout` raises DiagramRejected."""
    if not files or not all(files):
        raise BadRequest("Expected files with a name", field="resources")
    sources.known_kinds(files)
    with working(actor) as work:
        work.require(Permission.DEPLOYMENT_CREATE, action="C", kind="deployment", key=0, hidden=False)
        sources.refuse(sources.findings(files, technical=True), technical=True)
        key, _unchanged = put(work, files, name=min(files), kind="technical", reason="")
        made = definitions.of_deployment(work.session, key)
    return DeploymentRecord(key=DeploymentKey(key), definitions=tuple(record(row) for row in made))


def shipped() -> tuple[str, ...]:
    """The processes that come with this release."""
    folders = shipped_folder("processes").glob("*/" + sources.MANIFEST)
    return tuple(sorted(folder.parent.name for folder in folders))


def folder(process_id: str) -> dict[str, bytes]:
    """The files of a shipped process: its folder, and its forms under forms/. NotFound when there is none."""
    root, form_root = shipped_folder("processes") / process_id, shipped_folder("forms") / process_id
    if not (root / sources.MANIFEST).is_file():
        raise NotFound(f"Expected a folder processes/{process_id} with {sources.MANIFEST}")
    files = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    files |= {f"forms/{path.relative_to(form_root)}": path.read_bytes() for path in form_root.rglob("*.form")}
    return files


def publish_folder(actor: Actor, process_id: str) -> Published:
    """Publish a shipped process; nothing is made when this content is the newest already."""
    files = folder(process_id)
    with working(actor) as work:
        work.require(Permission.CONCEPT_PUBLISH, action="C", kind="process", key=0, hidden=False)
        near = {name: folder(name) for name in shipped() if name != process_id}
        return publish(work, process_id, files, reason="meegeleverd", near=near)


def publish(
    work: Work,
    process_id: str,
    files: Mapping[str, bytes],
    *,
    reason: str,
    near: Mapping[str, Mapping[str, bytes]] | None = None,
) -> Published:
    """Publish a regional process inside a transaction; any finding raises DiagramRejected.

    near  processes that are published together with it: two that call each other cannot both be first
    """
    known = _unchanged(work, files, "regional")
    found: tuple[Finding, ...] = ()
    if not known:
        beside = {**(near or {}), **sources.beside(work.session, files)}
        found = sources.refuse(sources.findings(files, technical=False, beside=beside), technical=False)
    key, unchanged = put(work, files, name=process_id, kind="regional", reason=reason)
    made = definitions.of_deployment(work.session, key)
    process = next((row for row in made if row.kind == "process" and row.id == process_id), None)
    if process is None:
        raise BadRequest(f"Expected a process with id {process_id!r} in the diagram", field="proces.bpmn")
    return Published(
        process_id=process_id,
        version=process.version,
        deployment_key=DeploymentKey(key),
        definition_key=DefinitionKey(process.key),
        unchanged=unchanged,
        findings=found,
    )


def put(work: Work, files: Mapping[str, bytes], *, name: str, kind: str, reason: str) -> tuple[int, bool]:
    """Store files as a deployment; gives its key, and whether it was there already."""
    definitions.lock_deploying(work.session)
    known = _unchanged(work, files, kind)
    if known is not None:
        return known, True
    now = runtime.now()
    made = sources.made_by(files)
    if not made:
        raise BadRequest("Expected a process, a decision or a form in these files", field="resources")
    versions = {
        kind_: definitions.newest_versions(work.session, kind_, {m.id for m in made if m.kind == kind_})
        for kind_ in {m.kind for m in made}
    }
    _keep_apart(work, made, kind)
    key = new_key(now)
    definitions.add(
        work.session,
        {
            "key": key,
            "name": name,
            "kind": kind,
            "content_sha256": sources.content_hash(files),
            "manifest": sources.manifest(files) if kind == "regional" else {},
            "deployed_by": work.actor.account,
            "deployed_at": now,
            "reason": reason,
        },
        [{"path": p, "sha256": sealing.sha256(c), "content": c} for p, c in sorted(files.items())],
        [
            {
                "key": new_key(now),
                "kind": m.kind,
                "id": m.id,
                "version": versions[m.kind].get(m.id, 0) + 1,
                "name": m.name,
                "path": m.path,
                "version_tag": m.version_tag,
            }
            for m in made
        ],
    )
    for row in definitions.of_deployment(work.session, key):
        if row.kind == "process":
            triggers.register(work.session, row.key)
    return key, False


def _keep_apart(work: Work, made: Sequence[sources.Made], kind: str) -> None:
    """An id belongs to one kind of deployment for ever: a program cannot replace what a region published, or the reverse."""
    owners = definitions.kinds_of(work.session, [(one.kind, one.id) for one in made])
    taken = [one for one in made if owners.get((one.kind, one.id), kind) != kind]
    if taken:
        raise DiagramRejected(
            [
                Finding(
                    element=one.id,
                    rule="id-in-gebruik",
                    severity=Severity.FOUT,
                    reason=f"De naam ‘{one.id}’ hoort bij een ander soort proces: {_OWNERS[owners[one.kind, one.id]]}.",
                    remedy="Kies een andere id.",
                    file=one.path,
                )
                for one in taken
            ],
            "Expected ids that no other kind of deployment uses",
        )


_OWNERS = {"regional": "een proces van de regio", "technical": "een technisch proces"}


def _unchanged(work: Work, files: Mapping[str, bytes], kind: str) -> int | None:
    """The deployment with exactly this content, when all it made is still the newest."""
    key = definitions.same_content(work.session, sources.content_hash(files), kind)
    if key is None:
        return None
    for made in definitions.of_deployment(work.session, key):
        newest = definitions.newest_versions(work.session, made.kind, [made.id])
        if newest.get(made.id) != made.version:
            return None
    return key


def resource(actor: Actor, key: int) -> tuple[DefinitionRecord, bytes]:
    """The file that a process, a decision or a form came from, as it was deployed."""
    with working(actor) as work:
        work.require(Permission.DEFINITION_READ, action="R", kind="definition", key=key)
        for kind in ("process", "decision", "form"):
            row = definitions.get(work.session, key, kind)
            if row is not None:
                return record(row), definitions.file(work.session, row.deployment_key, row.path) or b""
        raise work.missing("definition", key)


def record(row: Found, *, form_id: str = "") -> DefinitionRecord:
    """A definition as the orchestration API shows it."""
    return DefinitionRecord(
        key=DefinitionKey(row.key),
        kind=row.kind,
        id=row.id,
        version=row.version,
        name=row.name,
        resource_name=row.path,
        deployment_key=DeploymentKey(row.deployment_key),
        version_tag=row.version_tag,
        form_id=form_id,
    )
