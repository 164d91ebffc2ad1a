"""All tables, as SQLAlchemy Core on Flask-SQLAlchemy's metadata. Rules that Core cannot say are in the migrations."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from service.store.db import db

MOMENT = DateTime(timezone=True)  # always aware UTC in Python


def _key(name: str = "key") -> Column[int]:
    """A primary key made by service.domain.new_key, never by the database."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


# -- the region: organisations and people -----------------------------------------------------------------------------

organisation = db.Table(
    "organisation",
    Column("key", Text, primary_key=True),  # e.g. "regenboogbrug"
    Column("name", Text, nullable=False),
    Column(
        "kind", Text, nullable=False
    ),  # gemeente | swv_po | swv_vo | school | jgz | wijkteam | kinderopvang | ...
    Column("municipality", Text, nullable=False, server_default=""),
    Column("data", JSONB, nullable=False, server_default=text("'{}'")),  # areas served, contact, brin, ...
)

account = db.Table(
    "account",
    _key(),
    Column("login", Text, nullable=False, unique=True),  # lower case e-mail address
    Column("name", Text, nullable=False),
    Column(
        "password_hash", Text, nullable=False, server_default=""
    ),  # argon2id; "" cannot sign in with a password
    Column("disabled_at", MOMENT),
    Column("created_at", MOMENT, nullable=False),
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
)

login_attempt = db.Table(
    "login_attempt",
    Column("subject_hash", LargeBinary, primary_key=True),  # keyed digest of login or address
    Column("failures", Integer, nullable=False),
    Column("since", MOMENT, nullable=False),
)

# -- the child and the casus ------------------------------------------------------------------------------------------

subject = db.Table(
    "subject",
    _key(),
    Column("pseudonym", Text, nullable=False, unique=True),  # what the history calls this person
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False, server_default=""),
    Column("birth_date", Date),
    Column("municipality", Text, nullable=False, server_default=""),
    Column("wrapped_key", LargeBinary),  # data key for Z, M and HMACs, wrapped; NULL = erased
)

casus = db.Table(
    "casus",
    _key(),
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


def _dossier(name: str, *, sealed: bool) -> Table:
    """One dossier table per data class; Z and M hold ciphertext only."""
    value = (
        Column("sealed", LargeBinary, nullable=False) if sealed else Column("value", JSONB, nullable=False)
    )
    return db.Table(
        name,
        _key(),
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

# -- published processes and concepts ---------------------------------------------------------------------------------

deployment = db.Table(
    "deployment",
    _key(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),  # regional | technical
    Column("content_sha256", Text, nullable=False),  # over sorted (path, sha256) of its files
    Column(
        "manifest", JSONB, nullable=False, server_default=text("'{}'")
    ),  # proces.toml as JSON; {} when technical
    Column("deployed_by", BigInteger, nullable=False),
    Column("deployed_at", MOMENT, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
)

deployment_file = db.Table(
    "deployment_file",
    Column("deployment_key", BigInteger, ForeignKey("deployment.key"), primary_key=True),
    Column("path", Text, primary_key=True),  # "proces.bpmn", "d1_route.dmn", "forms/aanmelding.form", ...
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

definition = db.Table(
    "definition",
    _key(),  # processDefinitionKey, formKey or decisionDefinitionKey
    Column("deployment_key", BigInteger, ForeignKey("deployment.key"), nullable=False),
    Column("kind", Text, nullable=False),  # process | form | decision
    Column("id", Text, nullable=False),  # processDefinitionId, formId or decisionDefinitionId
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("path", Text, nullable=False),
    Column("version_tag", Text, nullable=False, server_default=""),  # of a process; calls may be bound to it
    UniqueConstraint("kind", "id", "version"),
    Index("definition_by_deployment", "deployment_key"),
)

start_event = db.Table(
    "start_event",  # what the service starts by itself, of the newest version of each process
    Column("definition_key", BigInteger, ForeignKey("definition.key"), primary_key=True),
    Column("element_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # message | signal | timer
    Column("name", Text, nullable=False, server_default=""),  # of the message or signal
    Column("wakes_at", MOMENT),  # of a timer: when it starts an instance; NULL when it is done
    Column("rounds", Integer),  # how often it starts one after that; NULL without end
    Index("start_event_by_name", "name", "kind"),
    Index("start_event_due", "wakes_at", postgresql_where=text("wakes_at IS NOT NULL")),
)

concept = db.Table(
    "concept",
    Column("process_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),  # rises with every save; a stale save is refused
    Column("base_definition_key", BigInteger),
    Column("saved_by", BigInteger, nullable=False),
    Column("saved_at", MOMENT, nullable=False),
)

concept_file = db.Table(
    "concept_file",
    Column("process_id", Text, ForeignKey("concept.process_id", ondelete="CASCADE"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# -- running instances ------------------------------------------------------------------------------------------------

instance = db.Table(
    "instance",
    _key(),
    Column("definition_key", BigInteger, ForeignKey("definition.key"), nullable=False),
    Column("casus_key", BigInteger, ForeignKey("casus.key")),
    Column("state", LargeBinary, nullable=False),  # opaque, compressed, made by the engine
    Column("revision", Integer, nullable=False),
    Column("status", Text, nullable=False),  # ACTIVE | COMPLETED | TERMINATED
    Column("has_incident", Boolean, nullable=False, server_default=text("false")),
    Column("wakes_at", MOMENT),  # next due timer; NULL when none runs
    Column("outcome", Text, nullable=False, server_default=""),  # element id of the end event reached last
    Column("started_by", BigInteger, nullable=False),
    Column("started_at", MOMENT, nullable=False),
    Column("ended_at", MOMENT),
    Index("instance_by_casus", "casus_key"),
    Index("instance_by_definition", "definition_key", "status"),
    Index("instance_due", "wakes_at", postgresql_where=text("wakes_at IS NOT NULL")),
)

user_task = db.Table(
    "user_task",
    _key(),
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
    _key(),
    Column("instance_key", BigInteger, ForeignKey("instance.key"), nullable=False),
    Column("token", Integer, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("state", Text, nullable=False),  # CREATED | COMPLETED | FAILED | CANCELED
    Column("headers", JSONB, nullable=False, server_default=text("'{}'")),
    Column("created_at", MOMENT, nullable=False),
    Index("job_by_instance", "instance_key"),
)

subscription = db.Table(
    "subscription",
    Column("instance_key", BigInteger, ForeignKey("instance.key"), primary_key=True),
    Column("token", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # message | signal
    Column("name", Text, nullable=False),
    Column("correlation_key", Text, nullable=False, server_default=""),
    Index("subscription_by_name", "name", "correlation_key"),
)

message = db.Table(
    "message",
    _key(),
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

incident = db.Table(
    "incident",
    _key(),
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

# -- history: append_fact() is the only way in; partitions, triggers and grants are in migration 0001 -------------------

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
    _key(),
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
    Index("access_log_by_object", "object_key", "at"),
    Index("access_log_by_account", "account_key", "at"),
)
