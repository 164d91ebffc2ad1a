"""What a decision was asked and answered, closed under the child's key where care or medical answers steer a process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.domain import Fact, Json
from service.errors import NotFound
from service.operations import sealing
from service.store import casus
from service.store.rows import Session

CLOSED = "closed"  # the name under which the sealed values stand in a fact
_KIND = "decision:evaluated"
_VALUES = ("rules", "output", "without_rule")


def close(session: Session, casus_key: int | None, fact: Fact) -> Fact:
    """The fact as the history keeps it: which rule matched in clear, what it was asked and answered closed."""
    row = casus.get(session, casus_key) if casus_key is not None and fact.kind == _KIND else None
    if row is None or casus_key is None:
        return fact
    values = {name: fact.data[name] for name in _VALUES if name in fact.data}
    child = sealing.child_key(row.subject_key, row.wrapped_key)
    sealed = sealing.seal(child, json.dumps(values, ensure_ascii=False).encode(), _place(casus_key))
    kept = {name: value for name, value in fact.data.items() if name not in _VALUES}
    rules = fact.data.get("rules")
    kept["rules"] = [_bare(rule) for rule in rules] if isinstance(rules, list) else []
    return replace(fact, data={**kept, CLOSED: sealed.hex()})


def open_values(session: Session, casus_key: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a fact with its values; without them once the child's key was erased."""
    row = casus.get(session, casus_key)
    kept = {name: value for name, value in data.items() if name != CLOSED}
    if row is None or CLOSED not in data:
        return kept
    child = sealing.child_key(row.subject_key, row.wrapped_key)
    try:
        return {**kept, **json.loads(sealing.unseal(child, bytes.fromhex(data[CLOSED]), _place(casus_key)))}
    except NotFound:
        return kept


def _bare(rule: Json) -> Json:
    """A rule without what it was asked and answered."""
    if not isinstance(rule, Mapping):
        return rule
    return {name: value for name, value in rule.items() if name not in {"inputs", "outputs"}}


def _place(casus_key: int) -> str:
    return f"decision/{casus_key}"
