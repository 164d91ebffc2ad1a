"""The frozen nouns that cross borders between packages: keys, actors, facts, findings."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType

# A JSON value: null, bool, number, str, list or dict of those. Readers narrow where they need to.
Json = object
JsonObject = Mapping[str, Json]

AccountKey = NewType("AccountKey", int)
CasusKey = NewType("CasusKey", int)
DefinitionKey = NewType("DefinitionKey", int)
DeploymentKey = NewType("DeploymentKey", int)
InstanceKey = NewType("InstanceKey", int)
SubjectKey = NewType("SubjectKey", int)
TaskKey = NewType("TaskKey", int)

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_RANDOM_BITS = 22


_recent: deque[int] = deque(maxlen=16_384)
_known: set[int] = set()
_making = threading.Lock()


def new_key(now: datetime) -> int:
    """A fresh 63-bit key: milliseconds since 2026 above 22 random bits.

    Sorts by time to the millisecond, cannot be counted up by a stranger, needs no round trip to a sequence.
    Never one of the last that this process made: a submit makes many in one millisecond.
    """
    milliseconds = max(int((now - _EPOCH).total_seconds() * 1000), 1)
    with _making:
        while True:
            key = (milliseconds << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
            if key not in _known:
                break
        if len(_recent) == _recent.maxlen:
            _known.discard(_recent[0])
        _recent.append(key)
        _known.add(key)
        return key


#: Of one instance; the keys of its steps follow its own.
MOST_TOKENS = 1 << 20


def element_key(instance_key: int, token: int) -> int:
    """The key of a step: that of its instance and the number of its token, so that nothing has to be stored for it.

    Two instances of one millisecond stand 2**22 apart on average of their random part; who looks a step up looks
    which of the instances just before the key has it.
    """
    return instance_key + max(token, 0)


def variable_key(instance_key: int, name: str) -> int:
    """The key of a variable: that of its instance and its name, beyond the keys of the steps."""
    told = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
    return instance_key + MOST_TOKENS + told % (3 * MOST_TOKENS)


def last_key(moment: datetime) -> int:
    """The highest key of that millisecond: what has a higher one came later."""
    return new_key(moment) | ((1 << _RANDOM_BITS) - 1)


class DataClass(StrEnum):
    """What kind of personal data a value is (DOMAIN section 1)."""

    IDENTITY = "I"  # identity and contact
    EDUCATION = "O"
    CARE = "Z"  # care and family; encrypted at rest
    MEDICAL = "M"  # encrypted at rest
    PROCESS = "P"  # status, dates, decisions: a process variable


class Severity(StrEnum):
    """How bad a finding is: a `fout` is always refused, a `waarschuwing` refuses a regional process.

    An `opmerking` refuses nothing: it tells what is ignored, or what could not be checked.
    """

    FOUT = "fout"
    WAARSCHUWING = "waarschuwing"
    OPMERKING = "opmerking"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a check found wrong, in words for a process owner."""

    element: str  # BPMN element id, form field path, DMN rule id; "" for the file as a whole
    rule: str  # stable rule id, listed in docs/regels.md, e.g. "taak-zonder-formulier"
    severity: Severity
    reason: str  # Dutch: what is wrong
    remedy: str  # Dutch: how to mend it
    file: str = ""  # path inside the process folder


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that happened in one instance; the history stores it, hashed and for ever.

    kind    `<noun>:<past participle>`, e.g. "task:completed"; all kinds are listed in service/history/facts.py
    element BPMN element or flow id, "" where the fact is about the instance
    data    references, keys, HMACs and process values only; never an answer, a name or a diagnosis
    """

    kind: str
    element: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Membership:
    """One role that a person has in one organisation; parents have a role without organisation."""

    role: str  # role_key of DOMAIN section 1, e.g. "school_ib"
    organisation: str  # organisation key, e.g. "regenboogbrug"; "" for ouder and jeugdige


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something: a signed-in person, a service account, or the service itself."""

    account: AccountKey
    login: str
    name: str  # as shown to others, e.g. "Sanne de W."
    memberships: tuple[Membership, ...]
    session: str = ""  # pseudonymous session id for the access log
    service: bool = False  # the worker or a command, not a person
    assurance: str = "low"  # of this session: low | substantial | high (service.operations.assurance)
    proved_at: datetime | None = None  # UTC; when the person last proved who they are
    scopes: frozenset[str] | None = None  # permissions that a program's token is limited to; None: no limit

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(m.role for m in self.memberships)

    @property
    def organisations(self) -> frozenset[str]:
        return frozenset(m.organisation for m in self.memberships if m.organisation)

    @property
    def candidates(self) -> frozenset[str]:
        """The names under which tasks are offered to this actor: role@organisation, group:role, account:key."""
        offers = {f"{m.role}@{m.organisation}" for m in self.memberships if m.organisation}
        return frozenset(
            offers
            | {f"group:{m.role}" for m in self.memberships}
            | {f"account:{self.account}", f"user:{self.login}"}
        )


SYSTEM = Actor(account=AccountKey(0), login="sluitend", name="Sluitend", memberships=(), service=True)
