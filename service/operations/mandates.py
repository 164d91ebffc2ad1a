"""What an auditor or FG reaches: casussen of their own organisation, and those whose controllers gave a mandate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.access import GUARDIANS, Permission, Resource
from service.clock import AMSTERDAM
from service.domain import Actor, Fact, new_key
from service.errors import BadRequest
from service.operations import chronicle, people, runtime
from service.operations.guard import Work, who, working
from service.store import mandates, organisations
from service.store.rows import Session

HOST = "regio"  # kind of organisation that keeps no casussen of its own


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What somebody's roles of auditor and FG reach."""

    own: frozenset[str]
    allowed: frozenset[str]  # own organisations, the host's, and those that gave a mandate
    own_names: tuple[str, ...]
    missing: tuple[str, ...]  # names of controllers that gave none

    @property
    def everything(self) -> bool:
        return not self.missing


@dataclass(frozen=True, kw_only=True)
class MandateRow:
    """A mandate that was given."""

    key: int
    role: str
    holder_name: str
    starts_on: date
    ends_on: date | None
    document: str


@dataclass(frozen=True, kw_only=True)
class MandatePage:
    """What an organisation gave, and to whom it may give."""

    key: str
    name: str
    rows: tuple[MandateRow, ...]
    holders: tuple[tuple[str, str, str], ...]  # role, organisation, its name


def today() -> date:
    """The day in the region."""
    return runtime.now().astimezone(AMSTERDAM).date()


def reach(work: Work, roles: Iterable[str] = GUARDIANS) -> Reach:
    """What this actor reaches in these roles. The transaction works as the service by now."""
    wanted = frozenset(roles)
    held = {(m.role, m.organisation) for m in work.actor.memberships if m.role in wanted}
    own = frozenset(organisation for _, organisation in held)
    found = organisations.everything(work.session)
    hosts = {one.key for one in found if one.kind == HOST}
    allowed = own | hosts | mandates.controllers(work.session, held, today())
    return Reach(
        own=own,
        allowed=allowed,
        own_names=tuple(one.name for one in found if one.key in own),
        missing=tuple(one.name for one in found if one.key not in allowed),
    )


def mine(actor: Actor, roles: Iterable[str] = GUARDIANS) -> Reach:
    """The same, for the words on a page."""
    with working(actor) as work:
        work.go_on()
        return reach(work, roles)


def sees(work: Work, casus_key: int | None, held: Reach) -> bool:
    """Whether a casus is within reach; a process without one has no controller."""
    return (
        casus_key is None or held.everything or mandates.sees(work.session, casus_key, held.own, held.allowed)
    )


def view(actor: Actor, key: str) -> MandatePage:
    """The mandates that an organisation gave. NotFound for another's."""
    with working(actor) as work:
        _require(work, key, "R")
        work.go_on()
        found = {one.key: one for one in organisations.everything(work.session)}
        return MandatePage(
            key=key,
            name=found[key].name,
            rows=tuple(
                MandateRow(
                    key=row.key,
                    role=row.role,
                    holder_name=found[row.holder_key].name if row.holder_key in found else row.holder_key,
                    starts_on=row.starts_on,
                    ends_on=row.ends_on,
                    document=row.document,
                )
                for row in mandates.of_controller(work.session, key)
            ),
            holders=tuple((role, one.key, one.name) for role, one in _holders(found) if one.key != key),
        )


def give(
    actor: Actor, key: str, role: str, holder: str, starts_on: date, ends_on: date | None, document: str
) -> None:
    """Let the auditor or FG of another organisation see the casussen in which this one takes part."""
    if len(document.strip()) < 3 or len(document) > 300:
        raise BadRequest("Expected where the decision is kept", field="stuk")
    if ends_on is not None and ends_on < max(starts_on, today()):
        raise BadRequest("Expected a last day after the first", field="tot")
    with working(actor) as work:
        _require(work, key, "C")
        work.go_on()
        found = {one.key: one for one in organisations.everything(work.session)}
        if holder == key or (role, holder) not in {(r, one.key) for r, one in _holders(found)}:
            raise BadRequest("Expected the auditor or FG of another organisation", field="wie")
        _add(work.session, key, role, holder, starts_on, ends_on, document.strip(), actor.account)
        _tell(
            work, "mandate:given", key, {"as": role, "to_organisation": holder, "from": starts_on.isoformat()}
        )


def revoke(actor: Actor, key: str, mandate: int) -> None:
    """Take a mandate back; it ends at once."""
    with working(actor) as work:
        _require(work, key, "D")
        work.go_on()
        if not mandates.revoke(work.session, mandate, key, actor.account, runtime.now()):
            raise work.missing("mandate", mandate, "D")
        _tell(work, "mandate:revoked", key, {"mandate": str(mandate)})


def load(session: Session, registers: Iterable[Mapping[str, Any]]) -> None:
    """Mandates of the region's register; one that was given before is not given again, revoked or not."""
    known = mandates.registered(session)
    for one in registers:
        for controller in one["door"]:
            if (controller, one["rol"], one["aan"], one["stuk"]) not in known:
                _add(
                    session, controller, one["rol"], one["aan"], one["vanaf"], one.get("tot"), one["stuk"], 0
                )


def _add(
    session: Session,
    controller: str,
    role: str,
    holder: str,
    starts_on: date,
    ends_on: date | None,
    document: str,
    account: int,
) -> None:
    now = runtime.now()
    mandates.add(
        session,
        {
            "key": new_key(now),
            "controller_key": controller,
            "role": role,
            "holder_key": holder,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "document": document,
            "recorded_by": account,
            "made_at": now,
        },
    )


def _holders(found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Each role of auditor or FG that an organisation of its kind may have."""
    return [
        (role, one)
        for one in found.values()
        for role in sorted(GUARDIANS)
        if role in people.roles_of(one.kind)
    ]


def _require(work: Work, key: str, action: str) -> None:
    work.require(
        Permission.ORGANISATION_MANAGE,
        Resource(candidates=frozenset({f"{people.ADMINISTRATOR}@{key}"})),
        action=action,
        kind="mandate",
        key=key,
    )


def _tell(work: Work, kind: str, key: str, data: dict[str, str]) -> None:
    fact = Fact(kind=kind, data={"at_organisation": key, **data, **who(work.actor)})
    chronicle.tell(work.session, people.REGION, [fact], runtime.now())
