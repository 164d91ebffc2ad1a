"""Tables that reading depends on beside roles: disclosures, consents, substitutes, the emergency button."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Text, text

from service.store.db import db
from service.store.tables.columns import MOMENT, key


def _casus() -> Column[int]:
    return Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False)


disclosure = db.Table(
    "disclosure",  # a verstrekking: what a supplier gave to a role in this casus
    key(),
    _casus(),
    Column("form_id", Text, nullable=False),
    Column("path", Text, nullable=False),  # of the question; "" for the whole form
    Column("from_role", Text, nullable=False),
    Column("from_organisation", Text, nullable=False, server_default=""),
    Column("to_candidate", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("on_consent", Boolean, nullable=False, server_default=text("false")),  # ends with the consent
    Column("given_by", BigInteger, nullable=False),
    Column("given_at", MOMENT, nullable=False),
    Column("until", MOMENT),
    Column("ended_at", MOMENT),
    Index("disclosure_by_casus", "casus_key"),
)

consent = db.Table(
    "consent",  # every line stays; the last one of a giver counts
    key(),
    _casus(),
    Column("about", Text, nullable=False),  # inzage_ouders | delen
    Column("domain", Text, nullable=False),  # domain of law, as in toestemming.toml
    Column("giver_role", Text, nullable=False),  # ouder | jeugdige
    Column("giver", BigInteger, nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("said_by", BigInteger, nullable=False),  # who entered it; another than the giver: namens
    Column(
        "source", Text, nullable=False, server_default=""
    ),  # of an answer namens: a letter, a conversation
    Column("said_at", MOMENT, nullable=False),
    Index("consent_by_casus", "casus_key", "said_at"),
)

substitution = db.Table(
    "substitution",  # somebody takes the place of a colleague in one casus
    key(),
    _casus(),
    Column("account_key", BigInteger, nullable=False),
    Column("for_account", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Index("substitution_by_casus", "casus_key"),
)

emergency = db.Table(
    "emergency",  # the noodknop: who opened a casus that is not theirs, why, and whether the FG has seen it
    key(),
    _casus(),
    Column("account_key", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("organisation_key", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Column("seen_by", BigInteger),
    Column("seen_at", MOMENT),
    Index("emergency_by_casus", "casus_key", "until"),
    Index("emergency_unseen", "opened_at", postgresql_where=text("seen_at IS NULL")),
)
