"""The access log (NEN 7513): lines are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.orm import Session

from service.store import mandates
from service.store.rows import Found
from service.store.tables import access_log, account


@dataclass(frozen=True, kw_only=True)
class Line:
    """One access, allowed or refused; never content."""

    key: int
    at: datetime
    account_key: int
    role: str
    organisation_key: str
    session: str
    action: str  # C | R | U | D | export | login
    allowed: bool
    object_kind: str
    object_key: str
    classes: str
    ground: str
    on_behalf: str = ""  # "ouder/persoon:12": role and person or organisation for whom it was done


def append(session: Session, lines: Sequence[Line]) -> None:
    """Add lines in one statement."""
    if lines:
        session.execute(insert(access_log), [asdict(line) for line in lines])


def looks(session: Session, object_keys: Sequence[str], *, limit: int) -> Sequence[Found]:
    """Allowed reads of these objects, uses of the noodknop and answers entered for another, newest first."""
    line = access_log.c
    entered = and_(line.action == "C", line.on_behalf != "")
    return session.execute(
        select(access_log)
        .where(line.object_key.in_(list(object_keys)), line.allowed)
        .where(or_(line.action.in_(["R", "noodknop"]), entered))
        .where(or_(line.object_kind.not_in(["access-log", "visibility", "consent"]), entered))
        .order_by(line.at.desc(), line.key.desc())
        .limit(limit)
    ).all()


def read(
    session: Session,
    *,
    object_key: str = "",
    account_key: int | None = None,
    within: tuple[frozenset[str], frozenset[str]] | None = None,
    limit: int = 1000,
) -> Sequence[Found]:
    """Lines about one object, of one account, or both; newest first.

    within  organisations of the reader's own and those that gave a mandate; None for the whole region
    """
    statement = select(access_log, account.c.login).outerjoin(
        account, account.c.key == access_log.c.account_key
    )
    if object_key:
        statement = statement.where(access_log.c.object_key == object_key)
    if account_key is not None:
        statement = statement.where(access_log.c.account_key == account_key)
    if within is not None:
        ours = access_log.c.organisation_key.in_([one for one in within[0] if one])
        statement = statement.where(or_(ours, access_log.c.object_key.in_(mandates.objects(*within))))
    return session.execute(
        statement.order_by(access_log.c.at.desc(), access_log.c.key.desc()).limit(limit)
    ).all()
