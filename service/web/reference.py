"""A page to read /openapi.json on: every address for programs, what it asks and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, current_app, json, render_template

door = Blueprint("reference", __name__)

Node = Mapping[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")
_KINDS = {
    "string": "tekst",
    "integer": "geheel getal",
    "number": "getal",
    "boolean": "ja of nee",
    "object": "object",
    "null": "null",
}
_FORMATS = {"date-time": "moment", "date": "datum", "binary": "bestand"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a body, or one parameter."""

    name: str
    kind: str  # Dutch
    schema: str = ""  # the schema that its kind refers to
    required: bool = False
    words: str = ""  # English, as in the document


@dataclass(frozen=True, kw_only=True)
class Schema:
    """A named shape."""

    name: str
    words: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer."""

    status: str
    words: str
    kind: str
    schema: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One address with its method."""

    method: str
    path: str
    summary: str
    words: str
    parameters: tuple[Field, ...]
    asks: str  # name of the schema of its body; "" for none
    replies: tuple[Reply, ...]

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"{self.method}{self.path}".lower().replace("/", "-").replace("{", "").replace("}", "")


@dataclass(frozen=True, kw_only=True)
class Group:
    """The operations on one kind of thing."""

    name: str
    words: str
    operations: tuple[Operation, ...]


@door.get("/handleiding/api")
def show() -> str:
    """The whole reference; it holds no case and asks for no account."""
    answer = cast("Response", current_app.ensure_sync(current_app.view_functions["api-docs.openapi_json"])())
    document = json.loads(answer.get_data())
    return render_template(
        "handleiding_api.html",
        groups=groups(document),
        refusals=refusals(document),
        schemas={one.name: one for one in schemas(document)},
    )


def groups(document: Node) -> tuple[Group, ...]:
    """The operations of a document by their tag."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                told = methods[method]
                told = {**told, "parameters": [*methods.get("parameters", ()), *told.get("parameters", ())]}
                found.setdefault(told["tags"][0], []).append(_operation(method, path, told))
    words = {one["name"]: one.get("description", "") for one in document.get("tags", ())}
    return tuple(
        Group(name=name, words=words.get(name, name), operations=tuple(one)) for name, one in found.items()
    )


def refusals(document: Node) -> tuple[Reply, ...]:
    """The refusals that every operation may answer with."""
    each = [
        frozenset(_refusals(methods[method]["responses"]))
        for methods in document["paths"].values()
        for method in _METHODS
        if method in methods
    ]
    return tuple(sorted(frozenset.intersection(*each), key=lambda one: one.status)) if each else ()


def _refusals(told: Node) -> Iterator[Reply]:
    return (reply for reply in _replies(told) if reply.status >= "400")


def schemas(document: Node) -> tuple[Schema, ...]:
    """The named shapes of a document, by name."""
    return tuple(
        Schema(name=name, words=told.get("description", ""), fields=tuple(_fields(told)))
        for name, told in sorted(document["components"]["schemas"].items())
    )


def _operation(method: str, path: str, told: Node) -> Operation:
    body = _content(told.get("requestBody", {}))
    return Operation(
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        words=told.get("description", ""),
        parameters=tuple(
            Field(
                name=one["name"],
                kind=_kind(one["schema"])[0],
                required=one.get("required", False),
                words=one.get("description", ""),
            )
            for one in told["parameters"]
        ),
        asks=_kind(body)[1] if body else "",
        replies=tuple(_replies(told["responses"])),
    )


def _replies(told: Node) -> Iterator[Reply]:
    for status, answer in sorted(told.items()):
        kind, schema = _kind(_content(answer))
        yield Reply(status=status, words=answer.get("description", ""), kind=kind, schema=schema)


def _content(told: Node) -> Node:
    return next((one.get("schema", {}) for one in told.get("content", {}).values()), {})


def _fields(schema: Node) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, told in schema.get("properties", {}).items():
        kind, refers = _kind(told)
        yield Field(
            name=name, kind=kind, schema=refers, required=name in required, words=told.get("description", "")
        )


def _kind(schema: Node) -> tuple[str, str]:
    """What values it takes, in Dutch, and the named schema that they have."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    if "anyOf" in schema:
        return _any(schema["anyOf"])
    if "enum" in schema:
        return " of ".join(f"“{one}”" for one in schema["enum"]), ""
    if schema.get("type") == "array":
        kind, refers = _kind(schema.get("items", {}))
        return f"lijst van {kind}", refers
    if operators := [name for name in schema.get("properties", {}) if name.startswith("$")]:
        return "vergelijking: " + " ".join(operators), ""
    if "properties" in schema:
        return "object met " + ", ".join(schema["properties"]), ""
    return _plain(schema), ""


def _any(choices: list[Node]) -> tuple[str, str]:
    found = [_kind(one) for one in choices if one.get("type") != "null"]
    return " of ".join(kind for kind, _ in found), next((refers for _, refers in found if refers), "")


def _plain(schema: Node) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    types = schema.get("type", [])
    named = [_KINDS.get(one, one) for one in ([types] if isinstance(types, str) else types)]
    return " of ".join(named)
