"""Somebody is absent for a while, and a colleague of the same role and organisation stands in, in all their casussen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.access import Permission, Resource
from service.domain import Actor, Fact, new_key
from service.errors import BadRequest
from service.operations import chronicle, notices, people, runtime
from service.operations.guard import Work, who, working
from service.operations.outlooks import ColleagueRow
from service.store import absences, accounts, organisations

LONGEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Post:
    """Somebody in one role at one organisation, and the colleagues who may stand in."""

    account: int
    name: str
    role: str
    organisation: str
    organisation_name: str
    colleagues: tuple[ColleagueRow, ...]


@dataclass(frozen=True, kw_only=True)
class AbsenceRow:
    """One absence that is not over."""

    key: int
    name: str
    replacement_name: str
    role: str
    organisation_name: str
    starts_at: datetime
    until: datetime
    may_revoke: bool


@dataclass(frozen=True, kw_only=True)
class AbsencePage:
    """What a person may record, and what is recorded."""

    posts: tuple[Post, ...]
    rows: tuple[AbsenceRow, ...]


def view(actor: Actor) -> AbsencePage:
    """One's own absences and those one stands in for; for an administrator those of their people as well."""
    own = people.own(actor)
    with working(actor) as work:
        work.go_on()
        names = {one.key: one.name for one in organisations.everything(work.session, ended=True)}
        rows = absences.coming(
            work.session, runtime.now(), account_key=actor.account, organisations=list(own)
        )
        return AbsencePage(
            posts=tuple(_posts(work, own, names)),
            rows=tuple(
                AbsenceRow(
                    key=row.key,
                    name=row.name,
                    replacement_name=row.replacement_name,
                    role=row.role,
                    organisation_name=names.get(row.organisation_key, row.organisation_key),
                    starts_at=row.starts_at,
                    until=row.until,
                    may_revoke=row.account_key == actor.account or row.organisation_key in own,
                )
                for row in rows
            ),
        )


def _posts(work: Work, own: Sequence[str], names: dict[str, str]) -> Iterable[Post]:
    pairs = {(m.role, m.organisation) for m in work.actor.memberships if m.organisation}
    for pair in accounts.pairs_at(work.session, own):
        pairs.add((pair.role, pair.organisation_key))
    for role, organisation in sorted(pairs):
        everybody = accounts.holding(work.session, role, organisation)
        for one in everybody:
            if one.key == work.actor.account or organisation in own:
                yield Post(
                    account=one.key,
                    name=one.name,
                    role=role,
                    organisation=organisation,
                    organisation_name=names.get(organisation, organisation),
                    colleagues=tuple(
                        ColleagueRow(account=c.key, name=c.name) for c in everybody if c.key != one.key
                    ),
                )


def record(
    actor: Actor,
    account: int,
    role: str,
    organisation: str,
    replacement: int,
    starts_at: datetime,
    until: datetime,
) -> None:
    """Record who is absent and who stands in. Raises NotFound for another's, BadRequest for what cannot be."""
    now = runtime.now()
    with working(actor) as work:
        _require(work, account, organisation, action="C")
        work.go_on()
        _check(work, account, role, organisation, replacement)
        if not (starts_at < until and now < until <= now + LONGEST):
            raise BadRequest("Expected an end after the start, within a year", field="tot")
        if absences.overlapping(work.session, account, role, organisation, starts_at, until):
            raise BadRequest("Expected a time in which no absence is recorded yet", field="van")
        if absences.overlapping(work.session, replacement, role, organisation, starts_at, until):
            raise BadRequest("Expected a replacement who is not absent", field="wie")
        key = new_key(now)
        absences.add(
            work.session,
            {
                "key": key,
                "account_key": account,
                "replacement_key": replacement,
                "role": role,
                "organisation_key": organisation,
                "starts_at": starts_at,
                "until": until,
                "recorded_by": actor.account,
                "made_at": now,
            },
        )
        data = {"absence": str(key), "for": str(account), "by": str(replacement), "as": role}
        period = {"from": starts_at.isoformat(), "until": until.isoformat()}
        _tell(work, "absence:recorded", organisation, {**data, **period})
        if replacement != actor.account:
            notices.of_absence(work.session, replacement, now, until)


def revoke(actor: Actor, key: int) -> None:
    """End one at once. NotFound for another's."""
    with working(actor) as work:
        work.go_on()
        row = absences.get(work.session, key)
        if row is None:
            raise work.missing("absence", key, "D")
        _require(work, row.account_key, row.organisation_key, action="D")
        absences.revoke(work.session, key, actor.account, runtime.now())
        _tell(work, "absence:revoked", row.organisation_key, {"absence": str(key)})


def _check(work: Work, account: int, role: str, organisation: str, replacement: int) -> None:
    holding = {one.key for one in accounts.holding(work.session, role, organisation)} if organisation else ()
    if account not in holding:
        raise BadRequest("Expected a role that the absent person holds there", field="voor")
    if replacement not in holding or replacement == account:
        raise BadRequest("Expected a colleague of the same role and organisation", field="wie")


def _require(work: Work, account: int, organisation: str, *, action: str) -> None:
    work.require(
        Permission.ABSENCE_RECORD,
        Resource(started_by=account, candidates=frozenset({f"{people.ADMINISTRATOR}@{organisation}"})),
        action=action,
        kind="absence",
        key=account,
    )


def _tell(work: Work, kind: str, organisation: str, data: dict[str, str]) -> None:
    fact = Fact(kind=kind, data={"at_organisation": organisation, **data, **who(work.actor)})
    chronicle.tell(work.session, people.REGION, [fact], runtime.now())
