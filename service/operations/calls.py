"""Which processes of other deployments a process may call: the newest, those with a tag, and those that run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from service.engine import Apart, Definition
from service.forms import Form
from service.store import definitions
from service.store.rows import Found, Session


@dataclass(frozen=True)
class Call:
    """What a call activity names; `process_id` "" when FEEL chooses it."""

    process_id: str
    binding: str
    tag: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One definition with what came in its own deployment."""

    row: Found
    definition: Definition
    forms: Mapping[str, Form]
    keys: Mapping[
        tuple[str, str], int
    ]  # (process id, "") of the processes of its deployment -> definition key
    calls: frozenset[Call]
    lacks: bool  # needs a decision or form of another deployment

    @property
    def technical(self) -> bool:
        """Whether it is a technical process."""
        return bool(self.row.deployment_kind == "technical")

    @property
    def borrows(self) -> bool:
        """Whether another deployment can change what it means."""
        return self.lacks or any(call.binding != "deployment" for call in self.calls)


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """A part that may be called, under the version that states know it by."""

    part: Part
    version: str  # "" for a process of the caller's own deployment that is the newest
    newest: bool

    def apart(self) -> Apart:
        """As the engine wants it."""
        return Apart(version=self.version, definition=self.part.definition, newest=self.newest)

    def keys(self) -> Mapping[tuple[str, str], int]:
        """Its processes under its version."""
        return {(id_, self.version): key for (id_, _), key in self.part.keys.items()}


def of(definition: Definition, beside: Mapping[str, Definition]) -> frozenset[Call]:
    """The calls in a process and in the processes of its deployment."""
    return frozenset(
        Call(
            "" if element.called_element.startswith("=") else element.called_element,
            element.called_binding,
            element.called_tag,
        )
        for one in (definition, *beside.values())
        for element in one.elements.values()
        if element.called_element
    )


def closure(
    session: Session, own: Part, pinned: Iterable[str], read: Callable[[Found], Part]
) -> tuple[Known, ...]:
    """Everything that `own` may call, and what that may call, and so on; `pinned` are versions that run already."""
    search = _Search(session, own, read)
    for version in sorted(pinned):
        row = definitions.get(session, int(version)) if version.isdecimal() else None
        if row is not None and row.deployment_kind == own.row.deployment_kind:
            search.add(row, newest=False)
    return search.run()


class _Search:
    """What was found so far, and the calls that were not followed yet."""

    def __init__(self, session: Session, own: Part, read: Callable[[Found], Part]) -> None:
        self.session, self.own, self.read = session, own, read
        self.found: dict[int, Known] = {}
        self.waiting = sorted(own.calls, key=repr)
        self.followed: set[Call] = set()

    def add(self, row: Found, *, newest: bool) -> None:
        known = self.found.get(row.key)
        if known is not None:
            self.found[row.key] = replace(known, newest=known.newest or newest)
            return
        beside = row.deployment_key == self.own.row.deployment_key
        part = self.own if row.key == self.own.row.key else self.read(row)
        self.found[row.key] = Known(part=part, version="" if beside else str(row.key), newest=newest)
        self.waiting.extend(sorted(part.calls - self.followed, key=repr))

    def run(self) -> tuple[Known, ...]:
        while self.waiting:
            call = self.waiting.pop()
            if call not in self.followed:
                self.followed.add(call)
                for row in _meant(self.session, self.own, call):
                    self.add(row, newest=call.binding != "versionTag")
        return tuple(sorted(self.found.values(), key=lambda one: -one.part.row.version))


def _meant(session: Session, own: Part, call: Call) -> Iterable[Found]:
    """The definitions of this kind that a call may mean, beside those of its caller's own deployment.

    A regional process keeps to its own package: what was approved together stays together.
    """
    kind = own.row.deployment_kind
    if call.binding == "deployment":
        return ()
    if call.process_id:
        tag = call.tag if call.binding == "versionTag" else ""
        row = definitions.newest(session, "process", call.process_id, tag=tag)
        rows = [row] if row is not None and row.deployment_kind == kind else []
    else:
        rows = list(definitions.newest_processes(session, kind))
    if not own.technical:
        rows = [row for row in rows if (row.id, "") not in own.keys]
    return rows
