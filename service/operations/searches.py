"""Searches of /v2: from the API's query to the store's, and the same rules for values in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType

from service.access import Decision, Permission
from service.domain import Json
from service.errors import NotAllowed
from service.operations.guard import Work
from service.operations.records import Query
from service.store.search import Search


def of(query: Query) -> Search:
    """The store's search."""
    return Search(filters=query.filters, sort=query.sort, offset=query.offset, limit=query.limit)


def note(work: Work, kind: str, permission: Permission) -> None:
    """Log that a list was read; what it shows is decided row by row in the query.

    Raises NotAllowed for a token that is not for it: rows do not know tokens.
    """
    scopes = work.actor.scopes
    if scopes is not None and permission not in scopes:
        refused = Decision(allowed=False, reason="buiten de reikwijdte van het token")
        work.note(refused, "R", kind, work.actor.account)
        raise NotAllowed
    work.note(Decision(allowed=True, reason="alleen wat zichtbaar is"), "R", kind, work.actor.account)


_TESTS: Mapping[str, Callable[[str, Json], bool]] = MappingProxyType(
    {
        "$eq": lambda text, value: text == value,
        "$neq": lambda text, value: text != value,
        "$exists": lambda _text, value: bool(value),
        "$in": lambda text, value: isinstance(value, list) and text in value,
        "$notIn": lambda text, value: isinstance(value, list) and text not in value,
        "$like": lambda text, value: fnmatchcase(text, str(value)),
    }
)


def matches(record: object, filters: Mapping[str, Mapping[str, Json]], names: tuple[str, ...]) -> bool:
    """Whether every filter on one of `names` holds; values compare as the JSON text that the API shows."""
    for name in names:
        value = getattr(record, name)
        text = value if name == "name" else json.dumps(value, ensure_ascii=False)
        for operator, wanted in filters.get(name, {}).items():
            test = _TESTS.get(operator)
            if test is None or not test(text, wanted):
                return False
    return True
