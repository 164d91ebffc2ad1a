"""The people of an organisation: its own administrator invites, changes and removes them; others see nothing of it."""

from __future__ import annotations

from collections.abc import Sequence

from service.access import Permission, Resource
from service.domain import Actor, Fact
from service.errors import BadRequest
from service.operations import chronicle, inviting, moves, runtime, users
from service.operations.guard import Work, who, working
from service.operations.opening import Opened, open_child
from service.operations.outlooks import Invited, MemberRow, OrganisationView, PendingRow
from service.store import accounts, facts, invitations, organisations, tasks
from service.store import sessions as session_rows

REGION = 1  # key of the chain of the region itself; no instance has it
ADMINISTRATOR = "org_beheer"
YOUTH_FROM = 12  # years; a young person has an account of their own from here


def own(actor: Actor) -> tuple[str, ...]:
    """The organisations that this actor administers."""
    return tuple(sorted(m.organisation for m in actor.memberships if m.role == ADMINISTRATOR))


def view(actor: Actor, key: str) -> OrganisationView:
    """The people of an organisation and who is invited. NotFound for another's."""
    with working(actor) as work:
        require(work, key, "R")
        work.go_on()
        found = next(one for one in organisations.everything(work.session) if one.key == key)
        people: dict[int, MemberRow] = {}
        for row in invitations.people(work.session, key):
            before = people.get(row.key)
            roles = (*(before.roles if before else ()), row.role)
            people[row.key] = MemberRow(account=row.key, login=row.login, name=row.name, roles=roles)
        pending = invitations.open_of(work.session, key, runtime.now())
        return OrganisationView(
            key=key,
            name=found.name,
            roles=roles_of(found.kind),
            people=tuple(people.values()),
            pending=tuple(
                PendingRow(
                    key=row.key,
                    name=row.name,
                    roles=tuple(row.roles),
                    until=row.expires_at,
                    again=row.restores is not None,
                )
                for row in pending
            ),
        )


def roles_of(kind: str) -> tuple[str, ...]:
    """The roles that people of an organisation of this kind may hold, as the region says."""
    return (*runtime.current().register.roles_of_kind.get(kind, ()), ADMINISTRATOR)


def invite(actor: Actor, key: str, login: str, name: str, roles: Sequence[str]) -> Invited:
    """Invite somebody; gives the link's token and the code, which goes by another channel. Both are shown once."""
    with working(actor) as work:
        require(work, key, "C")
        work.go_on()
        kind = next(one.kind for one in organisations.everything(work.session) if one.key == key)
        organisations.refuse_outside(work.session, [key])
        _check(login, name, roles, roles_of(kind))
        made = inviting.make(work.session, actor.account, login, name, roles, organisation=key)
        tell(work, "member:invited", key, {"roles": sorted(roles)})
        return made


def invite_family(actor: Actor, number: str, login: str, name: str, role: str) -> Invited:
    """Invite a parent, or from twelve the young person, to a casus that this actor directs."""
    with working(actor) as work:
        opened = directed(work, number, "C")
        _check(login, name, [role], ("ouder", "jeugdige"))
        age = opened.standing.situation.age
        if role == "jeugdige" and (age is None or age < YOUTH_FROM):
            raise BadRequest(f"Expected a young person of at least {YOUTH_FROM}", field="rol")
        work.go_on()
        made = inviting.make(work.session, actor.account, login, name, [role], casus_key=opened.row.key)
        told = Fact(kind="family:invited", data={"role_invited": role, **who(actor, opened.decision.reason)})
        chronicle.tell(work.session, opened.row.key, [told], runtime.now())
        return made


def require_family(actor: Actor, number: str) -> None:
    """Raises NotFound or NotAllowed for who may not invite the family of this casus."""
    with working(actor) as work:
        directed(work, number, "R")


def directed(work: Work, number: str, action: str) -> Opened:
    """A casus that the actor directs. Raises NotFound, or NotAllowed for who takes part in another role."""
    opened = open_child(work, number, action=action, kind="invitation")
    work.require(
        Permission.FAMILY_INVITE,
        Resource(start_roles=runtime.current().register.directing & opened.roles(work)),
        action=action,
        kind="invitation",
        key=opened.row.key,
        hidden=False,
    )
    return opened


def withdraw(actor: Actor, key: str, invitation: int) -> None:
    """Take an open invitation back."""
    with working(actor) as work:
        require(work, key, "D")
        work.go_on()
        if not invitations.withdraw(work.session, invitation, key):
            raise work.missing("invitation", invitation, "D")
        tell(work, "member:uninvited", key, {})


def change(actor: Actor, key: str, account: int, roles: Sequence[str]) -> None:
    """Give somebody these roles in the organisation and no others; none at all removes them.

    Access ends at once: sessions end, and tasks that they took go back to their colleagues.
    """
    with working(actor) as work:
        require(work, key, "U")
        if account == actor.account and ADMINISTRATOR not in roles:
            raise BadRequest(
                "Expected somebody else: who administers does not remove themselves", field="rollen"
            )
        work.go_on()
        found = next((row for row in invitations.people(work.session, key) if row.key == account), None)
        if found is None:
            raise work.missing("person", account, "U")
        kind = next(one.kind for one in organisations.everything(work.session) if one.key == key)
        if set(roles) - set(roles_of(kind)):
            raise BadRequest("Expected roles of this kind of organisation", field="rollen")
        invitations.take_roles(work.session, account, key, keep=roles)
        invitations.give_roles(work.session, account, roles, key)
        accounts.mark_roles_changed(work.session, account, runtime.now())
        session_rows.end_all(work.session, account)
        if not roles:
            give_back(work, found.login, key)
        tell(
            work,
            "member:changed" if roles else "member:removed",
            key,
            {"of": str(account), "roles": sorted(roles)},
        )


def give_back(work: Work, login: str, organisation: str) -> None:
    """Tasks that somebody took who is gone: each goes back to the team, as its history tells."""
    now = runtime.now()
    for row in invitations.taken_tasks(work.session, login, organisation):
        tasks.assign(work.session, row.key, "")
        fact = Fact(
            kind="task:unassigned", element=row.element_id, data={"task": str(row.key), **who(work.actor)}
        )
        facts.append(work.session, row.instance_key, [moves.line(now, fact)])


def require(work: Work, key: str, action: str) -> None:
    """Raises NotFound for an organisation that the actor does not administer."""
    work.require(
        Permission.ORGANISATION_MANAGE,
        Resource(candidates=frozenset({f"{ADMINISTRATOR}@{key}"})),
        action=action,
        kind="organisation",
        key=key,
    )


def _check(login: str, name: str, roles: Sequence[str], allowed: Sequence[str]) -> None:
    users.check_login(login)
    users.check_name(name)
    if not roles or set(roles) - set(allowed):
        raise BadRequest("Expected at least one role, of those that may be given here", field="rollen")


def tell(work: Work, kind: str, organisation: str, data: dict[str, object]) -> None:
    """Each change among people is in the history of the region."""
    fact = Fact(kind=kind, data={"at_organisation": organisation, **data, **who(work.actor)})
    chronicle.tell(work.session, REGION, [fact], runtime.now())
