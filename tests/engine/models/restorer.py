"""A process of its own that knows an instance only by its bytes: it repeats every move, and tells what came of it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from service import engine
from service.clock import PinnedClock
from service.engine import Definition, Host, Step

ROOT = Path(__file__).resolve().parents[3]


def read(bpmn: bytes, called: Mapping[str, bytes]) -> Definition:
    """A model with the processes that it calls; those may call one another, the innermost is drawn first."""
    known: dict[str, Definition] = {}
    for name, file in called.items():
        known[name] = engine.read(file, called=known)
    return engine.read(bpmn, called=known)


def move(definition: Definition, state: bytes, now: datetime, name: str, args: list[Any]) -> Step:
    """One move by its name; `start` needs no state."""
    host = Host(clock=PinnedClock(now))
    if name == "start":
        return engine.start(definition, variables={}, host=host)
    step: Step = getattr(engine, name)(definition, state, *args, host=host)
    return step


def outcome(step: Step) -> list[Any]:
    """What has to be the same wherever a move is made."""
    facts = [[fact.kind, fact.element, dict(fact.data)] for fact in step.facts]
    return [base64.b64encode(step.state).decode(), json.loads(json.dumps(facts)), step.ended]


class Restorer:
    """The process, started once; it reads each model anew, and each state from its bytes."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.engine.models.restorer"]
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )

    def ask(self, *question: Any) -> Any:
        """Its answer to one question, as JSON."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def read(self, bpmn: bytes, called: Mapping[str, bytes]) -> None:
        """From here on the moves are of this model."""
        self.ask("read", bpmn.decode(), {name: file.decode() for name, file in called.items()})

    def repeat(self, state: bytes, now: datetime, name: str, args: list[Any]) -> Any:
        """The same move over there."""
        return self.ask("move", base64.b64encode(state).decode(), now.isoformat(), name, args)

    def close(self) -> None:
        """End the process."""
        self.process.communicate(timeout=10)


def _serve() -> None:
    definition: Definition | None = None
    for line in sys.stdin:
        kind, *rest = json.loads(line)
        answer: Any = None
        if kind == "read":
            definition = read(rest[0].encode(), {name: file.encode() for name, file in rest[1].items()})
        elif definition is not None:
            state, now, name, args = rest
            answer = outcome(
                move(definition, base64.b64decode(state), datetime.fromisoformat(now), name, args)
            )
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
