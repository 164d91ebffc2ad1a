"""Tables of what is published: deployments, definitions, concepts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from service.store.db import db
from service.store.tables.columns import MOMENT, key

deployment = db.Table(
    "deployment",
    key(),
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
    key(),  # processDefinitionKey, formKey or decisionDefinitionKey
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
