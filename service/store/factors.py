"""The second factor of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import half_sign_in, paper_code, second_factor


def put(session: Session, account_key: int, sealed: bytes, at: datetime) -> None:
    """A new secret that still has to be confirmed; takes the place of one that was not."""
    row = {"account_key": account_key, "sealed": sealed, "made_at": at, "confirmed_at": None, "last_step": 0}
    session.execute(
        upsert(second_factor)
        .values(row)
        .on_conflict_do_update(
            index_elements=["account_key"], set_=row, where=second_factor.c.confirmed_at.is_(None)
        )
    )


def lock(session: Session, account_key: int) -> Found | None:
    """The factor of an account; a second one who tries a code waits."""
    return session.execute(
        select(second_factor).where(second_factor.c.account_key == account_key).with_for_update()
    ).one_or_none()


def get(session: Session, account_key: int) -> Found | None:
    """The factor of an account."""
    return session.execute(
        select(second_factor).where(second_factor.c.account_key == account_key)
    ).one_or_none()


def used(session: Session, account_key: int, step: int, confirmed_at: datetime) -> None:
    """Note the last code that counted."""
    session.execute(
        update(second_factor)
        .where(second_factor.c.account_key == account_key)
        .values(last_step=step, confirmed_at=confirmed_at)
    )


def remove(session: Session, account_key: int) -> None:
    """Take the factor and its paper codes away."""
    session.execute(delete(paper_code).where(paper_code.c.account_key == account_key))
    session.execute(delete(second_factor).where(second_factor.c.account_key == account_key))


def put_paper(session: Session, account_key: int, hashes: Sequence[bytes]) -> None:
    """New paper codes in the place of the old ones."""
    session.execute(delete(paper_code).where(paper_code.c.account_key == account_key))
    session.execute(insert(paper_code), [{"account_key": account_key, "code_hash": one} for one in hashes])


def use_paper(session: Session, account_key: int, hash_: bytes, at: datetime) -> bool:
    """Use a paper code; False when it is none, or was used."""
    made = session.execute(
        update(paper_code)
        .where(
            paper_code.c.account_key == account_key,
            paper_code.c.code_hash == hash_,
            paper_code.c.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(paper_code.c.account_key)
    )
    return made.scalar() is not None


def paper_left(session: Session, account_key: int) -> int:
    """How many paper codes are left."""
    statement = select(func.count()).where(
        paper_code.c.account_key == account_key, paper_code.c.used_at.is_(None)
    )
    return session.execute(statement).scalar_one()


def begin(session: Session, token_hash: bytes, account_key: int, until: datetime) -> None:
    """Somebody whose password was right."""
    session.execute(
        insert(half_sign_in).values(token_hash=token_hash, account_key=account_key, expires_at=until)
    )


def half(session: Session, token_hash: bytes, at: datetime) -> int | None:
    """Whose password was right, while that counts."""
    return session.execute(
        select(half_sign_in.c.account_key).where(
            half_sign_in.c.token_hash == token_hash, half_sign_in.c.expires_at > at
        )
    ).scalar()


def end(session: Session, token_hash: bytes) -> None:
    """The code came, or it will not."""
    session.execute(delete(half_sign_in).where(half_sign_in.c.token_hash == token_hash))


def end_all(session: Session, account_key: int) -> None:
    """Nobody is halfway into this account any more."""
    session.execute(delete(half_sign_in).where(half_sign_in.c.account_key == account_key))


def sweep(session: Session, at: datetime) -> None:
    """Forget who did not go on."""
    session.execute(delete(half_sign_in).where(half_sign_in.c.expires_at <= at))
