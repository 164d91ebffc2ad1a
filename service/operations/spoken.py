"""What pages and operations say of an answer that is entered for another: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is said about an answer that is entered for another, as it was typed."""

    whose: str = ""  # key of a Whose
    source: str = ""
    received: str = ""  # ISO date
    signed: bool = False
    asked: bool = False  # somebody who could answer themselves asked to have it entered
    note: str = ""
    other: bool = False  # of a consent: another than the parents who take part by an account of their own


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Somebody, or an organisation, whose answer it may be."""

    key: str
    role: str
    name: str  # "" for who is known by role alone
    organisation: str = ""
    account: int = 0  # by which they take part here themselves; 0: by none
    custody: str = ""  # of a parent, as it is recorded
    giver: int = 0  # who gives a consent: their account, or as who they are known; 0: nobody by name


@dataclass(frozen=True, kw_only=True)
class BehalfRow:
    """How an answer came about that was entered for another."""

    role: str  # in which the answer counts
    organisation_key: str  # of whose answer it is; "" for the family
    organisation_name: str
    source: str
    signed: bool
    received: date
    by_name: str  # who entered it, "" where that is not told
    by_role: str
    by_organisation_key: str
    by_organisation_name: str
    note: str = ""  # for whose answer it is and who entered it


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """Consent that somebody of the family gave or took back, opened to be recorded by who directs."""

    choices: tuple[Whose, ...]
    asked: tuple[tuple[str, str], ...]  # role in the family, and a domain of law in which it is asked
    own_account: bool  # whether a parent takes part whose account no person is linked to
    sources: tuple[str, ...]
