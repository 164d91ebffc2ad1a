"""Tables of a child that moves: what the receiving organisation is asked, and who took part before."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.db import db
from service.store.tables.columns import MOMENT, key

relocation = db.Table(
    "relocation",
    key(),
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # school | gemeente
    Column("from_organisation", Text, nullable=False),
    Column("to_organisation", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),  # that go over
    Column(
        "municipality", Text, nullable=False, server_default=""
    ),  # the new one; "" when only the school is
    Column("moved_on", Date, nullable=False),
    Column("pass_on", Boolean, nullable=False),  # what was given to the roles is given to who takes them over
    Column("reason", LargeBinary, nullable=False),  # sealed under the child's key
    Column(
        "state", Text, nullable=False
    ),  # OPEN | ACCEPTED | REFUSED | WITHDRAWN | NOTICED (a refusal, seen)
    Column("asked_by", BigInteger, nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", MOMENT),
    Column("answer", LargeBinary),  # the reason of a refusal, sealed
    Index("relocation_by_casus", "casus_key", "state"),
    Index("relocation_by_receiver", "to_organisation", "state"),
)

former_participant = db.Table(
    "former_participant",  # who took part and no longer does: reads what it supplied itself
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("candidate", Text, primary_key=True),
    Column("organisation_key", Text, nullable=False, server_default=""),
    Column("since", MOMENT, nullable=False),
    Column("until", MOMENT, primary_key=True),
    Index("former_participant_by_candidate", "candidate"),
)
