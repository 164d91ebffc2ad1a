"""What parents read of a young person's data, and whose consent sharing needs: by domain of law and age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

FAMILY = frozenset({"ouder", "jeugdige"})


class Rule(StrEnum):
    """Whether somebody of the family reads what professionals recorded."""

    YES = "ja"
    NO = "nee"
    UNLESS = "tenzij_bezwaar"  # parents read it, unless the young person objects
    WITH = "met_toestemming"  # parents read it when the young person agrees


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The rules of one domain from one age on."""

    domain: str
    from_age: int  # whole years
    parents: Rule
    youth: Rule
    agree: tuple[str, ...] = ()  # roles that have to agree before others are told: "ouder", "jeugdige"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What somebody of the family said, last."""

    about: str  # READING or SHARING
    domain: str
    giver_role: str  # ouder | jeugdige
    agreed: bool
    giver: int = 0  # account


READING = "inzage_ouders"
SHARING = "delen"


def _no_domains() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class ConsentMatrix:
    """The consent rules of a region (toestemming.toml)."""

    domains: Mapping[str, str] = field(default_factory=_no_domains)  # role that supplied it -> domain of law
    stages: tuple[Stage, ...] = ()

    def domain(self, role: str) -> str:
        """The domain of law of what a role recorded; "avg" for roles that no domain names."""
        return self.domains.get(role, "avg")

    def stage(self, domain: str, age: int | None) -> Stage:
        """The rules for a child of this age. An age that is not known gets those of the oldest, who decide alone.

        Without any rule nobody of the family reads it: deny by default.
        """
        fitting = [
            one for one in self.stages if one.domain == domain and (age is None or one.from_age <= age)
        ]
        closed = Stage(domain=domain, from_age=0, parents=Rule.NO, youth=Rule.NO)
        return max(fitting, key=lambda one: one.from_age, default=closed)

    def agreed(self, domain: str, age: int | None, consents: Iterable[Consent], *, parents: int = 1) -> bool:
        """Whether everybody whose consent sharing needs has agreed, and nobody of them refused.

        Two parents with gezag are two separate answers: one is not enough, and one refusal holds.
        """
        said = [one for one in consents if one.about == SHARING and one.domain == domain]
        for role in self.stage(domain, age).agree:
            answers = [one.agreed for one in said if one.giver_role == role]
            wanted = parents if role == "ouder" else 1
            if len(answers) < wanted or not all(answers):
                return False
        return True


def parents_read(rule: Rule, domain: str, consents: Iterable[Consent]) -> tuple[bool, str]:
    """Whether parents read, and why (not), given what the young person said about it."""
    said = [
        one.agreed
        for one in consents
        if one.about == READING and one.domain == domain and one.giver_role == "jeugdige"
    ]
    if rule is Rule.UNLESS:
        objected = bool(said) and not all(said)
        return (
            not objected,
            "de jongere heeft bezwaar" if objected else "ouder; de jongere heeft geen bezwaar",
        )
    if rule is Rule.WITH:
        agreed = bool(said) and all(said)
        return agreed, "de jongere vindt het goed" if agreed else "de jongere heeft geen toestemming gegeven"
    return rule is Rule.YES, "ouder" if rule is Rule.YES else "op deze leeftijd beslist de jongere zelf"
