"""One transaction on a session of its own, with the settings that row-level security reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from service.errors import BadRequest
from service.store import connection, failures
from service.store.scopes import Scope

_SET = text(
    "SELECT set_config('sluitend.kind', :kind, true), set_config('sluitend.account', :account, true), "
    "set_config('sluitend.candidates', :candidates, true), set_config('sluitend.casus', :casus, true), "
    "set_config('sluitend.classes', :classes, true)"
)
_ALLOW = text(
    "SELECT set_config('sluitend.casus', :casus, true), set_config('sluitend.classes', :classes, true)"
)
_UNFIT = "Expected values that a database can hold, but one has a NUL, half a character or too many digits"
_BECOME = text("SELECT set_config('sluitend.kind', :kind, true)")


@contextmanager
def transaction(scope: Scope, *, snapshot: bool = False) -> Iterator[Session]:
    """A session that commits at the end of the block and rolls back when the block raises.

    Raises BadRequest for what a database cannot hold, Unavailable when it does not answer, Contended for a deadlock
    that this transaction lost; `guard.again` tries such an operation once more.

    scope     its settings hold for this transaction alone: with an empty scope every protected table is empty
    snapshot  all statements see the database as it was at the first one; for reading what is written meanwhile
    """
    try:
        with Session(connection.engine(), expire_on_commit=False) as session:
            _begin(session, scope, snapshot)
            yield session
            session.commit()
    except (DBAPIError, NoConnection) as error:
        if isinstance(error, DataError):
            raise BadRequest(_UNFIT) from error
        refused = failures.refusal(error)
        if refused is None:
            raise
        raise refused from error
    except UnicodeEncodeError as error:
        raise BadRequest(_UNFIT) from error


def _begin(session: Session, scope: Scope, snapshot: bool) -> None:
    """Open the transaction; once more when the server was restarted since the pooled connection was last used.

    Nothing was done yet, so trying again repeats nothing. The failure empties the pool: the second try connects anew.
    """
    try:
        _set(session, scope, snapshot)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        session.rollback()
        _set(session, scope, snapshot)


def _set(session: Session, scope: Scope, snapshot: bool) -> None:
    if snapshot:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    session.execute(_SET, scope.settings())


def allow(session: Session, *, casus: frozenset[int] | set[int] = frozenset(), classes: str = "") -> None:
    """After the policy decided: these casussen, and of their dossier these data classes, in this transaction."""
    session.execute(
        _ALLOW, {"casus": ",".join(str(key) for key in sorted(casus)), "classes": ",".join(sorted(classes))}
    )


def become(session: Session, kind: str) -> None:
    """After the policy decided: go on as the service, which moves tokens and tasks of others, in this transaction."""
    session.execute(_BECOME, {"kind": kind})
