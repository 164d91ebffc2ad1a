"""Tables of keys and of the vault: the service's own data keys, and citizen service numbers in a schema apart."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Text

from service.store.db import db
from service.store.tables.columns import MOMENT

service_key = db.Table(
    "service_key",  # data keys of the service, wrapped by a master key
    Column("name", Text, primary_key=True),  # digest | bsn
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", MOMENT, nullable=False),
)

bsn = db.Table(
    "bsn",  # one number per child; opened per child, after the policy said so
    Column(
        "subject_key",
        BigInteger,
        ForeignKey("subject.key", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("sealed", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # keyed: equal for equal numbers, worthless to who guesses
    Column("source", Text, nullable=False),  # on what ground it came in
    Column("put_by", BigInteger, nullable=False),
    Column("put_at", MOMENT, nullable=False),
    Index("bsn_by_digest", "digest"),
    schema="vault",
)
