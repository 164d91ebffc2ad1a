"""Every refusal of the service: a class with a stable code. Doors give the status, texts the Dutch sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from service.domain import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence


class ServiceError(Exception):
    """Something was refused. The docstring of the subclass is its default message."""

    code = "service-error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])


class NotFound(ServiceError):
    """Expected something that exists and that this actor may see, but there is no such thing.

    "Not yours" and "does not exist" are the same answer (DESIGN section 6).
    """

    code = "not-found"


class NotAllowed(ServiceError):
    """The actor may see this, but may not do that with it."""

    code = "not-allowed"


class NotSignedIn(ServiceError):
    """Expected a signed-in account, but the request carries none that is valid."""

    code = "not-signed-in"


class TooManyAttempts(ServiceError):
    """Expected fewer failed attempts to sign in from this account or address."""

    code = "too-many-attempts"


class SignInRefused(ServiceError):
    """Expected a genuine, fresh and unused answer of a provider, but this is none; nobody is told why."""

    code = "sign-in-refused"


class RoleUnknown(ServiceError):
    """The provider knows this person, but nothing that it tells is a role here."""

    code = "role-unknown"

    def __init__(self, provider: str, call: str = "") -> None:
        super().__init__()
        self.provider = provider  # its name, as on the button
        self.call = call  # Dutch sentence: whom to call; "" for the region's own number


class ProofTooWeak(ServiceError):
    """The provider let somebody in, but less surely or longer ago than was asked."""

    code = "proof-too-weak"


class ProviderUnavailable(ServiceError):
    """The provider did not answer, or not as it should; signing in there has to wait."""

    code = "provider-unavailable"


class BadRequest(ServiceError):
    """Expected a well-formed request, but a field of it is not."""

    code = "bad-request"

    def __init__(self, message: str | None = None, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Unavailable(ServiceError):
    """Expected a database that answers, but it does not just now; nothing was changed, so try again in a moment."""

    code = "unavailable"
    retry_after = 5  # seconds


class Contended(Unavailable):
    """Others changed the same at the same moment, and this one gave way; nothing was changed."""

    retry_after = 1


class Unfinished(ServiceError):
    """Expected the process instance to end while the caller waited; it goes on, and can be asked for later."""

    code = "unfinished"


class NotAcceptable(ServiceError):
    """Expected a request for another form of this: it has no such form."""

    code = "not-acceptable"


class TooLarge(ServiceError):
    """Expected a smaller body."""

    code = "too-large"


class DiagramRejected(ServiceError):
    """The diagram, form or decision cannot be read or run; `findings` say why."""

    code = "diagram-rejected"

    def __init__(self, findings: Sequence[Finding], message: str | None = None) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class Unanswered(ValueError):
    """A function of a formula has no answer. The reason goes into warnings and incidents: it names no values."""


class StateDamaged(ServiceError):
    """Expected a readable instance state, but it is of an unknown version or damaged; names the instance."""

    code = "state-damaged"


class StepUpNeeded(ServiceError):
    """These data ask for a surer or fresher proof of who somebody is than this session has."""

    code = "step-up-needed"

    def __init__(self, level: str) -> None:
        super().__init__(f"Expected a proof of level {level}, given lately")
        self.level = level  # low | substantial | high


class TaskNotOpen(ServiceError):
    """The task exists but is no longer waiting: somebody completed or cancelled it."""

    code = "task-not-open"

    def __init__(self, *, by: str = "", at: datetime | None = None, state: str = "COMPLETED") -> None:
        super().__init__(f"Expected a task that is open, but it is {state.lower()}")
        self.by = by  # display name of who finished it; "" when cancelled by the process
        self.at = at  # UTC
        self.state = state


class AnswersRejected(ServiceError):
    """The answers do not fit the form; `errors` tells per field path what to mend, in Dutch."""

    code = "answers-rejected"

    def __init__(self, errors: Mapping[str, str], message: str | None = None) -> None:
        super().__init__(message)
        self.errors = dict(errors)


class BehalfRejected(AnswersRejected):
    """What is said about an answer that is entered for another does not fit; `wrong` tells per field why."""

    def __init__(self, wrong: Mapping[str, str], errors: Mapping[str, str]) -> None:
        super().__init__(errors)
        self.wrong = dict(wrong)  # field -> what is wrong with it, as a word that the page knows


class Conflict(ServiceError):
    """Somebody else changed this in the meantime; nothing was overwritten."""

    code = "conflict"


class AnsweredBefore(ServiceError):
    """An equal request was carried out a moment ago: its answer is the answer."""

    code = "answered-before"


class IdempotencyMismatch(Conflict):
    """The same Idempotency-Key came with another request."""

    code = "idempotency-mismatch"


class ConfigurationError(ServiceError):
    """A setting is missing or does not fit."""

    code = "configuration-error"


class CodeNeeded(ServiceError):
    """The password was right; the account asks for a code too."""

    code = "code-needed"

    def __init__(self, token: str) -> None:
        super().__init__("Expected a code after the password")
        self.token = token  # with which the code may be given


class KeyMissing(ServiceError):
    """A master key that closed something is not there, or is another than the one of that name."""

    code = "key-missing"

    def __init__(self, key_id: str, *, other: bool = False) -> None:
        name = f"{key_id!r}" if key_id else "of before keys had names"
        found = "does not open what it closed" if other else "is not in SLUITEND_KEYS"
        super().__init__(f"Expected the master key {name}, but it {found}: see docs/draaiboek.md")
        self.key_id = key_id
