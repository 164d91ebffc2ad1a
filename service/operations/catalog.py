"""Published processes, parsed once per process of the service and shared: a version never changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service import dmn, engine, forms
from service.domain import DataClass, DefinitionKey, DeploymentKey
from service.engine import Definition, Element
from service.errors import NotFound, StateDamaged
from service.forms import Form
from service.operations import calls
from service.operations.calls import Part
from service.store import definitions
from service.store.rows import Found, Session

_SEALED = frozenset({DataClass.CARE, DataClass.MEDICAL})
SIZE = 256  # definitions kept; the oldest used goes first


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
    manifests: tuple[Mapping[str, Any], ...]  # of this process and of all it may call
    definition: Definition
    forms: Mapping[str, Form]
    waits: bool  # has elements that wait for workers or messages
    keys: Mapping[
        tuple[str, str], int
    ]  # (process id, version) of itself and all it may call -> definition key
    calls: bool  # whether it has call activities
    sensitive: bool  # whether answers about care or of a medical kind become variables
    seen: int | None  # deployments there were when it was read; None for one that needs no other deployment

    @property
    def roles(self) -> frozenset[str]:
        """Every role that somebody must hold in a casus of this process, for what it calls too."""
        return frozenset(
            role
            for manifest in self.manifests
            for lane in manifest.get("rollen", {}).values()
            for role in lane
        )

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
    """A version of a process, with the newest of what it may call; NotFound when there is none."""
    with _lock:
        found = _cache.get(definition_key)
        if found is not None:
            _cache.move_to_end(definition_key)
    if found is not None and (found.seen is None or found.seen == definitions.count_deployments(session)):
        return found
    row = definitions.get(session, definition_key)
    if row is None:
        raise NotFound
    return _keep(_read(session, row, frozenset()))


def running(session: Session, instance: Found) -> Process:
    """The process of an instance row, with the versions of called processes that its state is running."""
    found = process(session, instance.definition_key)
    if not found.calls:
        return found
    try:
        pinned = engine.versions(bytes(instance.state))
    except StateDamaged as error:
        raise StateDamaged(f"{error} (instance {instance.key})") from error
    if pinned <= found.definition.calls.versions:
        return found
    row = definitions.get(session, instance.definition_key)
    if row is None:
        raise NotFound
    return _keep(_read(session, row, pinned | found.definition.calls.versions))


def of_task(session: Session, whole: Process, process_id: str, version: str) -> Process:
    """The process in whose diagram a task stands: `whole` itself or one that it called."""
    key = whole.keys.get((process_id, version), whole.key)
    return whole if key == whole.key else process(session, key)


def forget() -> None:
    """Empty the cache; for tests that change database."""
    with _lock:
        _cache.clear()


def _keep(read: Process) -> Process:
    with _lock:
        _cache[read.key] = read
        _cache.move_to_end(read.key)
        while len(_cache) > SIZE:
            _cache.popitem(last=False)
    return read


def _read(session: Session, row: Found, pinned: frozenset[str]) -> Process:
    seen = definitions.count_deployments(session)
    own = _part(session, row)
    others = calls.closure(session, own, pinned, lambda found: _part(session, found))
    definition = engine.extend(own.definition, [one.apart() for one in others])
    known = _forms([own, *(one.part for one in others)])
    return Process(
        key=DefinitionKey(row.key),
        deployment_key=DeploymentKey(row.deployment_key),
        id=row.id,
        name=row.name or row.id,
        version=row.version,
        technical=own.technical,
        manifest=row.manifest,
        manifests=tuple(part.row.manifest for part in (own, *(one.part for one in others))),
        definition=definition,
        forms=known,
        waits=any(map(_waits_for_others, definition.elements.values())),
        keys={**{key: value for one in others for key, value in one.keys().items()}, **own.keys},
        calls=bool(own.calls),
        sensitive=any(forms.puts_out(form, _SEALED) for form in known.values()),
        seen=seen if own.borrows or any(one.borrows for one in (own, *(o.part for o in others))) else None,
    )


def _waits_for_others(element: Element) -> bool:
    """Whether a token may wait here for a worker, a message or a signal; a called process may hold such places."""
    event = element.event.kind if element.event else ""
    return bool(element.job_type or element.called_element) or event in {"message", "signal"}


def _forms(parts: Iterable[Part]) -> dict[str, Form]:
    """The forms by id, its own before those of what it calls: for reading back answers of all of it."""
    found: dict[str, Form] = {}
    for part in parts:
        for id_, form in part.forms.items():
            found.setdefault(id_, form)
    return found


def _part(session: Session, row: Found) -> Part:
    """One definition with its own deployment, and for a technical one the decisions and forms that it lacks."""
    files = definitions.files(session, row.deployment_key)
    technical = row.deployment_kind == "technical"
    known, own = decisions(files), read_forms(files)
    beside = _called(files, row)
    definition = engine.read(files[row.path], process_id=row.id, decisions=known, called=beside)
    lacks = _lacking(definition, known, own) if technical else {}
    if lacks:
        known |= {id_: _elsewhere(session, "decision", id_) for id_ in lacks["decision"]}
        known = {id_: content for id_, content in known.items() if content}
        definition = engine.read(files[row.path], process_id=row.id, decisions=known, called=beside)
        for id_ in lacks["form"]:
            if content := _elsewhere(session, "form", id_):
                own[id_] = forms.read(content, path=f"{id_}.form")
    return Part(
        row=row,
        definition=definition,
        forms=own,
        keys={
            (r.id, ""): r.key
            for r in definitions.of_deployment(session, row.deployment_key)
            if r.kind == "process"
        },
        calls=calls.of(definition, beside),
        lacks=bool(lacks),
    )


def _lacking(
    definition: Definition, known: Mapping[str, bytes], own: Mapping[str, Form]
) -> dict[str, list[str]]:
    """Ids of decisions and forms that came with other deployments; {} when nothing is lacking."""
    wanted = {element.called_decision for element in definition.elements.values()}
    missing = {
        "decision": sorted(id_ for id_ in wanted - known.keys() - {""} if not id_.startswith("=")),
        "form": sorted(_form_ids(definition) - own.keys()),
    }
    return missing if any(missing.values()) else {}


def _elsewhere(session: Session, kind: str, id_: str) -> bytes:
    """The newest file of a form or decision that was deployed apart; b"" when there is none."""
    row = definitions.newest(session, kind, id_)
    return (definitions.file(session, row.deployment_key, row.path) or b"") if row is not None else b""


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


def _called(files: Mapping[str, bytes], row: Any) -> dict[str, Definition]:
    """Other processes of the same deployment, for its call activities."""
    called: dict[str, Definition] = {}
    for _path, content in diagrams(files):
        for id_ in engine.process_ids(content):
            if id_ != row.id:
                called[id_] = engine.read(content, process_id=id_, decisions=decisions(files))
    return called
