"""The table of answers that somebody entered for another."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)

from service.store.db import db
from service.store.tables.columns import MOMENT, key

on_behalf = db.Table(
    "on_behalf",  # the answers themselves are in the dossier, as of whose they are
    key(),
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False),
    Column("task_key", BigInteger, nullable=False),
    Column("role", Text, nullable=False),  # in which the answer counts: ouder, school_ib, ...
    Column(
        "whose", Text, nullable=False
    ),  # persoon:<key> | account:<key> | kind | rol:<role> | organisatie:<key>
    Column("account_key", BigInteger),  # of whose answer it is, where they have one in this casus
    Column("organisation_key", Text, nullable=False, server_default=""),  # the one that does not take part
    Column("source", Text, nullable=False),  # gesprek | telefoon | brief | email | formulier
    Column("signed", Boolean, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("sealed", LargeBinary),  # the note, under the child's key; NULL: none
    Column("entered_by", BigInteger, nullable=False),
    Column("entered_role", Text, nullable=False),
    Column("entered_organisation", Text, nullable=False, server_default=""),
    Column("entered_at", MOMENT, nullable=False),
    UniqueConstraint("task_key"),
    Index("on_behalf_by_casus", "casus_key"),
)
