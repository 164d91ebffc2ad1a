"""The burgerservicenummer: kept apart, for organisations with a ground, masked, and each look written down first."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from service.access import Decision, Permission, Resource
from service.domain import Actor, SubjectKey
from service.errors import BadRequest, ConfigurationError, NotFound
from service.operations import runtime, sealing, shown
from service.operations.guard import Work, working
from service.store import bsn, organisations, subjects

KEY = "bsn"  # the vault's own data key
SHOWN = 2  # digits that a masked number shows
_DIGEST = "bsn-digest"
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_LENGTH = len(_WEIGHTS)
_SEPARATORS = str.maketrans("", "", " .-")
_LOOKS_LIKE = re.compile(r"\d(?:[ .-]?\d){7,8}")


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What the region decided: section [bsn] of regio.toml. Without it nobody reads or writes a number."""

    kinds: frozenset[str] = frozenset()  # of organisation
    reading: frozenset[str] = frozenset()  # roles
    writing: frozenset[str] = frozenset()
    reason_signs: int = 10


@dataclass(frozen=True, kw_only=True)
class Masked:
    """That there is a number, and enough of it to find a mix-up."""

    text: str
    subject: SubjectKey = field(repr=False)


def normal(text: str) -> str:
    """Nine digits, spaces, dots and dashes gone, an eighth digit's leading zero put back.

    Raises BadRequest, which never repeats what was given, for a number that fails the elfproef.
    """
    digits = text.translate(_SEPARATORS)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in {_LENGTH - 1, _LENGTH}:
        raise BadRequest("Expected a bsn of 8 or 9 digits", field="bsn")
    digits = digits.zfill(_LENGTH)
    if not _passes(digits):
        raise BadRequest("Expected a bsn that passes the elfproef", field="bsn")
    return digits


def _passes(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return total % 11 == 0 and int(digits) > 0


def mask(number: str) -> str:
    """The last two digits.

    Two of nine tell two children in one house apart in 99 of 100 cases and leave some 900 000 numbers that pass the
    elfproef; three would leave 90 000, four 9 000, and no caller who reads a number aloud needs more.
    """
    return "*" * (_LENGTH - SHOWN) + number[-SHOWN:]


def put(actor: Actor, subject: SubjectKey, number: str, source: str) -> None:
    """Keep the number of a child, over an earlier one.

    source  where it comes from, e.g. "paspoort gezien"; goes beside the number and into the access log
    """
    digits = normal(number)
    _need_words(source, "bron")
    with working(actor) as work:
        _require(work, Permission.BSN_WRITE, subject, "C", f"bron: {source.strip()}")
        child = subjects.get(work.session, subject)
        if child is None or child.kind == shown.POLICY:
            raise work.missing("bsn", subject, "C")
        bsn.put(
            work.session,
            {
                "subject_key": subject,
                "sealed": sealing.seal_with(KEY, digits.encode(), _place(subject)),
                "digest": _digest(digits),
                "source": source.strip(),
                "put_by": actor.account,
                "put_at": runtime.now(),
            },
        )


def masked(actor: Actor, subject: SubjectKey) -> Masked | None:
    """What a page shows; None when no number is kept."""
    with working(actor) as work:
        _require(work, Permission.BSN_READ, subject, "R", "afgeschermd")
        number = _read(work, subject)
        return Masked(text=mask(number), subject=subject) if number else None


def reveal(actor: Actor, subject: SubjectKey, reason: str) -> str:
    """The whole number. The line in the access log is committed before the number leaves here."""
    _need_words(reason, "reden")
    with working(actor) as work:
        _require(work, Permission.BSN_READ, subject, "R", f"getoond, reden: {reason.strip()}")
        number = _read(work, subject)
    if not number:
        raise NotFound
    return number


def erase(actor: Actor, subject: SubjectKey, reason: str) -> bool:
    """Forget the number of a child; False when there was none."""
    _need_words(reason, "reden")
    with working(actor) as work:
        _require(work, Permission.BSN_WRITE, subject, "D", f"reden: {reason.strip()}")
        return bsn.erase(work.session, subject)


def holders(actor: Actor, number: str) -> tuple[SubjectKey, ...]:
    """The children with this number: for the service itself, which looks whether a child is known already."""
    wanted = _digest(normal(number))
    with working(actor) as work:
        work.require(Permission.BSN_READ, action="R", kind="bsn", key=0)
        return tuple(SubjectKey(key) for key in bsn.with_digest(work.session, wanted))


def grounds() -> Grounds:
    """What the region decided. Raises ConfigurationError for what it cannot say."""
    return _grounds(runtime.current().region / "regio.toml")


@lru_cache(maxsize=8)
def _grounds(file: Path) -> Grounds:
    said = tomllib.loads(file.read_text(encoding="utf-8")).get("bsn", {}) if file.exists() else {}
    try:
        return Grounds(
            kinds=frozenset(said.get("grondslag", {})),
            reading=_roles(said.get("lezen", [])),
            writing=_roles(said.get("schrijven", [])),
            reason_signs=int(said.get("reden_tekens", Grounds.reason_signs)),
        )
    except (TypeError, ValueError) as error:
        raise ConfigurationError("Expected section [bsn] of regio.toml to hold lists of roles") from error


def _roles(said: object) -> frozenset[str]:
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise TypeError("Expected a list of roles")
    return frozenset(said)


def _require(work: Work, permission: Permission, subject: int, action: str, why: str) -> None:
    """Decide for this child, and write down who asked what, why."""
    decided = grounds()
    roles = decided.reading if permission is Permission.BSN_READ else decided.writing
    kinds = {row.key: row.kind for row in organisations.everything(work.session, ended=True)}
    grounded = frozenset(
        f"{one.role}@{one.organisation}"
        for one in work.actor.memberships
        if one.role in roles and kinds.get(one.organisation) in decided.kinds
    )
    resource = Resource(candidates=bsn.candidates(work.session, subject), grounded=grounded)
    decision = work.require(permission, resource, action=action, kind="bsn", key=subject)
    work.note(Decision(allowed=True, reason=f"{decision.reason}; {why}"), action, "bsn", subject, classes="I")


def _read(work: Work, subject: int) -> str:
    sealed = bsn.get(work.session, subject)
    return "" if sealed is None else sealing.open_with(KEY, sealed, _place(subject)).decode()


def _digest(digits: str) -> bytes:
    return bytes.fromhex(sealing.digest_with(_DIGEST, digits.encode()))


def _place(subject: int) -> str:
    return f"vault.bsn/{subject}"


def _need_words(text: str, field_: str) -> None:
    """A reason that says something, and is not itself a number that belongs in the vault."""
    if len(text.strip()) < grounds().reason_signs:
        raise BadRequest(f"Expected at least {grounds().reason_signs} signs", field=field_)
    for found in _LOOKS_LIKE.findall(text):
        if _passes(found.translate(_SEPARATORS).zfill(_LENGTH)):
            raise BadRequest("Expected words without a bsn: they are kept in the access log", field=field_)
