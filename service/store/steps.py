"""Saving a step in one statement: tasks that ended, tasks that came with their candidates, and the instance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from service.store.closed import Closed

# Data-modifying CTEs: foreign keys are checked when the whole statement has run.
_TASKS = """
WITH gone AS (DELETE FROM task_candidate WHERE task_key = ANY (CAST(:gone AS bigint[]))),
forgotten AS (DELETE FROM task_draft WHERE task_key = ANY (CAST(:gone AS bigint[]))),
closed AS (
  UPDATE user_task SET ended_at = :at,
    state = CASE WHEN key = :done THEN 'COMPLETED' ELSE 'CANCELED' END,
    ended_by = CASE WHEN key = :done THEN CAST(:by AS bigint) END
  WHERE key = ANY (CAST(:gone AS bigint[]))),
made AS (
  INSERT INTO user_task (key, instance_key, token, definition_key, element_id, name, casus_key, role, organisation_key, form_id, state,
    assignee, candidate_groups, candidate_users, priority, due_at, follow_up_at, created_at)
  SELECT key, :instance, token, definition_key, element_id, name, CAST(:casus AS bigint), role, organisation_key, form_id, 'CREATED',
    assignee, candidate_groups, candidate_users, priority, due_at, follow_up_at, :at
  FROM jsonb_to_recordset(CAST(:tasks AS jsonb)) AS t (key bigint, token integer, definition_key bigint, element_id text, name text, role text,
    organisation_key text, form_id text, assignee text, candidate_groups text[], candidate_users text[], priority integer,
    due_at timestamptz, follow_up_at timestamptz)),
offered AS (
  INSERT INTO task_candidate (candidate, task_key, due_at)
  SELECT candidate, task_key, due_at
  FROM jsonb_to_recordset(CAST(:offers AS jsonb)) AS o (candidate text, task_key bigint, due_at timestamptz))
"""
_STATE = bindparam("state", type_=Closed)
_SAVE = text(
    _TASKS
    + """
UPDATE instance SET state = :state, revision = :revision, status = :status, has_incident = :has_incident,
  wakes_at = :wakes_at, outcome = :outcome, ended_at = :ended_at
WHERE key = :instance
"""
).bindparams(_STATE)
_BEGIN = text(
    _TASKS
    + """
INSERT INTO instance (key, definition_key, casus_key, state, revision, status, has_incident, wakes_at, outcome,
  started_by, started_at, ended_at)
VALUES (:instance, :definition, CAST(:casus AS bigint), :state, :revision, :status, :has_incident, :wakes_at, :outcome,
  :started_by, :at, :ended_at)
"""
).bindparams(_STATE)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a step did to an instance and its tasks."""

    instance_key: int
    casus_key: int | None
    at: datetime
    columns: Mapping[str, Any]  # state revision status has_incident wakes_at outcome ended_at
    gone: Sequence[int] = ()  # tasks that are open no more
    done: int = 0  # the one of them that was completed; the others were cancelled
    by: int | None = None
    tasks: Sequence[Mapping[str, Any]] = field(default=())
    offers: Sequence[Mapping[str, Any]] = field(default=())


def save(session: Session, change: Change) -> None:
    """Save a step of an instance that is locked."""
    session.execute(_SAVE, _parameters(change))


def begin(session: Session, change: Change, *, definition_key: int, started_by: int) -> None:
    """Save the first step of a new instance."""
    session.execute(_BEGIN, {**_parameters(change), "definition": definition_key, "started_by": started_by})


def _parameters(change: Change) -> dict[str, Any]:
    return {
        **change.columns,
        "instance": change.instance_key,
        "casus": change.casus_key,
        "at": change.at,
        "gone": list(change.gone),
        "done": change.done,
        "by": change.by,
        "tasks": json.dumps(list(change.tasks)),
        "offers": json.dumps(list(change.offers)),
    }
