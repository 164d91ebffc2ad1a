"""The vocabulary of permissions: `<resource>:<action>`, kept in alphabetical order."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """Everything that the policy can be asked about."""

    ACCESS_LOG_READ = "access-log:read"
    BSN_READ = "bsn:read"
    BSN_WRITE = "bsn:write"
    CASUS_READ = "casus:read"
    CONCEPT_EDIT = "concept:edit"
    CONCEPT_PUBLISH = "concept:publish"
    CONCEPT_READ = "concept:read"
    DEFINITION_READ = "definition:read"
    DEPLOYMENT_CREATE = "deployment:create"
    EMERGENCY_REVIEW = "emergency:review"
    EMERGENCY_USE = "emergency:use"
    FAMILY_INVITE = "family:invite"
    HISTORY_SEARCH = "history:search"
    HOUSEHOLD_CHANGE = "household:change"
    INCIDENT_READ = "incident:read"
    INCIDENT_RESOLVE = "incident:resolve"
    INSTANCE_CANCEL = "instance:cancel"
    INSTANCE_READ = "instance:read"
    JOB_WORK = "job:work"
    LOOKS_READ = "looks:read"
    MATCH_DECIDE = "match:decide"
    MESSAGE_PUBLISH = "message:publish"
    NOTE_WITHDRAW = "note:withdraw"
    NOTE_WRITE = "note:write"
    ORGANISATION_MANAGE = "organisation:manage"
    PROCESS_START = "process:start"
    RELOCATION_ASK = "relocation:ask"
    RELOCATION_DECIDE = "relocation:decide"
    SIGNAL_BROADCAST = "signal:broadcast"
    STORY_READ = "story:read"
    TASK_ASSIGN = "task:assign"
    TASK_CLAIM = "task:claim"
    TASK_COMPLETE = "task:complete"
    TASK_READ = "task:read"
