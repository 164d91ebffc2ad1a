"""Disclosures, consents, substitutes and emergencies of a casus. Lines are added; none is changed but to end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import account, casus, consent, disclosure, emergency, organisation, substitution


def disclose(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add disclosures."""
    if rows:
        session.execute(insert(disclosure), [dict(row) for row in rows])


def disclosures(session: Session, casus_key: int, at: datetime) -> Sequence[Found]:
    """The disclosures that hold now, oldest first."""
    held = disclosure.c
    return session.execute(
        select(disclosure)
        .where(
            held.casus_key == casus_key,
            or_(held.until.is_(None), held.until > at),
            or_(held.ended_at.is_(None), held.ended_at > at),
        )
        .order_by(held.given_at, held.key)
    ).all()


def every_disclosure(session: Session, casus_key: int) -> Sequence[Found]:
    """All disclosures of a casus that were given, those that ended as well, oldest first."""
    held = disclosure.c
    return session.execute(
        select(disclosure)
        .where(held.casus_key == casus_key, or_(held.ended_at.is_(None), held.ended_at > held.given_at))
        .order_by(held.given_at, held.key)
    ).all()


def lapsed(session: Session, casus_key: int, at: datetime) -> Sequence[Found]:
    """Disclosures on consent that do not hold now: withheld when their step was done, or ended by a withdrawal."""
    held = disclosure.c
    return session.execute(
        select(disclosure)
        .where(held.casus_key == casus_key, held.on_consent, held.ended_at <= at)
        .order_by(held.given_at, held.key)
    ).all()


def end_disclosures(session: Session, keys: Sequence[int], at: datetime) -> None:
    """Stop giving: what was read stays read, from now on nothing is shown."""
    if keys:
        session.execute(update(disclosure).where(disclosure.c.key.in_(keys)).values(ended_at=at))


def say(session: Session, row: Mapping[str, Any]) -> None:
    """Add what somebody of the family said."""
    session.execute(insert(consent).values(dict(row)))


def consents(session: Session, casus_key: int) -> Sequence[Found]:
    """What each giver said last about each thing in each domain."""
    said = consent.c
    return session.execute(
        select(consent)
        .ext(distinct_on(said.about, said.domain, said.giver_role, said.giver))
        .where(said.casus_key == casus_key)
        .order_by(said.about, said.domain, said.giver_role, said.giver, said.said_at.desc(), said.key.desc())
    ).all()


def every_consent(session: Session, casus_key: int) -> Sequence[Found]:
    """All that was said in a casus, what was said before as well, oldest first."""
    said = consent.c
    return session.execute(
        select(consent).where(said.casus_key == casus_key).order_by(said.said_at, said.key)
    ).all()


def substitute(session: Session, row: Mapping[str, Any]) -> None:
    """Record that somebody takes the place of a colleague."""
    session.execute(insert(substitution).values(dict(row)))


def substitutes(session: Session, casus_key: int, at: datetime) -> Sequence[Found]:
    """Who takes whose place now."""
    return session.execute(
        select(substitution, account.c.name.label("name"))
        .join(account, account.c.key == substitution.c.account_key)
        .where(substitution.c.casus_key == casus_key, substitution.c.until > at)
    ).all()


def open_emergency(session: Session, row: Mapping[str, Any]) -> None:
    """Record that the noodknop was used."""
    session.execute(insert(emergency).values(dict(row)))


def open_emergencies(session: Session, account_key: int, at: datetime) -> Sequence[Found]:
    """The emergencies of an account that hold now, the longest first."""
    return session.execute(
        select(emergency)
        .where(emergency.c.account_key == account_key, emergency.c.until > at)
        .order_by(emergency.c.until.desc())
    ).all()


def emergencies(
    session: Session, *, organisations: Sequence[str], unseen: bool = False, limit: int = 200
) -> Sequence[Found]:
    """Uses of the noodknop by people of these organisations, newest first."""
    statement = (
        select(
            emergency,
            account.c.name.label("account_name"),
            organisation.c.name.label("organisation_name"),
            casus.c.number.label("casus_number"),
        )
        .join(casus, casus.c.key == emergency.c.casus_key)
        .outerjoin(account, account.c.key == emergency.c.account_key)
        .outerjoin(organisation, organisation.c.key == emergency.c.organisation_key)
        .where(emergency.c.organisation_key.in_(list(organisations)))
    )
    if unseen:
        statement = statement.where(emergency.c.seen_at.is_(None))
    return session.execute(statement.order_by(emergency.c.opened_at.desc()).limit(limit)).all()


def see_emergency(session: Session, key: int, account_key: int, at: datetime) -> None:
    """Note that the FG has looked at it."""
    session.execute(
        update(emergency)
        .where(emergency.c.key == key, emergency.c.seen_at.is_(None))
        .values(seen_by=account_key, seen_at=at)
    )
