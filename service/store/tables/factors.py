"""Tables of the second factor: a sealed secret, paper codes, and who is halfway through signing in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, text

from service.store.db import db
from service.store.tables.columns import MOMENT


def _account(*, primary: bool = True) -> Column[int]:
    return Column(
        "account_key",
        BigInteger,
        ForeignKey("account.key", ondelete="CASCADE"),
        primary_key=primary,
        nullable=False,
    )


second_factor = db.Table(
    "second_factor",
    _account(),
    Column("sealed", LargeBinary, nullable=False),  # the secret of RFC 6238
    Column("made_at", MOMENT, nullable=False),
    Column("confirmed_at", MOMENT),  # NULL while nobody has shown that it works
    Column("last_step", BigInteger, nullable=False, server_default=text("0")),  # no code counts twice
)

paper_code = db.Table(
    "paper_code",
    _account(),
    Column("code_hash", LargeBinary, primary_key=True),  # keyed digest
    Column("used_at", MOMENT),
)

half_sign_in = db.Table(
    "half_sign_in",  # the password was right, the code is still to come
    Column("token_hash", LargeBinary, primary_key=True),
    _account(primary=False),
    Column("expires_at", MOMENT, nullable=False),
    Index("half_sign_in_by_end", "expires_at"),
)
