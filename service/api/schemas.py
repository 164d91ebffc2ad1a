"""What the API's schemas share: camelCase names, keys as strings, searches with filter, sort and page."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from service.domain import Json
from service.errors import BadRequest
from service.operations.records import OPERATORS, Page, Query

TENANT = "<default>"
MAX_PAGE = 1000
KEY_PATTERN = "^[0-9]{1,19}$"
MOST_NUMBER = 2**31
_CURSOR = r"o[0-9]{1,9}"


def camel(name: str) -> str:
    """process_definition_key -> processDefinitionKey."""
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part.title() for part in rest)


class CamelSchema(Schema):
    """Snake_case in Python, camelCase on the wire; unknown fields are refused."""

    #: JSON Schema keywords for the whole, which no single field can tell; they go into /openapi.json
    told: Mapping[str, Json] = {}

    class Meta:
        unknown = RAISE
        ordered = True

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Name every field in camelCase unless it names itself."""
        field_obj.data_key = field_obj.data_key or camel(field_name)


class Key(fields.Integer):
    """A key: an int64 in Python, a string of digits on the wire, as Camunda 8 has it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"pattern": KEY_PATTERN})
        super().__init__(as_string=True, **kwargs)

    def _validated(self, value: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,19}", value):
            raise ValidationError("Expected a key: digits in a string.")
        return int(value)


class Tenanted(CamelSchema):
    """A record that says its tenant; there is one."""

    tenant_id = fields.Constant(TENANT, dump_only=True)


class PageRequest(CamelSchema):
    """`page` of a search request."""

    from_ = fields.Integer(data_key="from", load_default=0, validate=validate.Range(min=0, max=1_000_000))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=MAX_PAGE))
    after = fields.String(load_default="", validate=validate.Regexp(f"^({_CURSOR})?$"))
    before = fields.String(load_default="", validate=validate.Regexp(f"^({_CURSOR})?$"))


class SortRequest(CamelSchema):
    """One entry of `sort` of a search request."""

    field = fields.String(required=True)
    order = fields.String(load_default="ASC", validate=validate.OneOf(["ASC", "DESC", "asc", "desc"]))


class SearchRequest(CamelSchema):
    """A search: filter, sort, page. Subclasses name what may be filtered and sorted in `names`."""

    #: name on the wire -> (field of the record, "key" | "text" | "number" | "moment" | "flag")
    names: Mapping[str, tuple[str, str]] = {}
    required: Collection[str] = ()  # names that a filter has to hold
    unsortable: frozenset[str] = frozenset()

    filter = fields.Dict(keys=fields.String(), load_default=dict)
    sort = fields.List(fields.Nested(SortRequest), load_default=list)
    page = fields.Nested(
        PageRequest, load_default=lambda: {"from_": 0, "limit": 100, "after": "", "before": ""}
    )

    @pre_load
    def _without_nulls(self, data: Any, **_: Any) -> Any:
        return {k: v for k, v in data.items() if v is not None} if isinstance(data, dict) else data

    def query(self, data: Mapping[str, Any]) -> Query:
        """The loaded request as a Query for operations; an unknown filter or sort field is refused."""
        filters: dict[str, dict[str, Json]] = {}
        for name, condition in data["filter"].items():
            field, kind = self._known(name, "filter")
            filters.setdefault(field, {}).update(_condition(name, kind, condition))
        sort = tuple((self._known(s["field"], "sort")[0], s["order"].upper() == "DESC") for s in data["sort"])
        page = data["page"]
        offset, limit = page["from_"], page["limit"]
        if page["after"]:
            offset = _offset(page["after"], "after")
        elif page["before"]:
            end = _offset(page["before"], "before")
            offset, limit = max(end - limit, 0), min(limit, end)
        return Query(filters=filters, sort=sort, offset=offset, limit=limit)

    def _known(self, name: str, where: str) -> tuple[str, str]:
        if name == "tenantId":
            return "tenant_id", "text"
        if name not in self.names:
            raise BadRequest(
                f"Expected a field that can be used in {where}: {', '.join(sorted(self.names))}; but got {name!r}",
                field=f"{where}.{name}",
            )
        return self.names[name]


def _offset(cursor: str, name: str) -> int:
    if not re.fullmatch(_CURSOR, cursor):
        raise BadRequest("Expected a cursor that an earlier answer gave", field=f"page.{name}")
    return int(cursor[1:])


def _condition(name: str, kind: str, condition: object) -> dict[str, Json]:
    operators = condition if isinstance(condition, dict) else {"$eq": condition}
    unknown = [op for op in operators if op not in OPERATORS_OF[kind]]
    if unknown:
        raise BadRequest(
            f"Expected an operator out of {', '.join(OPERATORS_OF[kind])}; but got {unknown[0]!r}",
            field=f"filter.{name}",
        )
    return {op: _value(name, kind, op, value) for op, value in operators.items()}


def _value(name: str, kind: str, operator: str, value: object) -> Json:
    if operator in {"$in", "$notIn"}:
        if not isinstance(value, list):
            raise BadRequest(f"Expected a list for {operator}", field=f"filter.{name}")
        return [_value(name, kind, "$eq", one) for one in value]
    if kind == "key" and operator != "$exists":
        if not isinstance(value, str) or not re.fullmatch(KEY_PATTERN, value):
            raise BadRequest("Expected a key: digits in a string", field=f"filter.{name}")
        return int(value)
    return _plain(name, "flag" if operator == "$exists" else kind, value)


#: what each kind of field may be compared with
OPERATORS_OF: Mapping[str, tuple[str, ...]] = {
    "text": OPERATORS,
    "flag": ("$eq", "$neq", "$exists"),
    **dict.fromkeys(("key", "number", "moment"), tuple(one for one in OPERATORS if one != "$like")),
}
_TYPES: Mapping[str, type] = {"text": str, "number": int, "moment": str, "flag": bool}


def _plain(name: str, kind: str, value: object) -> Json:
    if kind == "number" and isinstance(value, float) and value.is_integer():
        value = int(value)  # JSON knows one kind of number: 2.0 is 2
    if not isinstance(value, _TYPES[kind]) or (kind == "number" and isinstance(value, bool)):
        raise BadRequest(f"Expected a {kind}, but got {type(value).__name__}", field=f"filter.{name}")
    if kind == "number" and isinstance(value, int) and abs(value) >= MOST_NUMBER:
        raise BadRequest("Expected a number of 32 bits", field=f"filter.{name}")
    return value


def paged(page: Page[Any], query: Query, items: list[Any]) -> dict[str, Any]:
    """The answer of a search: items and the page block with cursors."""
    end = query.offset + len(items)
    return {
        "items": items,
        "page": {
            "total_items": page.total,
            "has_more_total_items": False,
            "start_cursor": f"o{query.offset}" if items else None,
            "end_cursor": f"o{end}" if items else None,
        },
    }


class PageResponse(CamelSchema):
    """`page` of a search answer."""

    total_items = fields.Integer(required=True)
    has_more_total_items = fields.Boolean(required=True)
    start_cursor = fields.String(allow_none=True)
    end_cursor = fields.String(allow_none=True)
