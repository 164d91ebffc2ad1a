"""A model together with the models that it imports: finds what an arrow points to, and which types are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from service.dmn.model import Decision, Input, ItemDefinition, Model, Reference, Service
from service.dmn.reader import read
from service.dmn.types import Types

Element = Decision | Input | Service
_MAX_IMPORTS = 20  # levels of imports in imports


@dataclass(frozen=True, eq=False)
class Library:
    """The models that can be reached, by namespace; two files may share one."""

    models: Mapping[str, tuple[Model, ...]]

    def find(self, reference: Reference, home: Model) -> tuple[Model, Element] | None:
        """The element that an arrow of `home` points to, and the model it stands in."""
        candidates = self.models.get(reference.namespace, ()) if reference.namespace else (home,)
        for model in candidates:
            for group in (model.decisions, model.inputs, model.knowledge, model.services):
                if reference.id in group:
                    return model, group[reference.id]
        return None

    def types(self, model: Model, depth: int = 0) -> dict[str, ItemDefinition]:
        """The types that a model knows; imported ones under the name of their import."""
        found = dict(model.types)
        for one in model.imports if depth < _MAX_IMPORTS else ():
            for other in self.models.get(one.namespace, ()):
                below = self.types(other, depth + 1)
                for name, item in below.items():
                    found.setdefault(_under(one.name, name), _renamed(item, one.name, below))
        return found

    def phrases(self, model: Model) -> frozenset[str]:
        """Names of parts of values, those of imported models included."""
        found = set(model.phrases)
        for one in model.imports:
            for other in self.models.get(one.namespace, ()):
                found |= other.phrases
        return frozenset(found)


def _under(name: str, inner: str) -> str:
    return f"{name}.{inner}" if name else inner


def _renamed(item: ItemDefinition, name: str, known: Mapping[str, ItemDefinition]) -> ItemDefinition:
    return replace(
        item,
        base=_under(name, item.base) if item.base in known else item.base,
        components=tuple(_renamed(one, name, known) for one in item.components),
    )


@lru_cache(maxsize=256)
def _library(model: Model, imports: tuple[bytes, ...]) -> Library:
    found: dict[str, tuple[Model, ...]] = {}
    for other in (model, *map(read, imports)):
        found[other.namespace] = (*found.get(other.namespace, ()), other)
    return Library(found)


def library(model: Model, imports: Sequence[bytes]) -> Library:
    """The library of a model. Raises DiagramRejected for an import that cannot be read."""
    return _library(model, tuple(imports) if model.imports else ())


@lru_cache(maxsize=512)
def types_of(shelf: Library, model: Model) -> Types:
    """The types of a model, put together once."""
    return Types(shelf.types(model))
