"""Tables of running instances: tasks, jobs, messages, incidents."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from service.store.closed import Closed
from service.store.db import db
from service.store.tables.columns import MOMENT, key

instance = db.Table(
    "instance",
    key(),
    Column("definition_key", BigInteger, ForeignKey("definition.key"), nullable=False),
    Column("casus_key", BigInteger, ForeignKey("casus.key")),
    Column(
        "state", Closed, nullable=False
    ),  # opaque, compressed, made by the engine; sealed: it may hold any class
    Column("revision", Integer, nullable=False),
    Column("status", Text, nullable=False),  # ACTIVE | SUSPENDED | COMPLETED | TERMINATED
    Column("has_incident", Boolean, nullable=False, server_default=text("false")),
    Column("wakes_at", MOMENT),  # next due timer; NULL when none runs
    Column("outcome", Text, nullable=False, server_default=""),  # element id of the end event reached last
    Column("started_by", BigInteger, nullable=False),
    Column("started_at", MOMENT, nullable=False),
    Column("ended_at", MOMENT),
    Column("suspended_at", MOMENT),  # while it is held
    Index("instance_by_casus", "casus_key"),
    Index("instance_by_starter", "started_by", postgresql_where=text("casus_key IS NULL")),
    Index("instance_by_definition", "definition_key", "status"),
    Index("instance_due", "wakes_at", postgresql_where=text("wakes_at IS NOT NULL")),
)

user_task = db.Table(
    "user_task",
    key(),
    Column("instance_key", BigInteger, ForeignKey("instance.key"), nullable=False),
    Column("token", Integer, nullable=False),
    Column(
        "definition_key", BigInteger, ForeignKey("definition.key")
    ),  # of a called process; NULL = the instance's
    Column("element_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("casus_key", BigInteger),
    Column("role", Text, nullable=False, server_default=""),  # role key of the lane, "" when technical
    Column("organisation_key", Text, nullable=False, server_default=""),
    Column("form_id", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),  # CREATED | COMPLETED | CANCELED
    Column("assignee", Text, nullable=False, server_default=""),  # login
    Column("candidate_groups", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("candidate_users", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("priority", Integer, nullable=False, server_default=text("50")),
    Column("due_at", MOMENT),
    Column("follow_up_at", MOMENT),
    Column("created_at", MOMENT, nullable=False),
    Column("ended_at", MOMENT),
    Column("ended_by", BigInteger),
    Index("user_task_by_instance", "instance_key", "state"),
    Index("user_task_by_casus", "casus_key", "state"),
)

task_candidate = db.Table(
    "task_candidate",  # rows live only while the task is open: "my tasks" reads nothing else
    Column(
        "candidate", Text, primary_key=True
    ),  # "role@organisation", "account:key", "group:role", "user:login"
    Column("task_key", BigInteger, ForeignKey("user_task.key", ondelete="CASCADE"), primary_key=True),
    Column("due_at", MOMENT),
    Index("task_candidate_order", "candidate", "due_at", "task_key"),
)

task_draft = db.Table(
    "task_draft",
    Column("task_key", BigInteger, ForeignKey("user_task.key", ondelete="CASCADE"), primary_key=True),
    Column("account_key", BigInteger, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("saved_at", MOMENT, nullable=False),
)

job = db.Table(
    "job",
    key(),
    Column("instance_key", BigInteger, ForeignKey("instance.key"), nullable=False),
    Column("token", Integer, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("state", Text, nullable=False),  # CREATED | COMPLETED | FAILED | CANCELED | ERROR_THROWN
    Column("headers", JSONB, nullable=False, server_default=text("'{}'")),
    Column("worker", Text, nullable=False, server_default=""),  # the program that holds it, or held it last
    Column("deadline", MOMENT),  # until when it is held
    Column("retry_at", MOMENT),  # before which nobody gets it again
    Column("error_code", Text, nullable=False, server_default=""),
    Column("error_message", Text, nullable=False, server_default=""),
    Column("created_at", MOMENT, nullable=False),
    Column("changed_at", MOMENT),
    Column("ended_at", MOMENT),
    Index("job_by_instance", "instance_key"),
    Index("job_waiting", "type", "key", postgresql_where=text("state = 'CREATED'")),
)

subscription = db.Table(
    "subscription",
    Column("instance_key", BigInteger, ForeignKey("instance.key"), primary_key=True),
    Column("token", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # message | signal
    Column("name", Text, nullable=False),
    Column("correlation_key", Text, nullable=False, server_default=""),
    Column("element_id", Text, nullable=False, server_default=""),
    Column("updated_at", MOMENT),  # when the instance moved last
    Index("subscription_by_name", "name", "correlation_key"),
)

message = db.Table(
    "message",
    key(),
    Column("name", Text, nullable=False),
    Column("correlation_key", Text, nullable=False),
    Column(
        "message_id", Text, nullable=False, server_default=""
    ),  # given by the sender; kept once while it lives
    Column("sealed", LargeBinary, nullable=False),  # its variables, and what it is
    Column("published_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Index("message_by_name", "name", "correlation_key"),
    Index("message_by_end", "expires_at"),
    Index(
        "message_by_id",
        "name",
        "correlation_key",
        "message_id",
        unique=True,
        postgresql_where=text("message_id <> ''"),
    ),
)

message_receipt = db.Table(  # a message reaches one instance of each process, once
    "message_receipt",
    Column("message_key", BigInteger, ForeignKey("message.key", ondelete="CASCADE"), primary_key=True),
    Column("process_id", Text, primary_key=True),
    Column("instance_key", BigInteger, nullable=False),
)

message_start = db.Table(  # one instance at a time is started by messages with one key
    "message_start",
    Column("process_id", Text, primary_key=True),
    Column("correlation_key", Text, primary_key=True),
    Column("instance_key", BigInteger, ForeignKey("instance.key", ondelete="CASCADE"), nullable=False),
    Index("message_start_by_instance", "instance_key"),
)

incident = db.Table(
    "incident",
    key(),
    Column("instance_key", BigInteger, ForeignKey("instance.key"), nullable=False),
    Column("token", Integer, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("error_type", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("state", Text, nullable=False),  # ACTIVE | RESOLVED
    Column("created_at", MOMENT, nullable=False),
    Column("resolved_at", MOMENT),
    Index("incident_by_instance", "instance_key", "state"),
)

idempotency = db.Table(
    "idempotency",
    Column("key_hash", LargeBinary, primary_key=True),  # digest of account and Idempotency-Key
    Column("request_sha256", LargeBinary, nullable=False),
    Column("sealed_result", LargeBinary, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Index("idempotency_by_age", "created_at"),
)
