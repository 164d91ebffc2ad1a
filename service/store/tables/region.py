"""Tables of the region: organisations, accounts, sessions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from service.store.db import db
from service.store.tables.columns import MOMENT, key

organisation = db.Table(
    "organisation",
    Column("key", Text, primary_key=True),  # e.g. "regenboogbrug"
    Column("name", Text, nullable=False),
    Column(
        "kind", Text, nullable=False
    ),  # gemeente | swv_po | swv_vo | school | jgz | wijkteam | kinderopvang | ...
    Column("municipality", Text, nullable=False, server_default=""),
    Column("data", JSONB, nullable=False, server_default=text("'{}'")),  # areas served, contact, brin, ...
    Column("ended_at", MOMENT),  # takes part no longer: nobody works for it, nothing is offered to it
    Column("edited_at", MOMENT),  # a page changed it: the start file does not undo that
)

account = db.Table(
    "account",
    key(),
    Column("login", Text, nullable=False, unique=True),  # lower case e-mail address
    Column("name", Text, nullable=False),
    Column(
        "password_hash", Text, nullable=False, server_default=""
    ),  # argon2id; "" cannot sign in with a password
    Column("disabled_at", MOMENT),
    Column("created_at", MOMENT, nullable=False),
    Column("roles_changed_at", MOMENT),  # by a page: the start file does not undo that
)

membership = db.Table(
    "membership",
    Column("account_key", BigInteger, ForeignKey("account.key", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("organisation_key", Text, primary_key=True, server_default=""),  # "" for ouder and jeugdige
)

web_session = db.Table(
    "web_session",
    Column("token_hash", LargeBinary, primary_key=True),  # SHA-256 of the cookie's token
    Column("account_key", BigInteger, ForeignKey("account.key", ondelete="CASCADE"), nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("seen_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("assurance", Text, nullable=False, server_default="low"),  # low | substantial | high
    Column("proved_at", MOMENT),  # when the person last proved who they are
)

login_attempt = db.Table(
    "login_attempt",
    Column("subject_hash", LargeBinary, primary_key=True),  # keyed digest of login or address
    Column("failures", Integer, nullable=False),
    Column("since", MOMENT, nullable=False),
)
