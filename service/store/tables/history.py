"""Tables of the history: facts, chains, anchors and the access log.

append_fact() is the only way in; partitions, triggers and grants are in migration 0001.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, Text

from service.store.db import db
from service.store.tables.columns import MOMENT, key

fact = db.Table(
    "fact",
    Column("instance_key", BigInteger, primary_key=True),
    Column("seq", Integer, primary_key=True),  # 1, 2, 3 ... per instance, without gaps
    Column("at", MOMENT, nullable=False),
    Column("kind", Text, nullable=False),
    Column(
        "payload", Text, nullable=False
    ),  # canonical JSON (RFC 8785) of the whole fact, at and kind included
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),  # SHA-256(prev_hash || payload)
    postgresql_partition_by="HASH (instance_key)",
)

chain_head = db.Table(
    "chain_head",
    Column("instance_key", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

anchor = db.Table(
    "anchor",
    Column("day", Date, primary_key=True),
    Column("chains", Integer, nullable=False),
    Column("facts", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),  # SHA-256 over all chain heads in key order
    Column("made_at", MOMENT, nullable=False),
)

access_log = db.Table(
    "access_log",  # NEN 7513: who did what to which object, never its content
    key(),
    Column("at", MOMENT, nullable=False),
    Column("account_key", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("organisation_key", Text, nullable=False),
    Column("session", Text, nullable=False, server_default=""),
    Column("action", Text, nullable=False),  # C | R | U | D | export | login
    Column("allowed", Boolean, nullable=False),
    Column("object_kind", Text, nullable=False),  # casus | task | instance | story | ...
    Column("object_key", Text, nullable=False),
    Column("classes", Text, nullable=False, server_default=""),  # data classes shown, e.g. "IOP"
    Column("ground", Text, nullable=False),  # the policy's reason
    Column("on_behalf", Text, nullable=False, server_default=""),  # whose answer it was; "" for one's own
    Index("access_log_by_object", "object_key", "at"),
    Index("access_log_by_account", "account_key", "at"),
)
