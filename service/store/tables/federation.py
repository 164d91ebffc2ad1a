"""Tables of signing in elsewhere: who is who, what is under way, which sessions a provider may end."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Text

from service.store.db import db
from service.store.tables.columns import MOMENT

external_identity = db.Table(
    "external_identity",  # a person at a provider is an account here; the subject itself is not kept
    Column("issuer", Text, primary_key=True),
    Column("subject_hash", LargeBinary, primary_key=True),  # keyed digest
    Column("account_key", BigInteger, ForeignKey("account.key", ondelete="CASCADE"), nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Index("external_identity_by_account", "account_key"),
)

sign_in_request = db.Table(
    "sign_in_request",  # somebody is at a provider now; taken once, when they come back
    Column("state_hash", LargeBinary, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("browser_hash", LargeBinary, nullable=False),  # of the cookie of who began
    Column("sealed", LargeBinary, nullable=False),  # nonce, code verifier, page to go to
    Column("expires_at", MOMENT, nullable=False),
    Index("sign_in_request_by_end", "expires_at"),
)

external_session = db.Table(
    "external_session",  # what a session needs to end on both sides
    Column(
        "token_hash", LargeBinary, ForeignKey("web_session.token_hash", ondelete="CASCADE"), primary_key=True
    ),
    Column("provider", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject_hash", LargeBinary, nullable=False),
    Column("sid_hash", LargeBinary),  # of the provider's own session; none when it gives none
    Column("id_token", LargeBinary, nullable=False),  # sealed; the hint with which we sign out there
    Index("external_session_by_subject", "issuer", "subject_hash"),
    Index("external_session_by_sid", "issuer", "sid_hash"),
)

logout_receipt = db.Table(
    "logout_receipt",  # a provider's logout token counts once
    Column("token_hash", LargeBinary, primary_key=True),
    Column("expires_at", MOMENT, nullable=False),
)
