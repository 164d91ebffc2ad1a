"""Facts about a casus itself, in a chain of its own beside those of its processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.domain import Fact
from service.operations import moves
from service.store import facts
from service.store.rows import Session


def tell(session: Session, casus_key: int, told: Sequence[Fact], at: datetime) -> None:
    """Append facts to the chain of a casus."""
    facts.append(session, casus_key, [moves.line(at, one) for one in told])
