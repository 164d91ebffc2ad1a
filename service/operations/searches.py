"""Searches of /v2: from the API's query to the store's, and the same rules for values in memory."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, TypeVar

from service.access import Decision, Permission
from service.domain import Json
from service.errors import BadRequest, NotAllowed
from service.operations.guard import Work
from service.operations.records import Page, Query
from service.store.search import Search

T = TypeVar("T")


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


def cut(records: Sequence[T], query: Query) -> Page[T]:
    """Records that a search finds, sorted and cut to a page: as the store does it, for what stands in no table."""
    kept = [one for one in records if all(_fits(one, *wanted) for wanted in query.filters.items())]
    for name, descending in reversed(query.sort):
        kept.sort(key=lambda one, name=name: _order(getattr(one, name)), reverse=descending)  # type: ignore[misc]  # bound now
    return Page(items=tuple(kept[query.offset : query.offset + query.limit]), total=len(kept))


def _order(value: Any) -> tuple[bool, Any]:
    return value is None, "" if value is None else value


def _fits(record: object, name: str, wanted: Mapping[str, Json]) -> bool:
    value = "<default>" if name == "tenant_id" else getattr(record, name)
    return all(_compares(value, operator, asked) for operator, asked in wanted.items())


def _compares(value: Any, named: str, asked: Any) -> bool:
    if named == "$exists":
        return bool((value is not None) == asked)
    if named in {"$in", "$notIn"}:
        return (value in [_as(value, one) for one in asked]) == (named == "$in")
    if value is None:
        return False
    return bool(_OPERATORS[named](value, _as(value, asked)))


def _as(value: Any, asked: Any) -> Any:
    """A moment comes as text."""
    if not isinstance(value, datetime) or not isinstance(asked, str):
        return asked
    try:
        moment = datetime.fromisoformat(asked)
    except ValueError as error:
        raise BadRequest("Expected a moment such as 2027-03-14T09:00:00Z", field="filter") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_OPERATORS: Mapping[str, Callable[[Any, Any], object]] = MappingProxyType(
    {
        "$eq": operator.eq,
        "$neq": operator.ne,
        "$gt": operator.gt,
        "$gte": operator.ge,
        "$lt": operator.lt,
        "$lte": operator.le,
        "$like": lambda value, asked: fnmatchcase(value, asked),
    }
)


def matches(record: object, filters: Mapping[str, Mapping[str, Json]], names: tuple[str, ...]) -> bool:
    """Whether every filter on one of `names` holds; values compare as the JSON text that the API shows."""
    for name in names:
        value = getattr(record, name)
        text = value if name == "name" else json.dumps(value, ensure_ascii=False)
        for named, wanted in filters.get(name, {}).items():
            test = _TESTS.get(named)
            if test is None or not test(text, wanted):
                return False
    return True
