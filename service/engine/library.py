"""Processes of other deployments that call activities may call, each version under a name of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from service.engine import state
from service.engine.values import MARK, Calls, Definition, versioned


@dataclass(frozen=True, kw_only=True, eq=False)
class Apart:
    """One version of a process that came with another deployment.

    version  what running instances call it: one text for one content, for ever; "" for a process of the caller's own
             deployment, which the caller holds already
    newest   whether a call without a version means this one; else it is there for who runs it or names its tag
    """

    version: str
    definition: Definition
    newest: bool = False


def extend(definition: Definition, others: Iterable[Apart]) -> Definition:
    """The definition with more processes to call. What it could call already stays."""
    specs: dict[str, Any] = {}
    newest: dict[str, str] = {}
    tagged = dict(definition.calls.tagged)
    known = tuple(others)
    for one in known:
        if one.version:
            own = {name: spec for name, spec in one.definition.specs.items() if MARK not in name}
            specs |= {versioned(name, one.version): spec for name, spec in own.items()}
        if one.newest:
            newest[one.definition.process_id] = one.version
        if one.definition.version_tag:
            tagged.setdefault((one.definition.process_id, one.definition.version_tag), one.version)
    calls = Calls(
        newest=MappingProxyType({**definition.calls.newest, **newest}),
        tagged=MappingProxyType(tagged),
        versions=definition.calls.versions | {one.version for one in known},
    )
    return replace(definition, specs=MappingProxyType({**definition.specs, **specs}), calls=calls)


def versions(before: bytes) -> frozenset[str]:
    """The versions of other deployments that a state is running. Raises StateDamaged."""
    head, _ = state.unpack(before)
    rows: list[list[Any]] = head.get("wfs", [])
    return frozenset(row[1].partition(MARK)[2] for row in rows) - {""}
