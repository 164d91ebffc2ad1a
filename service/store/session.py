"""One transaction on a session of its own, with the settings that row-level security reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.store import connection
from service.store.scopes import Scope

_SET = text(
    "SELECT set_config('sluitend.kind', :kind, true), set_config('sluitend.account', :account, true), "
    "set_config('sluitend.candidates', :candidates, true), set_config('sluitend.casus', :casus, true), "
    "set_config('sluitend.classes', :classes, true)"
)
_ALLOW = text(
    "SELECT set_config('sluitend.casus', :casus, true), set_config('sluitend.classes', :classes, true)"
)
_BECOME = text("SELECT set_config('sluitend.kind', :kind, true)")


@contextmanager
def transaction(scope: Scope) -> Iterator[Session]:
    """A session that commits at the end of the block and rolls back when the block raises.

    The scope's settings hold for this transaction alone: with an empty scope every protected table is empty.
    """
    with Session(connection.engine(), expire_on_commit=False) as session, session.begin():
        session.execute(_SET, scope.settings())
        yield session


def allow(session: Session, *, casus: frozenset[int] | set[int] = frozenset(), classes: str = "") -> None:
    """After the policy decided: these casussen, and of their dossier these data classes, in this transaction."""
    session.execute(
        _ALLOW, {"casus": ",".join(str(key) for key in sorted(casus)), "classes": ",".join(sorted(classes))}
    )


def become(session: Session, kind: str) -> None:
    """After the policy decided: go on as the service, which moves tokens and tasks of others, in this transaction."""
    session.execute(_BECOME, {"kind": kind})
