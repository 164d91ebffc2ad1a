"""The table of programs' tokens."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.db import db
from service.store.tables.columns import MOMENT, key

api_token = db.Table(
    "api_token",
    key(),
    Column("name", Text, nullable=False),  # client_id
    Column("account_key", BigInteger, ForeignKey("account.key", ondelete="CASCADE"), nullable=False),
    Column("parent_key", BigInteger, ForeignKey("api_token.key", ondelete="CASCADE")),  # of a short-lived one
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("scopes", ARRAY(Text), nullable=False),  # permissions, or "<resource>:*"
    Column("created_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("revoked_at", MOMENT),
    Column("used_at", MOMENT),
    Index(
        "api_token_by_name",
        "name",
        unique=True,
        postgresql_where=text("parent_key IS NULL AND revoked_at IS NULL"),
    ),
    Index("api_token_by_end", "expires_at"),
)
