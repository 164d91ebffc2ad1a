"""One job for our own worker, and what may become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain import Json
from service.operations.offers import Bound


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What the worker knows of a job, read before it works."""

    key: int
    type: str
    headers: Mapping[str, str]  # zeebe:taskHeaders
    variables: Mapping[str, Json]  # what the element sees, its inputs first
    retries: int  # left, this one included
    made_at: datetime
    instance_key: int
    process_id: str  # in whose diagram the element stands
    element: str
    casus_number: str  # "" for a technical process
    bindings: Sequence[Bound]  # who holds which role in the casus
    files: Mapping[str, bytes]  # of the version that runs, where the type needs them

    def told(self, name: str) -> Json:
        """What the diagram says under a name: an input, else a header."""
        return self.variables[name] if name in self.variables else self.headers.get(name)


@dataclass(frozen=True, kw_only=True)
class TryLater:
    """It did not work now; costs a retry."""

    reason: str  # Dutch, without personal data
    pause: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Useless:
    """Trying again would not help: an incident."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Thrown:
    """A business error that the diagram may catch."""

    code: str
    reason: str


@dataclass(frozen=True)
class NotYet:
    """This installation is not set up for it: wait, without a retry lost."""


Outcome = Mapping[str, Json] | TryLater | Useless | Thrown | NotYet
