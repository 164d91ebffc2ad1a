"""What a deployment is made of: its findings, its definitions and its content hash."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service import dmn, engine, forms, publication
from service.domain import Finding
from service.errors import BadRequest, DiagramRejected
from service.operations import catalog, runtime
from service.operations.sealing import sha256
from service.store import definitions
from service.store.rows import Session

MANIFEST = "proces.toml"
_KINDS = (".bpmn", ".dmn", ".form")


@dataclass(frozen=True, kw_only=True)
class Made:
    """One definition that files define."""

    kind: str  # process | form | decision
    id: str
    name: str
    path: str
    version_tag: str = ""  # of a process


def findings(
    files: Mapping[str, bytes], *, technical: bool, beside: Mapping[str, Mapping[str, bytes]] | None = None
) -> tuple[Finding, ...]:
    """Everything that the publication gate says about these files.

    beside  files of the processes that a regional one may call or begin, by process id
    """
    run = runtime.current()
    neighbours = {name: publication.Package(files=other) for name, other in (beside or {}).items()}
    package = publication.Package(files=files, neighbours=neighbours)
    return publication.check(package, functions=run.functions, clock=run.clock, technical=technical)


def beside(session: Session, files: Mapping[str, bytes]) -> dict[str, Mapping[str, bytes]]:
    """The newest version of every other regional process, for one that calls or sends; nothing for one that does not."""
    drawn = [content for path, content in files.items() if path.endswith(".bpmn")]
    if not any(sign in content for content in drawn for sign in (b"callActivity", b"messageEventDefinition")):
        return {}
    own = {id_ for content in drawn for id_ in _ids(content)}
    return {
        row.id: definitions.files(session, row.deployment_key)
        for row in definitions.newest_processes(session)
        if row.id not in own
    }


def _ids(content: bytes) -> tuple[str, ...]:
    try:
        return tuple(engine.process_ids(content))
    except DiagramRejected:  # the gate tells
        return ()


def refuse(found: Sequence[Finding], *, technical: bool) -> tuple[Finding, ...]:
    """The findings that did not refuse; raises DiagramRejected otherwise."""
    if publication.refuses(found, technical=technical):
        raise DiagramRejected(found)
    return tuple(found)


def made_by(files: Mapping[str, bytes]) -> tuple[Made, ...]:
    """The definitions in files, processes first."""
    made: list[Made] = []
    for path, content in sorted(files.items()):
        if path.endswith(".bpmn"):
            for id_ in engine.process_ids(content):
                read = engine.read(content, process_id=id_, decisions=catalog.decisions(files))
                made.append(
                    Made(
                        kind="process",
                        id=id_,
                        name=read.name or id_,
                        path=path,
                        version_tag=read.version_tag,
                    )
                )
        elif path.endswith(".form"):
            form = forms.read(content, path=path)
            made.append(Made(kind="form", id=form.id, name=form.title, path=path))
        elif path.endswith(".dmn"):
            for decision in dmn.read(content).decisions.values():
                made.append(
                    Made(kind="decision", id=decision.id, name=decision.title or decision.name, path=path)
                )
    order = {"process": 0, "decision": 1, "form": 2}
    return tuple(sorted(made, key=lambda one: order[one.kind]))


def content_hash(files: Mapping[str, bytes]) -> str:
    """One hash over all paths and contents."""
    return sha256(json.dumps([[path, sha256(files[path])] for path in sorted(files)]).encode())


def manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """proces.toml as JSON; {} for a technical process."""
    content = files.get(MANIFEST)
    if content is None:
        return {}
    try:
        return dict(json.loads(json.dumps(tomllib.loads(content.decode()), default=str)))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"Expected {MANIFEST} to be TOML: {error}", field=MANIFEST) from error


def known_kinds(files: Mapping[str, bytes]) -> None:
    """Refuse files that a technical deployment cannot hold."""
    for path in files:
        if not path.lower().endswith(_KINDS):
            raise BadRequest(f"Expected .bpmn, .dmn or .form files, but got {path!r}", field="resources")
