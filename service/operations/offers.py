"""To whom a task is offered: the roles of its lane that somebody holds in the casus, or the names on the task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.operations.catalog import Process


class Bound(Protocol):
    """A participant of a casus: who holds which role."""

    @property
    def role(self) -> str: ...
    @property
    def candidate(self) -> str: ...
    @property
    def organisation_key(self) -> str: ...


@dataclass(frozen=True)
class Participant:
    """A participant as the store tells it."""

    role: str
    candidate: str
    organisation_key: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Who may do a task."""

    candidates: tuple[str, ...]
    role: str = ""  # the first role of the lane that is held; "" when technical
    organisation: str = ""


def offers(
    process: Process,
    lane: str | None,
    bindings: Sequence[Bound],
    *,
    groups: Sequence[str] = (),
    users: Sequence[str] = (),
    assignee: str = "",
) -> Offer:
    """Who may do a task in `lane`; candidate groups of the element narrow the roles of a regional lane.

    A group is a role of the lane, or role@organisation: then that organisation alone.
    """
    named = [f"user:{user}" for user in (*users, *([assignee] if assignee else ()))]
    if process.technical:
        return Offer(candidates=_unique([*(f"group:{group}" for group in groups), *named]))
    roles = asked(process, lane, groups)
    held = [one for role in roles for one in bindings if one.role == role and _fits(one, groups)]
    first = held[0] if held else None
    return Offer(
        candidates=_unique([*(binding.candidate for binding in held), *named]),
        role=first.role if first else (roles[0] if roles else ""),
        organisation=first.organisation_key if first else "",
    )


def asked(process: Process, lane: str | None, groups: Sequence[str] = ()) -> tuple[str, ...]:
    """The roles that a task in this lane is for, whoever holds them."""
    wanted = {group.partition("@")[0] for group in groups}
    return tuple(role for role in process.roles_of(lane or "") if not groups or role in wanted)


def invited(process: Process, lane: str | None, groups: Sequence[str]) -> Iterator[Participant]:
    """The roles of this lane at the organisations that a task names as role@organisation."""
    roles = () if process.technical else process.roles_of(lane or "")
    for group in groups:
        role, _, organisation = group.partition("@")
        if organisation and role in roles:
            yield Participant(role=role, candidate=group, organisation_key=organisation)


def _fits(one: Bound, groups: Sequence[str]) -> bool:
    return not groups or one.role in groups or one.candidate in groups


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
