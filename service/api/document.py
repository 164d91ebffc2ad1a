"""/openapi.json as it is served: what marshmallow cannot tell is added, so that a client may believe every line of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.api.once import HEADER, KEYS
from service.api.schemas import KEY_PATTERN, MOST_NUMBER, OPERATORS_OF, CamelSchema, SearchRequest

Node = dict[str, Any]

_MOST = 2**53  # whole numbers beyond it do not survive JSON everywhere: they are sent as text
_TEXT = r"^[^\u0000]*$"  # no database holds a NUL
_STATUSES = {
    "400": "The request is not as described; `field` names where.",
    "401": "Nobody is signed in, or the credentials do not fit.",
    "403": "The caller may see this, but not do that.",
    "404": "There is no such thing, or the caller may not know of it.",
    "409": "Somebody was first, or it is in another state.",
    "413": "The body is too large.",
    "415": "Another kind of body is expected.",
    "429": "Too many requests; Retry-After tells when to come back.",
    "503": "The database does not answer just now; Retry-After tells when to come back.",
}
_SOME = {
    "406": "It has no such form.",
    "504": "It did not end within the time that the caller wanted to wait; it goes on.",
}
_PROBLEM: Node = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Stable name of the refusal, e.g. urn:sluitend:problem:not-found.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "field": {"type": "string", "description": "Where the fault is."},
        "findings": {"type": "array", "items": {"type": "object"}},
    },
}
_OBJECT: Node = {
    "propertyNames": {"pattern": _TEXT},
    "additionalProperties": {"$ref": "#/components/schemas/JsonValue"},
}
_VALUE: Node = {
    "description": "Any JSON value.",
    "type": ["boolean", "null", "number", "string", "array", "object"],
    "minimum": -_MOST,
    "maximum": _MOST,
    "pattern": _TEXT,
    "items": {"$ref": "#/components/schemas/JsonValue"},
    **_OBJECT,
}
_KINDS: dict[str, Node] = {
    "key": {"type": "string", "pattern": KEY_PATTERN},
    "text": {"type": "string", "pattern": _TEXT},
    "number": {"type": "integer", "minimum": 1 - MOST_NUMBER, "maximum": MOST_NUMBER - 1},
    "moment": {"type": "string", "format": "date-time"},
    "flag": {"type": "boolean"},
}


def complete(document: Node) -> Node:
    """The document with problems, security, keys of idempotency, and the fields of each search."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update(Problem=_PROBLEM, JsonValue=_VALUE)
    for kind in _below(CamelSchema):
        if kind.__name__ in schemas:
            schemas[kind.__name__] |= kind.told
            if issubclass(kind, SearchRequest):
                _search(kind, schemas[kind.__name__])
    components["securitySchemes"] = {
        "basic": {"type": "http", "scheme": "basic"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    for path, method, operation in _operations(document):
        operation["security"] = [{"basic": []}, {"bearer": []}]
        operation["responses"] = _responses(operation["responses"])
        if method != "get" and not path.endswith("/search"):
            operation.setdefault("parameters", []).append(_idempotency())
        if path == "/v2/deployments":
            operation["requestBody"] = _files()
    for name in _asked(document, schemas):
        _strict(schemas[name])
    return document


def _operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield path, method, operation


def _below(kind: type[CamelSchema]) -> Iterator[type[CamelSchema]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _responses(told: Node) -> Node:
    refusals = {
        status: {"description": words, "content": {"application/problem+json": {"schema": _ref("Problem")}}}
        for status, words in (_STATUSES | _SOME).items()
        if status in _STATUSES or status in told
    }
    return {status: answer for status, answer in told.items() if status.startswith("2")} | refusals


def _ref(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def _idempotency() -> Node:
    return {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": "Sent again within 24 hours, the request has one effect and the same answer.",
        "schema": {"type": "string", "pattern": KEYS},
    }


def _files() -> Node:
    return {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["resources"],
                    "properties": {
                        "resources": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                        },
                        "tenantId": {"type": "string", "enum": ["<default>"]},
                    },
                }
            }
        },
    }


def _search(kind: type[SearchRequest], schema: Node) -> None:
    """The fields of a search, each with what it may be compared with."""
    fields = {name: _condition(of) for name, (_, of) in kind.names.items()}
    wanted = {name: _KINDS[kind.names[name][1]] for name in kind.required}
    filters: Node = {
        "type": "object",
        "properties": {**fields, "tenantId": _condition("text"), **wanted},
        "additionalProperties": False,
    }
    sortable = sorted(set(kind.names) - kind.unsortable)
    entry = {
        "type": "object",
        "required": ["field"],
        "properties": {
            "field": {"type": "string", "enum": sortable},
            "order": {"type": "string", "enum": ["ASC", "DESC", "asc", "desc"]},
        },
        "additionalProperties": False,
    }
    if wanted:
        filters["required"] = sorted(wanted)
        schema["required"] = ["filter"]
    schema["properties"] |= {"filter": filters, "sort": {"type": "array", "items": entry}}


def _condition(of: str) -> Node:
    plain = _KINDS[of]
    operators: Node = {}
    for name in OPERATORS_OF[of]:
        if name == "$exists":
            operators[name] = {"type": "boolean"}
        elif name in {"$in", "$notIn"}:
            operators[name] = {"type": "array", "items": plain}
        else:
            operators[name] = plain
    return {"anyOf": [plain, {"type": "object", "properties": operators, "additionalProperties": False}]}


def _asked(document: Node, schemas: Node) -> set[str]:
    """The names of the schemas of which a request is made."""
    found: set[str] = set()

    def follow(node: Any) -> None:
        if isinstance(node, list):
            for one in node:
                follow(one)
        elif isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in found and not name.startswith("Json"):
                found.add(name)
                follow(schemas[name])
            for one in node.values():
                follow(one)

    for _, _, operation in _operations(document):
        follow(operation.get("requestBody", {}))
    return found


def _strict(node: Any) -> None:
    """What holds for every request: text without NUL, numbers that survive, free objects of JSON values."""
    if isinstance(node, list):
        for one in node:
            _strict(one)
    if not isinstance(node, dict):
        return
    kinds = _kinds(node)
    if "string" in kinds and not {"pattern", "enum", "format"} & set(node):
        node["pattern"] = _TEXT
    if "integer" in kinds:
        node.setdefault("minimum", -_MOST)
        node.setdefault("maximum", _MOST)
    if "object" in kinds and not {"properties", "propertyNames"} & set(node):
        node.update(_OBJECT)
    for name, one in node.items():
        _strict(list(one.values()) if name == "properties" else one)


def _kinds(node: Node) -> set[str]:
    named = node.get("type")
    return set(named) if isinstance(named, list) else {str(named)}
