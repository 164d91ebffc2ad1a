"""Runs a script of many statements on a connection, as the driver's simple protocol allows."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Connection


def run_script(connection: Connection, script: str) -> None:
    """Run all statements of a script in the connection's transaction; no parameters."""
    driver = cast(Any, connection.connection.driver_connection)
    driver.execute(script)
