"""Filter, sort and page any select, with the operators of the orchestration API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, func, literal, or_, select
from sqlalchemy.orm import Session

from service.errors import BadRequest
from service.store.rows import Found

Columns = Mapping[str, ColumnElement[Any]]


@dataclass(frozen=True, kw_only=True)
class Search:
    """What to look for: field -> operator -> value; every filter holds, then sort, then one page."""

    filters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sort: Sequence[tuple[str, bool]] = ()
    offset: int = 0
    limit: int = 100


_COMPARE: Mapping[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = MappingProxyType(
    {
        "$eq": lambda column, value: column == value,
        "$neq": lambda column, value: or_(column != value, column.is_(None)),
        "$exists": lambda column, value: column.is_not(None) if value else column.is_(None),
        "$in": lambda column, value: column.in_(value),
        "$notIn": lambda column, value: or_(column.not_in(value), column.is_(None)),
        "$like": lambda column, value: column.like(_pattern(str(value)), escape="!"),
        "$gt": lambda column, value: column > value,
        "$gte": lambda column, value: column >= value,
        "$lt": lambda column, value: column < value,
        "$lte": lambda column, value: column <= value,
    }
)


#: there is one tenant, so that a search may name it and no table holds it
_ONE_TENANT: Mapping[str, ColumnElement[Any]] = MappingProxyType({"tenant_id": literal("<default>")})


def run(
    session: Session, statement: Select[Any], columns: Columns, search: Search, *, key: ColumnElement[Any]
) -> tuple[Sequence[Found], int]:
    """One page of `statement` and the number of all rows that match; `key` breaks ties in the order."""
    for name, condition in search.filters.items():
        column = columns[name] if name in columns else _ONE_TENANT[name]
        for operator, value in condition.items():
            statement = statement.where(_COMPARE[operator](column, _typed(column, operator, value)))
    total = session.execute(
        select(func.count()).select_from(statement.order_by(None).subquery())
    ).scalar_one()
    unsortable = [name for name, _ in search.sort if name not in columns]
    if unsortable:
        raise BadRequest(f"Expected a field that can be sorted by, but got {unsortable[0]}", field="sort")
    order = [columns[name].desc() if down else columns[name].asc() for name, down in search.sort]
    page = statement.order_by(*order, key).offset(search.offset).limit(search.limit)
    return session.execute(page).all(), total


def _typed(column: ColumnElement[Any], operator: str, value: Any) -> Any:
    if operator == "$exists" or not isinstance(column.type, DateTime):
        return value
    return [_moment(one) for one in value] if isinstance(value, list) else _moment(value)


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadRequest(f"Expected a moment in ISO 8601, but got {value!r}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _pattern(text: str) -> str:
    """`*` and `?` of the API as LIKE has them; a backslash takes their meaning away."""
    made, literal = [], False
    for sign in text:
        if sign == "\\" and not literal:
            literal = True
            continue
        wild = None if literal else {"*": "%", "?": "_"}.get(sign)
        made.append(wild or (f"!{sign}" if sign in "%_!" else sign))
        literal = False
    return "".join(made)
