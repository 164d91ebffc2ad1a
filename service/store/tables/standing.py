"""Who stands in for whom while somebody is absent, and which auditors and FGs a controller gave a mandate."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Text

from service.store.db import db
from service.store.tables.columns import MOMENT, key

absence = db.Table(
    "absence",  # in all casussen, for one role at one organisation; why somebody is absent is nobody's business
    key(),
    Column("account_key", BigInteger, nullable=False),  # who is absent
    Column("replacement_key", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("organisation_key", Text, nullable=False),
    Column("starts_at", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Column("recorded_by", BigInteger, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("revoked_at", MOMENT),
    Column("revoked_by", BigInteger),
    Index("absence_by_replacement", "replacement_key", "until"),
    Index("absence_by_account", "account_key", "until"),
)

mandate = db.Table(
    "mandate",  # a controller lets the auditor or FG of another organisation see its casussen
    key(),
    Column("controller_key", Text, nullable=False),
    Column("role", Text, nullable=False),  # auditor | fg
    Column("holder_key", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),  # the last day; none for a mandate until it is revoked
    Column("document", Text, nullable=False),  # where the decision is kept
    Column("recorded_by", BigInteger, nullable=False),  # 0: a register of the region
    Column("made_at", MOMENT, nullable=False),
    Column("revoked_at", MOMENT),
    Column("revoked_by", BigInteger),
    Index("mandate_by_holder", "holder_key", "role"),
    Index("mandate_by_controller", "controller_key"),
)
