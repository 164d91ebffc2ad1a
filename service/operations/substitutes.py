"""A colleague takes the place of somebody in one casus: recorded with a reason, for a while."""

from __future__ import annotations

from datetime import datetime

from service.domain import Actor, Fact, new_key
from service.errors import BadRequest, NotAllowed
from service.operations import chronicle, runtime
from service.operations.guard import who, working
from service.operations.opening import Opened, open_casus
from service.operations.outlooks import ColleagueRow
from service.store import accounts, reading
from service.store.rows import Session

SHORTEST_REASON = 10  # signs


def colleagues(actor: Actor, number: str) -> tuple[ColleagueRow, ...]:
    """Of whom this actor could take the place: people of the same role and organisation who filled something in."""
    with working(actor) as work:
        opened = open_casus(work, number)
        return _colleagues(work.session, opened, actor)


def record(actor: Actor, number: str, for_account: int, reason: str, until: datetime) -> None:
    """Take the place of a colleague in this casus. Raises BadRequest, NotAllowed."""
    now, longest = runtime.now(), runtime.current().register.substitution
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadRequest(f"Expected a reason of at least {SHORTEST_REASON} signs", field="reden")
    if not now < until <= now + longest:
        raise BadRequest(f"Expected an end within {longest.days} days", field="tot")
    with working(actor) as work:
        opened = open_casus(work, number, action="U", kind="substitution")
        if for_account not in {one.account for one in _colleagues(work.session, opened, actor)}:
            raise NotAllowed
        reading.substitute(
            work.session,
            {
                "key": new_key(now),
                "casus_key": opened.row.key,
                "account_key": actor.account,
                "for_account": for_account,
                "reason": reason.strip(),
                "made_at": now,
                "until": until,
            },
        )
        work.go_on()
        told = Fact(
            kind="substitute:recorded",
            data={**who(actor, opened.decision.reason), "for": str(for_account), "until": until.isoformat()},
        )
        chronicle.tell(work.session, opened.row.key, [told], now)


def _colleagues(session: Session, opened: Opened, actor: Actor) -> tuple[ColleagueRow, ...]:
    roles = {(m.role, m.organisation) for m in actor.memberships if m.organisation}
    bound = {reader for reader in opened.standing.readers if (reader.role, reader.organisation) in roles}
    people = {
        row.key: row
        for reader in bound
        for row in accounts.holding(session, reader.role, reader.organisation)
        if row.key != actor.account
    }
    return tuple(ColleagueRow(account=key, name=row.name) for key, row in sorted(people.items()))
