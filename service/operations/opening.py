"""Opening a casus: who takes part may, and for a while who used the noodknop; anybody else finds nothing."""

from __future__ import annotations

from dataclasses import dataclass

from service.access import Binding, Decision, Permission, Resource
from service.operations import runtime, shown, situations
from service.operations.guard import Work
from service.operations.situations import Standing
from service.store import casus, reading, relocations
from service.store.rows import Found
from service.store.session import allow


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A casus that this actor may open."""

    row: Found
    bindings: tuple[Binding, ...]
    standing: Standing
    decision: Decision
    emergency: Found | None  # by which the actor came in
    former: bool = False  # the actor took part before: nothing but what they supplied is theirs to see

    def roles(self, work: Work) -> frozenset[str]:
        """The roles that the actor holds here by taking part."""
        return frozenset(b.role for b in self.bindings if b.candidate in work.actor.candidates)


def open_child(work: Work, number: str, *, action: str = "R", kind: str = "casus") -> Opened:
    """A casus about a child; one about policy has no family, no move and no brother or sister."""
    opened = open_casus(work, number, action=action, kind=kind)
    if opened.row.about == shown.POLICY:
        raise work.missing(kind, opened.row.key, action)
    return opened


def open_casus(
    work: Work, number: str, *, action: str = "R", kind: str = "casus", also_former: bool = False
) -> Opened:
    """The casus with this number. NotFound alike for one that is not there and one that is not theirs.

    also_former  also for who took part before; the caller shows them what they supplied and no more
    """
    row, emergency = casus.by_number(work.session, number), None
    if row is None:
        row, emergency = _by_emergency(work, number)
    if row is None and also_former:
        former = _by_former(work, number, action, kind)
        if former is not None:
            return former
    if row is None:
        raise work.missing("casus", 0, action)
    bindings = tuple(
        Binding(role=one.role, candidate=one.candidate) for one in casus.bindings(work.session, row.key)
    )
    resource = Resource(
        candidates=frozenset(one.candidate for one in bindings), emergency=emergency is not None
    )
    decision = work.require(Permission.CASUS_READ, resource, action=action, kind=kind, key=row.key)
    situation = situations.of(work.session, row)
    standing = situations.standing(work.actor, bindings, situation)
    if emergency is not None:
        standing = situations.in_emergency(work.actor, emergency, situation)
    return Opened(row=row, bindings=bindings, standing=standing, decision=decision, emergency=emergency)


def _by_former(work: Work, number: str, action: str, kind: str) -> Opened | None:
    held = relocations.former_of(work.session, sorted(work.actor.candidates))
    if not held:
        return None
    allow(work.session, casus={one.casus_key for one in held})
    row = casus.by_number(work.session, number)
    bindings = tuple(
        Binding(role=one.role, candidate=one.candidate)
        for one in held
        if row is not None and one.casus_key == row.key
    )
    if row is None or not bindings:
        return None
    resource = Resource(former=frozenset(one.candidate for one in bindings))
    decision = work.require(Permission.CASUS_READ, resource, action=action, kind=kind, key=row.key)
    standing = situations.formerly(work.actor, bindings, situations.of(work.session, row))
    return Opened(row=row, bindings=(), standing=standing, decision=decision, emergency=None, former=True)


def _by_emergency(work: Work, number: str) -> tuple[Found | None, Found | None]:
    """A casus for which this actor used the noodknop, while that lasts."""
    held = reading.open_emergencies(work.session, work.actor.account, runtime.now())
    if not held:
        return None, None
    allow(work.session, casus={one.casus_key for one in held})
    row = casus.by_number(work.session, number)
    if row is None:
        return None, None
    return row, next((one for one in held if one.casus_key == row.key), None)
