"""The table of invitations."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.db import db
from service.store.tables.columns import MOMENT, key

invitation = db.Table(
    "invitation",
    key(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # of the link
    Column("code_digest", LargeBinary, nullable=False),  # of what comes by another channel
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("organisation_key", Text, nullable=False, server_default=""),  # "" for ouder and jeugdige
    Column("roles", ARRAY(Text), nullable=False),
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE")),  # of a family
    Column("restores", BigInteger, ForeignKey("account.key", ondelete="CASCADE")),  # who comes in again
    Column(
        "drops_factor", Boolean, nullable=False, server_default=text("false")
    ),  # app and paper are lost too
    Column("task_key", BigInteger),  # the one task of a guest
    Column("invited_by", BigInteger, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("accepted_at", MOMENT),
    Index("invitation_by_organisation", "organisation_key", "expires_at"),
    Index("invitation_by_end", "expires_at"),
    Index("invitation_by_restored", "restores", postgresql_where=text("restores IS NOT NULL")),
)
