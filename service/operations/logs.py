"""The log of the service on standard error: lines for people, or JSON for machines. Never what somebody answered.

A JSON line has `at`, `level`, `logger`, `event` and, while a request is answered, `requestId`; then the fields of the
event. Of an exception it tells the kind and the places in the code: its text may quote what somebody entered.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from service.errors import ConfigurationError

#: The number of the request that this thread answers; "" outside one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "event", "taskName"}
_FRAMES = 12  # of a trace, the innermost


class JsonLines(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one event."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": getattr(record, "event", None) or record.getMessage(),
        }
        if request_id.get():
            line["requestId"] = request_id.get()
        line |= {name: _plain(value) for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _places(trace: TracebackType | None) -> list[str]:
    """Where it happened, outermost first: files and functions, without values or messages."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames
    ]


def formatter(kind: str) -> logging.Formatter:
    """Of the setting log_format. Raises ConfigurationError for another word than text or json."""
    if kind not in {"text", "json"}:
        raise ConfigurationError(f"Expected log_format to be text or json, but it is {kind!r}")
    return JsonLines() if kind == "json" else logging.Formatter(_LINE)


def begin(level: str, kind: str) -> None:
    """Send the events of the service to standard error, one line each; a second time changes level and form."""
    logger = logging.getLogger("service")
    logger.setLevel(level)
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler(sys.stderr))
        logger.propagate = False
    if kind == "json" and logging.lastResort is not None:  # what libraries warn of
        logging.lastResort.setFormatter(formatter(kind))
    for handler in logger.handlers:
        if type(handler) is logging.StreamHandler:
            handler.setFormatter(formatter(kind))
