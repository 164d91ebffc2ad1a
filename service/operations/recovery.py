"""Letting somebody in again who lost a password or a code: who knows them gives a letter and, apart, a code."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain import Actor, Fact
from service.errors import Conflict
from service.operations import chronicle, inviting, people, runtime
from service.operations.guard import Work, who, working
from service.operations.outlooks import FamilyRow, Invited
from service.store import accounts, casus, invitations
from service.store.rows import Found

FAMILY = ("ouder", "jeugdige")


def for_colleague(actor: Actor, key: str, account: int, *, codes_too: bool) -> Invited:
    """Let somebody of an organisation that this actor administers choose a new password.

    codes_too  the app and the paper codes are lost as well; without, the code stays needed
    Raises NotFound, and Conflict for an account that is more than this organisation's: an administrator would
    come into the files of others with it.
    """
    with working(actor) as work:
        people.require(work, key, "U")
        work.go_on()
        if account == actor.account or account not in {
            one.key for one in invitations.people(work.session, key)
        }:
            raise work.missing("person", account, "U")
        row = _local(work, account)
        held = {one.rpartition("@")[2] for one in row.memberships}
        if held - set(people.own(actor)) or casus.of_candidates(
            work.session, [f"account:{account}"], limit=1
        ):
            raise Conflict("Expected an account of this organisation alone")
        made = _make(work, row, organisation=key, codes_too=codes_too)
        people.tell(work, "access:offered", key, {"of": str(account), "codes": codes_too})
        return made


def for_family(actor: Actor, number: str, account: int, *, codes_too: bool) -> Invited:
    """Let a parent or young person of a casus that this actor directs choose a new password.

    Raises NotFound, and Conflict for an account that opens more than what this actor directs.
    """
    with working(actor) as work:
        opened = people.directed(work, number, "U")
        work.go_on()
        if account not in {one.account for one in _bound(work, opened.row.key)}:
            raise work.missing("person", account, "U")
        row = _local(work, account)
        if any(one.partition("@")[0] not in FAMILY for one in row.memberships) or not _directs_all(
            work, account
        ):
            raise Conflict("Expected an account that opens nothing but what you direct")
        made = _make(work, row, casus_key=opened.row.key, codes_too=codes_too)
        told = Fact(
            kind="access:offered",
            data={"of": str(account), "codes": codes_too, **who(actor, opened.decision.reason)},
        )
        chronicle.tell(work.session, opened.row.key, [told], runtime.now())
        return made


def family(actor: Actor, number: str) -> tuple[FamilyRow, ...]:
    """Who of the family has an account in a casus that this actor directs."""
    with working(actor) as work:
        opened = people.directed(work, number, "R")
        work.go_on()
        return _bound(work, opened.row.key)


def _bound(work: Work, casus_key: int) -> tuple[FamilyRow, ...]:
    held = {
        int(one.candidate.removeprefix("account:")): one.role
        for one in casus.bindings(work.session, casus_key)
        if one.role in FAMILY and one.candidate.startswith("account:")
    }
    names = accounts.names(work.session, held)
    return tuple(FamilyRow(account=key, name=names.get(key, ""), role=role) for key, role in held.items())


def _directs_all(work: Work, account: int) -> bool:
    """Whether the actor directs each casus in which this account takes part."""
    directing = runtime.registered().directing
    return all(
        any(
            b.role in directing and b.candidate in work.actor.candidates
            for b in casus.bindings(work.session, key)
        )
        for key in _casus_keys(work, account)
    )


def _casus_keys(work: Work, account: int) -> Sequence[int]:
    return [row.key for row in casus.of_candidates(work.session, [f"account:{account}"])]


def _local(work: Work, account: int) -> Found:
    """The account; who signs in elsewhere gets a new password there."""
    row = accounts.by_key(work.session, account)
    if row is None or row.disabled_at is not None:
        raise work.missing("person", account, "U")
    if not row.password_hash:
        raise Conflict("Expected an account with a password of its own")
    return row


def _make(
    work: Work, row: Found, *, organisation: str = "", casus_key: int | None = None, codes_too: bool
) -> Invited:
    return inviting.make(
        work.session,
        work.actor.account,
        row.login,
        row.name,
        (),
        organisation=organisation,
        casus_key=casus_key,
        restores=row.key,
        drops_factor=codes_too,
    )
