"""The table of questions for help that came in by the public page."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text

from service.store.db import db
from service.store.tables.columns import MOMENT, key

help_request = db.Table(
    "help_request",
    key(),
    Column("municipality", Text, nullable=False),  # key of the organisation
    Column("sealed", LargeBinary, nullable=False),  # who, how to reach, and in which words
    Column("asked_at", MOMENT, nullable=False),
    Column("due_at", MOMENT, nullable=False),
    Column("outcome", Text, nullable=False, server_default=""),  # "" while it is open
    Column("sealed_note", LargeBinary),
    Column("handled_by", BigInteger),
    Column("handled_at", MOMENT),
    Index("help_request_by_municipality", "municipality", "handled_at", "due_at"),
)
