"""What a transaction may see: the settings that the row-level security of migration 0001 reads."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain import Actor


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Who asks and what the policy allowed so far.

    kind        person | service | worker | audit; service and worker see process rows, never a dossier of themselves
    casus       casussen whose rows may be seen
    classes     data classes of their dossier that may be seen, e.g. "IO"
    """

    kind: str
    account: int = 0
    candidates: frozenset[str] = frozenset()
    casus: frozenset[int] = frozenset()
    classes: str = ""

    def settings(self) -> dict[str, str]:
        """As set_config() wants them."""
        return {
            "kind": self.kind,
            "account": str(self.account),
            "candidates": ",".join(sorted(self.candidates)),
            "casus": ",".join(str(key) for key in sorted(self.casus)),
            "classes": ",".join(sorted(self.classes)),
        }


SERVICE = Scope(kind="service")
WORKER = Scope(kind="worker")
AUDIT = Scope(kind="audit")


def of(actor: Actor) -> Scope:
    """The scope of an actor before any decision."""
    if actor.service:
        return SERVICE
    return Scope(kind="person", account=actor.account, candidates=actor.candidates)
