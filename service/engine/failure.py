"""What goes wrong inside a move; it becomes an incident, never a lost token."""

from __future__ import annotations


class Failure(Exception):
    """Something on a token could not be worked out; `error_type` is Camunda 8's name for the kind."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
