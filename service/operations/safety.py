"""Safety: which organisations stay unnamed for a parent, because their name tells where somebody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.domain import Actor
from service.operations.spoken import BehalfRow
from service.store import households
from service.store.rows import Session

UNNAMED = "een organisatie die wij hier niet noemen"


@dataclass(frozen=True)
class Unnamed:
    """The organisations of a casus that one actor may not know of."""

    told: frozenset[str] | None = None  # those that may be known; None: all

    def __contains__(self, organisation_key: object) -> bool:
        return bool(organisation_key) and self.told is not None and organisation_key not in self.told

    def name(self, organisation_key: str | None, name: str | None) -> str:
        """The name of an organisation as this actor reads it."""
        return UNNAMED if organisation_key in self else name or ""


ALL_NAMED = Unnamed()


def unnamed(session: Session, actor: Actor, casus_keys: Sequence[int]) -> Mapping[int, Unnamed]:
    """Per casus what stays unnamed for this actor.

    While the whereabouts of somebody else are kept, a parent reads only the names of organisations that who directs
    the casus marked as safe: one that joins later is unnamed by itself. The person who is kept, the young person and
    professionals read all.
    """
    if "ouder" not in actor.roles:
        return dict.fromkeys(casus_keys, ALL_NAMED)
    told: dict[int, frozenset[str]] = {}
    for row in households.kept_in(session, casus_keys, actor.account):
        safe = frozenset(row.told)
        told[row.casus_key] = told.get(row.casus_key, safe) & safe
    return {key: Unnamed(told.get(key)) for key in casus_keys}


def of_casus(session: Session, actor: Actor, casus_key: int) -> Unnamed:
    """What stays unnamed for this actor in one casus."""
    return unnamed(session, actor, [casus_key])[casus_key]


def untold(row: BehalfRow, kept: Unnamed) -> BehalfRow:
    """How an answer came about, without who or which organisation stays unnamed."""
    hidden = row.by_organisation_key in kept
    return replace(
        row,
        organisation_name=kept.name(row.organisation_key, row.organisation_name),
        by_name="" if hidden else row.by_name,
        by_organisation_name=kept.name(row.by_organisation_key, row.by_organisation_name),
    )
