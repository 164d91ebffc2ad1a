"""Tables of the child: subject, casus, participants and the dossier."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from service.store.db import db
from service.store.tables.columns import MOMENT, key

subject = db.Table(
    "subject",
    key(),
    Column("pseudonym", Text, nullable=False, unique=True),  # what the history calls this person
    Column("first_name", Text, nullable=False),  # of policy: the title
    Column("last_name", Text, nullable=False, server_default=""),
    Column("birth_date", Date),
    Column("municipality", Text, nullable=False, server_default=""),
    Column("wrapped_key", LargeBinary),  # data key for Z, M and HMACs, wrapped; NULL = erased
    Column("kind", Text, nullable=False, server_default="jeugdige"),  # jeugdige | beleid
    CheckConstraint("kind IN ('jeugdige', 'beleid')", name="subject_kind"),
    CheckConstraint(
        "kind <> 'beleid' OR (last_name = '' AND birth_date IS NULL AND municipality = '')",
        name="policy_is_nobody",
    ),
)

casus = db.Table(
    "casus",
    key(),
    Column("number", Text, nullable=False, unique=True),  # without meaning, e.g. "ZB-7K3M-9QF2"
    Column("subject_key", BigInteger, ForeignKey("subject.key"), nullable=False),
    Column("status", Text, nullable=False),  # LOPEND | AFGEROND | INGETROKKEN
    Column("created_at", MOMENT, nullable=False),
    Column("closed_at", MOMENT),
)

casus_participant = db.Table(
    "casus_participant",
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column(
        "candidate", Text, primary_key=True
    ),  # "role@organisation" or "account:key": who holds the role here
    Column("organisation_key", Text, nullable=False, server_default=""),
    Column("account_key", BigInteger),
    Column("since", MOMENT, nullable=False),
    Index("casus_participant_by_candidate", "candidate", "casus_key"),
)


casus_person = db.Table(
    "casus_person",  # who is around the child: gezag, its source and date, and whose whereabouts are kept
    key(),
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("relation", Text, nullable=False, server_default=""),
    Column("custody", Text, nullable=False, server_default="onbekend"),  # ja | nee | onbekend
    Column("contact", Text, nullable=False, server_default=""),
    Column("account_key", BigInteger),
    Column("form_path", Text, nullable=False, server_default=""),  # the row of the start form, e.g. "gezag.0"
    Column("source", Text, nullable=False),  # how the custody is known
    Column("told_by", BigInteger, nullable=False),
    Column("since", MOMENT, nullable=False),
    Column("kept", Boolean, nullable=False, server_default=text("false")),  # whereabouts are kept from others
    Column("kept_by", BigInteger),
    Column("kept_at", MOMENT),
    Column("kept_reason", Text, nullable=False, server_default=""),
    Column(
        "told", ARRAY(Text), nullable=False, server_default="{}"
    ),  # organisations that other parents may know of, while the whereabouts are kept
    Index("casus_person_by_casus", "casus_key"),
)

likely_match = db.Table(
    "likely_match",  # a casus that may be about the same child as one that is known
    key(),
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False),
    Column("known_casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False),  # OPEN | LINKED | SEPARATED
    Column("found_at", MOMENT, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", MOMENT),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("casus_key", "known_casus_key"),
    Index("likely_match_by_known", "known_casus_key", "state"),
)

sibling = db.Table(
    "sibling",  # the casus of a brother or sister, linked for who directs either
    key(),
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False),
    Column(
        "other_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE")
    ),  # NULL: no casus of that number
    Column("number", Text, nullable=False),  # as it was asked
    Column("state", Text, nullable=False),  # ASKED | LINKED | REFUSED | SEPARATED
    Column("asked_by", BigInteger, nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", MOMENT),
    Column("answer", Text, nullable=False, server_default=""),  # why it was refused or separated
    Index("sibling_by_casus", "casus_key", "state"),
    Index("sibling_by_other", "other_key", "state"),
)

casus_note = db.Table(
    "casus_note",  # what a participant wrote down beside the forms; sealed whatever its class
    key(),
    Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False),
    Column("about_key", BigInteger, ForeignKey("casus_note.key", ondelete="CASCADE")),  # NULL: no supplement
    Column("klasse", Text, nullable=False),  # I | Z | M
    Column("owner_role", Text, nullable=False),
    Column("owner_organisation", Text, nullable=False, server_default=""),
    Column("sealed", LargeBinary, nullable=False),
    Column("written_by", BigInteger, nullable=False),
    Column("written_at", MOMENT, nullable=False),
    Column("withdrawn_at", MOMENT),
    Column("withdrawn_reason", LargeBinary),  # sealed as well
    Index("casus_note_by_casus", "casus_key", "written_at"),
)


def _dossier(name: str, *, sealed: bool) -> Table:
    """One dossier table per data class; Z and M hold ciphertext only."""
    value = (
        Column("sealed", LargeBinary, nullable=False) if sealed else Column("value", JSONB, nullable=False)
    )
    return db.Table(
        name,
        key(),
        Column("casus_key", BigInteger, ForeignKey("casus.key", ondelete="CASCADE"), nullable=False),
        Column("instance_key", BigInteger, nullable=False),
        Column("task_key", BigInteger),  # NULL for a start form
        Column("path", Text, nullable=False),  # path-qualified field key, e.g. "t05_geschiktheid"
        Column("form_id", Text, nullable=False),
        Column("owner_role", Text, nullable=False),  # `eigenaar` of the component
        Column("owner_organisation", Text, nullable=False, server_default=""),  # controller that supplied it
        value,
        Column("entered_by", BigInteger, nullable=False),
        Column("entered_at", MOMENT, nullable=False),
        Index(f"{name}_by_casus", "casus_key", "entered_at"),
    )


dossier_i = _dossier("dossier_i", sealed=False)
dossier_o = _dossier("dossier_o", sealed=False)
dossier_z = _dossier("dossier_z", sealed=True)
dossier_m = _dossier("dossier_m", sealed=True)
