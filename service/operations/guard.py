"""Every operation runs inside `working`: one transaction, one actor, each decision with its line in the access log."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar

from service.access import OPERATORS, Decision, Permission, Resource, decide
from service.domain import Actor, Json, new_key
from service.errors import Contended, NotAllowed, NotFound, ServiceError
from service.operations import idempotent, proof, runtime
from service.store import access_log
from service.store.rows import Session
from service.store.scopes import Scope
from service.store.session import allow, become, transaction

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Work:
    """One operation under way: its transaction and the lines that its decisions left."""

    session: Session
    actor: Actor
    kind: str = "person"  # of the scope; operators of technical processes work as the service from the start
    lines: list[access_log.Line] = field(default_factory=list)

    def require(
        self,
        permission: Permission,
        resource: Resource | None = None,
        *,
        action: str,
        kind: str,
        key: object,
        as_role: str = "",
        organisation: str = "",
        hidden: bool = True,
        on_behalf: str = "",
    ) -> Decision:
        """Decide and log; a refusal is NotFound, or NotAllowed when the actor may know that it exists."""
        decision = decide(self.actor, permission, resource)
        self.note(
            decision, action, kind, key, as_role=as_role, organisation=organisation, on_behalf=on_behalf
        )
        if not decision.allowed:
            outside = self.actor.scopes is not None and permission not in self.actor.scopes
            raise (NotFound if hidden and not outside else NotAllowed)()
        return decision

    def note(
        self,
        decision: Decision,
        action: str,
        kind: str,
        key: object,
        *,
        classes: str = "",
        as_role: str = "",
        organisation: str = "",
        on_behalf: str = "",
    ) -> None:
        """Add a line to the access log; it is written when the operation ends."""
        if self.actor.service and action == "R":
            return
        held_role, held_at = capacity(self.actor, decision.reason)
        now = runtime.now()
        self.lines.append(
            access_log.Line(
                key=new_key(now),
                at=now,
                account_key=self.actor.account,
                role=as_role or held_role,
                organisation_key=organisation or held_at,
                session=self.actor.session,
                action=action,
                allowed=decision.allowed,
                object_kind=kind,
                object_key=str(key),
                classes=classes,
                ground=decision.reason,
                on_behalf=on_behalf,
            )
        )

    def missing(self, kind: str, key: object, action: str = "R") -> NotFound:
        """The refusal for something that is not there, logged like one that is not theirs."""
        self.note(Decision(allowed=False, reason="bestaat niet of is niet zichtbaar"), action, kind, key)
        return NotFound()

    def open_dossier(self, casus_key: int, classes: Collection[str], *, values: bool = True) -> None:
        """After a decision: let this transaction read these data classes of one casus.

        Raises StepUpNeeded when a class asks for a surer proof; not where only is told that something is there
        (`values` False).
        """
        if values:
            proof.require(self.actor, classes)
        allow(self.session, casus={casus_key}, classes="".join(sorted(classes)))

    def go_on(self) -> None:
        """After a decision: reach the process rows of others, which a move changes; never a dossier."""
        if self.kind == "person":
            become(self.session, "service")
            self.kind = "service"

    @property
    def operates(self) -> bool:
        """Whether the actor operates technical processes."""
        return self.actor.service or bool(OPERATORS & self.actor.roles)


_PAUSES = (0.01, 0.05, 0.2)  # seconds, each with as much again by chance


def again(operation: Callable[P, T]) -> Callable[P, T]:
    """Try an operation again that lost a deadlock: it is one transaction, so nothing of it was done."""

    @wraps(operation)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for pause in _PAUSES:
            try:
                return operation(*args, **kwargs)
            except Contended:
                time.sleep(pause * (1 + random.random()))  # noqa: S311  # no secret: only to part two that met
        return operation(*args, **kwargs)

    return tried


@contextmanager
def working(actor: Actor, kind: str = "", *, effect: bool = True) -> Iterator[Work]:
    """One transaction for one actor. Refusals are logged in a transaction of their own: theirs is rolled back.

    effect  False where this transaction only looks, and another one does what was asked (service.operations.idempotent)
    """
    scope = Scope(
        kind=kind or ("service" if actor.service or OPERATORS & actor.roles else "person"),
        account=actor.account,
        candidates=actor.candidates,
    )
    lines: list[access_log.Line] = []
    marked = False
    try:
        with transaction(scope) as session:
            idempotent.begin(session)
            work = Work(session=session, actor=actor, kind=scope.kind, lines=lines)
            yield work
            access_log.append(session, lines)
            marked = effect and idempotent.mark(session)
    except ServiceError:
        if marked:
            idempotent.undo()
        refused = [line for line in lines if not line.allowed]
        if refused:
            with transaction(scope) as session:
                access_log.append(session, refused)
        raise


def capacity(actor: Actor, ground: str = "") -> tuple[str, str]:
    """In which role and for which organisation the actor acts: the one named in the ground, else the first."""
    for membership in actor.memberships:
        if f"{membership.role}@{membership.organisation}" in ground:
            return membership.role, membership.organisation
    for membership in actor.memberships:
        if membership.role in ground.split():
            return membership.role, membership.organisation
    first = actor.memberships[0] if actor.memberships else None
    return (first.role, first.organisation) if first else ("", "")


def who(actor: Actor, ground: str = "") -> dict[str, Json]:
    """The actor as a fact tells it: a key without a name, the role and the organisation."""
    role, organisation = capacity(actor, ground)
    return {"account": str(actor.account), "role": role, "organisation": organisation}
