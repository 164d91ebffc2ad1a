"""The bare app: the statements that starting and completing a task cannot do without, over HTTP, and nothing else.

No engine, no form, no policy, no chain of hashes, no password: the floor for anything on Flask, gunicorn and PostgreSQL.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import Engine, create_engine, text

_TABLES = """
CREATE TABLE IF NOT EXISTS instance (key bigint PRIMARY KEY, state bytea NOT NULL, revision int NOT NULL, status text NOT NULL);
CREATE TABLE IF NOT EXISTS task (key bigint PRIMARY KEY, instance_key bigint NOT NULL, state text NOT NULL, ended_by text);
CREATE INDEX IF NOT EXISTS task_of_instance ON task (instance_key, state);
CREATE TABLE IF NOT EXISTS offer (task_key bigint, candidate text, PRIMARY KEY (task_key, candidate));
CREATE TABLE IF NOT EXISTS fact (instance_key bigint, seq int, payload text NOT NULL, PRIMARY KEY (instance_key, seq));
CREATE TABLE IF NOT EXISTS look (key bigint PRIMARY KEY, payload text NOT NULL);
"""
_STATE = b"x" * 400  # as long as a small instance is
_FACT = json.dumps({"kind": "task:completed", "data": {"token": 3, "account": "1", "answers": "f" * 64}})
_keys = itertools.count(time.time_ns())


def create_app() -> Flask:
    """The application, on the database of BARE_DATABASE_URL."""
    app = Flask("bare")
    engine = create_engine(os.environ["BARE_DATABASE_URL"], pool_size=8)
    with engine.begin() as connection:
        for statement in _TABLES.strip().split(";\n"):
            connection.execute(text(statement.rstrip(";")))
    app.add_url_rule("/v2/topology", "topology", lambda: jsonify(brokers=[]))
    app.add_url_rule("/v2/deployments", "deploy", lambda: jsonify(deployments=[]), methods=["POST"])
    app.add_url_rule(
        "/v2/process-instances", methods=["POST"], view_func=lambda: _start(engine), endpoint="start"
    )
    app.add_url_rule(
        "/v2/user-tasks/search", methods=["POST"], view_func=lambda: _tasks(engine), endpoint="tasks"
    )
    app.add_url_rule(
        "/v2/user-tasks/<int:key>/completion",
        methods=["POST"],
        view_func=lambda key: _complete(engine, key),
        endpoint="complete",
    )
    return app


def _start(engine: Engine) -> Response:
    key, task = next(_keys), next(_keys)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO instance VALUES (:key, :state, 1, 'ACTIVE')"), {"key": key, "state": _STATE}
        )
        connection.execute(
            text("INSERT INTO task VALUES (:key, :instance, 'CREATED', NULL)"), {"key": task, "instance": key}
        )
        connection.execute(text("INSERT INTO offer VALUES (:key, 'group:a')"), {"key": task})
        _facts(connection, key, 1, 7)
    return jsonify(processInstanceKey=str(key))


def _tasks(engine: Engine) -> Response:
    asked: dict[str, Any] = request.get_json()["filter"]
    keys = [int(one) for one in asked.get("processInstanceKey", {}).get("$in", ())]
    with engine.begin() as connection:
        found = connection.execute(
            text("SELECT key FROM task WHERE instance_key = ANY(:keys) AND state = 'CREATED'"), {"keys": keys}
        )
        return jsonify(items=[{"userTaskKey": str(row.key)} for row in found])


def _complete(engine: Engine, key: int) -> Response:
    request.get_json()
    with engine.begin() as connection:
        instance = connection.execute(
            text(
                "SELECT i.key, i.state FROM instance i JOIN task t ON t.instance_key = i.key WHERE t.key = :key FOR UPDATE OF i"
            ),
            {"key": key},
        ).one()
        connection.execute(
            text(
                "UPDATE instance SET state = :state, revision = revision + 1, status = 'COMPLETED' WHERE key = :key"
            ),
            {"key": instance.key, "state": bytes(instance.state)},
        )
        connection.execute(text("DELETE FROM offer WHERE task_key = :key"), {"key": key})
        connection.execute(
            text("UPDATE task SET state = 'COMPLETED', ended_by = 'a' WHERE key = :key"), {"key": key}
        )
        _facts(connection, instance.key, 8, 9)
        connection.execute(
            text("INSERT INTO look VALUES (:key, :payload)"), {"key": next(_keys), "payload": _FACT}
        )
    return Response(status=204)


def _facts(connection: Any, key: int, first: int, count: int) -> None:
    connection.execute(
        text(
            "INSERT INTO fact SELECT CAST(:key AS bigint), s, CAST(:payload AS text) FROM generate_series(CAST(:first AS int), CAST(:last AS int)) s"
        ),
        {"key": key, "first": first, "last": first + count - 1, "payload": _FACT},
    )
