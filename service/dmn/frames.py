"""The surroundings in which an expression of a decision is evaluated: names, types, one budget, one list of warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service import feel
from service.dmn.types import Mismatch, Types
from service.feel.running import Run, Scope


@dataclass(frozen=True, kw_only=True)
class MatchedRule:
    """A rule that matched, and on what: auditors see why."""

    table: str  # id of the decision or knowledge model that holds the table
    rule_id: str
    index: int  # from 1
    inputs: Mapping[str, Any]  # JSON values by column
    outputs: Mapping[str, Any]


@dataclass(frozen=True)
class AskedTable:
    """A table that was asked: with what, and which rules matched, also when none did."""

    table: str
    inputs: Mapping[str, Any]  # JSON values by column
    matched: tuple[int, ...]  # numbers of rules, from 1


@dataclass(frozen=True)
class Session:
    """What one evaluation shares: the budget and warnings of FEEL, the rules that matched."""

    run: Run
    phrases: frozenset[str]  # names with spaces or signs in the caller's context
    warnings: list[feel.Warning_]
    matched: list[MatchedRule] = field(default_factory=list)
    asked: list[AskedTable] = field(default_factory=list)

    def warn(self, where: str, reason: str) -> None:
        """Keep the reason why something became null."""
        self.run.null(0, f"{where}: {reason}" if where else reason)


def phrased(names: Iterable[str]) -> frozenset[str]:
    """Names that FEEL must know before it can read them."""
    return frozenset(name for name in names if not name.isidentifier())


@dataclass(frozen=True)
class Frame:
    """One place: what is known there."""

    session: Session
    scope: Scope
    names: frozenset[str]
    types: Types
    where: str  # id of the decision or knowledge model

    def inner(self, values: Mapping[str, Any]) -> Frame:
        """The same place with more names."""
        more = phrased(values)
        names = self.names | more if more else self.names
        return Frame(self.session, self.scope.inner(values), names, self.types, self.where)

    def value(self, text: str) -> Any:
        """The value of a FEEL expression here; null and a warning where it has none."""
        return self.run(compiled(text, self.names), self.scope)

    def run(self, closure: Callable[[Scope], Any], scope: Scope, part: str = "") -> Any:
        """Run what was compiled; its warnings tell the place."""
        session = self.session
        session.run.spend()
        before, outer_types = len(session.warnings), session.run.types
        session.run.types = self.types.instance_of
        try:
            value = closure(scope)
        finally:
            session.run.types = outer_types
        if len(session.warnings) > before:
            self._locate(before, part)
        return value

    def _locate(self, first: int, part: str) -> None:
        place = f"{self.where}, {part}" if part else self.where
        found = self.session.warnings
        for at in range(first, len(found)):
            if not found[at].reason.startswith(self.where):
                found[at] = feel.Warning_(found[at].position, f"{place}: {found[at].reason}")

    def coerced(self, type_: str, value: Any, what: str) -> Any:
        """The value as one of a declared type; null and a warning when it is not."""
        if not type_ or value is None:
            return value
        try:
            return self.types.coerce(type_, value)
        except Mismatch as error:
            self.session.warn(self.where, f"{what}: {error}")
            return None


def compiled(text: str, names: frozenset[str], *, unary: bool = False) -> Callable[[Scope], Any]:
    """FEEL compiled; what is no FEEL becomes null with a warning each time it runs."""
    if not text:
        return _nothing
    try:
        if unary:
            return feel.compile_unary_tests(text, names).run
        return feel.compile_expression(text, names).run
    except feel.FeelSyntaxError as error:
        reason = str(error)
        return lambda scope: scope.run.null(0, reason)


def _nothing(_scope: Scope) -> None:
    return None
