"""The noodknop: opening a casus that is not one's own, for a reason, for a while, seen by the FG."""

from __future__ import annotations

from collections.abc import Sequence

from service.access import Permission, Resource, decide
from service.domain import Actor, Fact, new_key
from service.errors import BadRequest, NotAllowed
from service.operations import chronicle, mandates, notices, runtime
from service.operations.guard import Work, capacity, who, working
from service.operations.outlooks import EmergencyRow
from service.store import casus, reading


def may_use(actor: Actor) -> bool:
    """Whether the region lets this actor use it."""
    return bool(runtime.current().register.emergency.roles & actor.roles)


def require_use(actor: Actor) -> None:
    """Raises NotAllowed for who may not use it."""
    if not decide(actor, Permission.EMERGENCY_USE, _resource()).allowed:
        raise NotAllowed


def use(actor: Actor, number: str, reason: str) -> None:
    """Open a casus for as long as the register says. NotFound for a number that is no casus; each try is logged."""
    rules = runtime.current().register.emergency
    if len(reason.strip()) < rules.reason_signs:
        raise BadRequest(f"Expected a reason of at least {rules.reason_signs} signs", field="reden")
    with working(actor) as work:
        decision = decide(actor, Permission.EMERGENCY_USE, _resource())
        if not decision.allowed:
            work.note(decision, "noodknop", "casus", 0)
            raise NotAllowed
        role, organisation = _capacity(actor)
        work.go_on()
        row = casus.by_number(work.session, number)
        if row is None:
            raise work.missing("casus", 0, "noodknop")
        now = runtime.now()
        reading.open_emergency(
            work.session,
            {
                "key": new_key(now),
                "casus_key": row.key,
                "account_key": actor.account,
                "role": role,
                "organisation_key": organisation,
                "reason": reason.strip(),
                "opened_at": now,
                "until": now + rules.lasts,
            },
        )
        work.note(decision, "noodknop", "casus", row.key)
        told = Fact(
            kind="emergency:opened",
            data={**who(actor, decision.reason), "until": (now + rules.lasts).isoformat()},
        )
        chronicle.tell(work.session, row.key, [told], now)
        notices.of_emergency(work.session, organisation, now)


def seen_by_fg(actor: Actor, *, unseen: bool = False) -> tuple[EmergencyRow, ...]:
    """Uses of the noodknop by people of the FG's own organisation, and of those that gave a mandate."""
    with working(actor) as work:
        work.require(Permission.EMERGENCY_REVIEW, action="R", kind="emergency-list", key=0, hidden=False)
        work.go_on()
        own = _reached(work)
        return tuple(
            EmergencyRow(
                key=row.key,
                casus_number=row.casus_number,
                account_name=row.account_name or "",
                role=row.role,
                organisation_name=row.organisation_name or row.organisation_key,
                reason=row.reason,
                opened_at=row.opened_at,
                until=row.until,
                seen_at=row.seen_at,
            )
            for row in reading.emergencies(work.session, organisations=own, unseen=unseen)
        )


def mark_seen(actor: Actor, key: int) -> None:
    """Note that the FG has looked at one."""
    with working(actor) as work:
        work.require(Permission.EMERGENCY_REVIEW, action="U", kind="emergency", key=key, hidden=False)
        work.go_on()
        own = _reached(work)
        if key not in {row.key for row in reading.emergencies(work.session, organisations=own)}:
            raise work.missing("emergency", key, "U")
        reading.see_emergency(work.session, key, actor.account, runtime.now())


def _reached(work: Work) -> Sequence[str]:
    """Whose people's uses this FG sees: of the own organisation, and of those that gave a mandate."""
    return sorted(mandates.reach(work, {"fg"}).allowed)


def _capacity(actor: Actor) -> tuple[str, str]:
    """In which of the roles that may use it the actor acts."""
    allowed = runtime.current().register.emergency.roles
    held = [(m.role, m.organisation) for m in actor.memberships if m.role in allowed]
    return held[0] if held else capacity(actor)


def _resource() -> Resource:
    return Resource(start_roles=runtime.current().register.emergency.roles)
