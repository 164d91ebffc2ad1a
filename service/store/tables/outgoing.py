"""The tables of what goes out to others: mail and events, and of whom was told of new tasks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, text

from service.store.db import db
from service.store.tables.columns import MOMENT, key

outgoing = db.Table(
    "outgoing",
    key(),
    Column("kind", Text, nullable=False),  # mail | event
    Column("channel", Text, nullable=False, server_default=""),  # name of the webhook, for an event
    Column("sealed", LargeBinary, nullable=False),  # what goes out; empty once it arrived
    Column("state", Text, nullable=False),  # WAITING | SENT | DEAD | LATE
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("next_at", MOMENT, nullable=False),  # before which nobody tries
    Column("until", MOMENT),  # after which it is of no use any more
    Column(
        "reason", Text, nullable=False, server_default=""
    ),  # why it did not arrive yet; no address, no content
    Column("created_at", MOMENT, nullable=False),
    Column("ended_at", MOMENT),
    Index("outgoing_waiting", "next_at", postgresql_where=text("state = 'WAITING'")),
    Index("outgoing_by_state", "state", "ended_at"),
)

task_notice = db.Table(  # up to which task somebody was told; account 0: up to which all tasks were looked at
    "task_notice",
    Column("account_key", BigInteger, primary_key=True, autoincrement=False),
    Column("up_to", BigInteger, nullable=False),
)
