"""The table of what ended processes tell the region: figures without names."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Identity, Index, Integer, Text

from service.store.db import db

monitor_fact = db.Table(
    "monitor_fact",  # no casus and no instance: a row leads to nobody
    Column("key", BigInteger, Identity(always=True), primary_key=True),
    Column("process_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("municipality", Text, nullable=False),  # where the child lives, by name
    Column("partnership", Text, nullable=False),  # organisation key; "" when none takes part
    Column("sector", Text, nullable=False),  # po | vo | "" when the age is not known
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date, nullable=False),
    Column("outcome", Text, nullable=False),  # element id of the end event
    Column("escalations", Integer, nullable=False),
    Column("terms_met", Integer, nullable=False),  # tasks with a due date that were done in time
    Column("terms_missed", Integer, nullable=False),
    Column("parents_agree", Text, nullable=False),  # ja | nee | onbekend
    Index("monitor_fact_by_process", "process_id", "ended_on"),
)
