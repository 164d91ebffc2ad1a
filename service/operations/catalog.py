"""Published processes, parsed once per process of the service and shared: they never change."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service import dmn, engine, forms
from service.domain import DefinitionKey, DeploymentKey
from service.engine import Definition, Element
from service.errors import NotFound
from service.forms import Form
from service.store import definitions
from service.store.rows import Session

SIZE = 256  # definitions kept; the oldest used goes first
LOOK_AGAIN_SECONDS = 10.0  # for a technical process that uses what came with another deployment


@dataclass(frozen=True, kw_only=True, eq=False)
class Process:
    """One version of a process with everything that belongs to it."""

    key: DefinitionKey
    deployment_key: DeploymentKey
    id: str
    name: str
    version: int
    technical: bool
    manifest: Mapping[str, Any]  # proces.toml; {} when technical
    definition: Definition
    forms: Mapping[str, Form]
    waits: bool  # has elements that wait for workers or messages
    fresh_until: float  # monotonic; infinite for a version that holds all it needs

    def roles_of(self, lane: str) -> tuple[str, ...]:
        """The roles that proces.toml binds to a lane."""
        return tuple(self.manifest.get("rollen", {}).get(lane, ()))

    def start_form(self) -> Form | None:
        """The form of the start event."""
        named = self.manifest.get("start", {}).get("formulier", "")
        ids = [named, *(event.form_id for event in self.definition.start_events)]
        return next((self.forms[id_] for id_ in ids if id_ in self.forms), None)

    def element_name(self, element: str) -> str:
        """What an element is called on the diagram."""
        found = self.definition.elements.get(element) or self.definition.flows.get(element)
        return found.name if found else ""


_cache: OrderedDict[int, Process] = OrderedDict()
_lock = threading.Lock()


def process(session: Session, definition_key: int) -> Process:
    """A version of a process; NotFound when there is none."""
    with _lock:
        found = _cache.get(definition_key)
        if found is not None and found.fresh_until > time.monotonic():
            _cache.move_to_end(definition_key)
            return found
    row = definitions.get(session, definition_key)
    if row is None:
        raise NotFound
    read = _read(session, row)
    with _lock:
        _cache[definition_key] = read
        while len(_cache) > SIZE:
            _cache.popitem(last=False)
    return read


def forget() -> None:
    """Empty the cache; for tests that change database."""
    with _lock:
        _cache.clear()


def _read(session: Session, row: Any) -> Process:
    files = definitions.files(session, row.deployment_key)
    technical = row.deployment_kind == "technical"
    definition, borrowed = _definition(session, files, row, technical=technical)
    own = read_forms(files)
    missing = sorted(_form_ids(definition) - own.keys()) if technical else []
    for form_id in missing:
        own.update(_form_elsewhere(session, form_id))
    return Process(
        key=DefinitionKey(row.key),
        deployment_key=DeploymentKey(row.deployment_key),
        id=row.id,
        name=row.name or row.id,
        version=row.version,
        technical=technical,
        manifest=row.manifest,
        definition=definition,
        forms=own,
        waits=any(map(_waits_for_others, definition.elements.values())),
        fresh_until=time.monotonic() + LOOK_AGAIN_SECONDS if missing or borrowed else math.inf,
    )


def _waits_for_others(element: Element) -> bool:
    """Whether a token may wait here for a worker, a message or a signal; a called process may hold such places."""
    event = element.event.kind if element.event else ""
    return bool(element.job_type or element.called_element) or event in {"message", "signal"}


def _definition(
    session: Session, files: Mapping[str, bytes], row: Any, *, technical: bool
) -> tuple[Definition, bool]:
    """The parsed diagram, and whether it needs processes or decisions of other deployments."""
    known = decisions(files)
    called = _called(session, files, row)
    read = engine.read(files[row.path], process_id=row.id, decisions=known, called=called)
    if not technical:
        return read, False
    wanted = {(e.called_decision, "decision") for e in read.elements.values()} | {
        (e.called_element, "process") for e in read.elements.values()
    }
    missing = {(id_, kind) for id_, kind in wanted if id_ and not id_.startswith("=")}
    missing -= {(id_, "decision") for id_ in known} | {(id_, "process") for id_ in {*called, row.id}}
    for id_, kind in sorted(missing):
        found = definitions.newest(session, kind, id_)
        if found is not None and kind == "decision":
            known[id_] = definitions.file(session, found.deployment_key, found.path) or b""
        elif found is not None and found.deployment_kind == "technical":
            called[id_] = process(session, found.key).definition
    if missing:
        read = engine.read(files[row.path], process_id=row.id, decisions=known, called=called)
    return read, bool(missing)


def read_forms(files: Mapping[str, bytes]) -> dict[str, Form]:
    """The forms among files, by id."""
    read = (forms.read(content, path=path) for path, content in files.items() if path.endswith(".form"))
    return {form.id: form for form in read}


def decisions(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The DMN models among files, by the id of each decision in them."""
    models = [content for path, content in files.items() if path.endswith(".dmn")]
    return {decision: content for content in models for decision in dmn.read(content).decisions}


def diagrams(files: Mapping[str, bytes]) -> Sequence[tuple[str, bytes]]:
    """The BPMN files among files."""
    return [(path, content) for path, content in sorted(files.items()) if path.endswith(".bpmn")]


def _form_ids(definition: Definition) -> frozenset[str]:
    named = [element.form_id for element in definition.elements.values()]
    return frozenset(id_ for id_ in (*named, *(e.form_id for e in definition.start_events)) if id_)


def _form_elsewhere(session: Session, form_id: str) -> dict[str, Form]:
    """A form that came with another deployment: the newest one."""
    row = definitions.newest(session, "form", form_id)
    content = definitions.file(session, row.deployment_key, row.path) if row else None
    return {form_id: forms.read(content, path=row.path)} if row and content else {}


def _called(session: Session, files: Mapping[str, bytes], row: Any) -> dict[str, Definition]:
    """Other processes of the same deployment, for its call activities."""
    called: dict[str, Definition] = {}
    for _path, content in diagrams(files):
        for id_ in engine.process_ids(content):
            if id_ != row.id:
                called[id_] = engine.read(content, process_id=id_, decisions=decisions(files))
    return called
