"""Listens to everything that is logged in a whole test run, and knows the answers that may not be in it."""

from __future__ import annotations

import functools
import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from service.domain import Json
from service.operations import sealing
from service.operations.sealing import ChildKey

SHORTEST = 8  # signs: shorter texts stand in a log by chance
_KEY = re.compile(r"[a-z0-9_.@-]*")  # keys of choices and logins stand in logs as names


@dataclass
class Ear:
    """What was logged, and what nobody should have heard."""

    file: Path  # what this process logs
    secrets: set[str] = field(default_factory=set)
    elsewhere: list[Path] = field(default_factory=list)  # logs of processes that tests started

    def keep_secret(self, texts: Iterable[str]) -> None:
        """These may not be in any log."""
        self.secrets.update(text for text in texts if len(text) >= SHORTEST and not _KEY.fullmatch(text))

    def heard(self) -> Iterator[str]:
        """Logs with an answer in them, and where; never the answer itself: this text is printed."""
        for path in (self.file, *self.elsewhere):
            if path.exists():
                said = path.read_text(encoding="utf-8", errors="replace")
                for secret in self.secrets:
                    before, found, after = said.partition(secret)
                    if found:
                        yield f"{path.name} holds an answer: {before[-80:]}[...]{after[:40]}"


class Pen(logging.Handler):
    """Writes each record whole: message, arguments, what was attached, and the trace."""

    def __init__(self, file: Path) -> None:
        super().__init__(logging.NOTSET)
        self._out = file.open("a", encoding="utf-8", buffering=1)
        self._trace = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(
            "sqlalchemy"
        ):  # rows, which only a test that looks for secrets itself lets it tell
            return
        trace = self._trace.formatException(record.exc_info) if record.exc_info else ""
        self._out.write(f"{record.getMessage()} {record.__dict__!r} {trace}\n")

    def close(self) -> None:
        self._out.close()
        super().close()


def texts_of(value: Json) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)


def attach(ear: Ear) -> Pen:
    """Hear every logger of this process, and learn each answer of class Z or M when it is sealed."""
    pen = Pen(ear.file)
    for name in ("", "service"):  # "service" does not pass on to the root once the application runs
        logging.getLogger(name).addHandler(pen)
    seal = sealing.seal

    @functools.wraps(seal)
    def overheard(child: ChildKey, plain: bytes, place: str) -> bytes:
        if place.startswith("dossier_"):
            ear.keep_secret(texts_of(json.loads(plain)))
        return seal(child, plain, place)

    sealing.seal = overheard
    return pen
