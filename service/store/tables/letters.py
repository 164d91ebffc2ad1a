"""The table of letters that a process made."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.db import db
from service.store.tables.columns import MOMENT, key

letter = db.Table(
    "letter",  # its key is that of the job that made it: a job that is done twice makes one
    key(),
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False),
    Column("process_id", Text, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("sort", Text, nullable=False),  # brief | besluit
    Column("klasse", Text, nullable=False),  # the most sensitive class of what it says
    Column("roles", ARRAY(Text), nullable=False),  # that may read it
    Column("subject", LargeBinary, nullable=False),  # sealed under the child's key, as is
    Column("content", LargeBinary, nullable=False),  # the PDF
    Column("made_at", MOMENT, nullable=False),
    Index("letter_by_casus", "casus_key", "made_at"),
)
