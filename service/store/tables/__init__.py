"""All tables, as SQLAlchemy Core on Flask-SQLAlchemy's metadata. Rules that Core cannot say are in the migrations."""

from __future__ import annotations

from service.store.tables.behalf import on_behalf
from service.store.tables.casus import (
    casus,
    casus_note,
    casus_participant,
    casus_person,
    dossier_i,
    dossier_m,
    dossier_o,
    dossier_z,
    likely_match,
    sibling,
    subject,
)
from service.store.tables.definitions import (
    concept,
    concept_file,
    definition,
    deployment,
    deployment_file,
    start_event,
)
from service.store.tables.factors import half_sign_in, paper_code, second_factor
from service.store.tables.federation import (
    external_identity,
    external_session,
    logout_receipt,
    sign_in_request,
)
from service.store.tables.help import help_request
from service.store.tables.history import access_log, anchor, chain_head, fact
from service.store.tables.invitations import invitation
from service.store.tables.letters import letter
from service.store.tables.monitor import monitor_fact
from service.store.tables.outgoing import outgoing, task_notice
from service.store.tables.reading import consent, disclosure, emergency, substitution
from service.store.tables.region import account, login_attempt, membership, organisation, web_session
from service.store.tables.relocation import former_participant, relocation
from service.store.tables.running import (
    idempotency,
    incident,
    instance,
    job,
    message,
    message_receipt,
    message_start,
    subscription,
    task_candidate,
    task_draft,
    user_task,
)
from service.store.tables.standing import absence, mandate
from service.store.tables.tokens import api_token
from service.store.tables.vault import bsn, service_key

__all__ = [
    "absence",
    "access_log",
    "account",
    "anchor",
    "api_token",
    "bsn",
    "casus",
    "casus_note",
    "casus_participant",
    "casus_person",
    "chain_head",
    "concept",
    "concept_file",
    "consent",
    "definition",
    "deployment",
    "deployment_file",
    "disclosure",
    "dossier_i",
    "dossier_m",
    "dossier_o",
    "dossier_z",
    "emergency",
    "external_identity",
    "external_session",
    "fact",
    "former_participant",
    "half_sign_in",
    "help_request",
    "idempotency",
    "incident",
    "instance",
    "invitation",
    "job",
    "letter",
    "likely_match",
    "login_attempt",
    "logout_receipt",
    "mandate",
    "membership",
    "message",
    "message_receipt",
    "message_start",
    "monitor_fact",
    "on_behalf",
    "organisation",
    "outgoing",
    "paper_code",
    "relocation",
    "second_factor",
    "service_key",
    "sibling",
    "sign_in_request",
    "start_event",
    "subject",
    "subscription",
    "substitution",
    "task_candidate",
    "task_draft",
    "task_notice",
    "user_task",
    "web_session",
]
