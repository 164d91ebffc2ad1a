"""What a DMN file says, read once: decisions, knowledge models, services, types, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.domain import Finding


@dataclass(frozen=True, kw_only=True, eq=False)
class Clause:
    """An input or output column."""

    expression: str = ""  # of an input
    name: str = ""  # of an output; label of an input
    type: str = ""
    allowed: str = ""  # unary tests; of an output: its values in order of priority
    default: str = ""  # of an output


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """A row."""

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """A decision table. Tables compare by identity: what is compiled for one is kept with it."""

    id: str = ""
    hit_policy: str  # UNIQUE FIRST PRIORITY ANY COLLECT RULE_ORDER OUTPUT_ORDER
    aggregation: str  # "" SUM MIN MAX COUNT
    inputs: tuple[Clause, ...]
    outputs: tuple[Clause, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameter:
    """A formal parameter of a function."""

    name: str
    type: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """A part of a boxed expression: a context entry, binding, list item, or a cell of a relation."""

    name: str
    value: Boxed
    type: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Boxed:
    """Any boxed expression.

    kind        literal table context list function invocation conditional filter for some every unknown
    text        the FEEL of a literal; why an `unknown` cannot be run
    entries     context entries, list items, bindings; of a conditional: if, then, else; of an iterator: in, body
    parameters  of a function; of an iterator its variable
    body        of a function; the called function of an invocation
    type        the declared type of the result, "" when none is
    """

    kind: str
    id: str = ""
    text: str = ""
    table: Table | None = None
    entries: tuple[Entry, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Boxed | None = None
    type: str = ""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """An arrow of the requirements graph: to an element of this model or of an imported one."""

    kind: str  # decision input knowledge
    id: str
    namespace: str = ""  # "" for this model


@dataclass(frozen=True, kw_only=True, eq=False)
class Input:
    """An input data element."""

    id: str
    name: str  # of its variable
    type: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Decision:
    """A decision, or a business knowledge model, with what it needs to know first."""

    id: str
    name: str  # of its variable
    logic: Boxed | None
    requires: tuple[str, ...] = ()  # ids of decisions of this model
    knowledge: tuple[str, ...] = ()  # ids of business knowledge models and services of this model
    inputs: tuple[str, ...] = ()  # names of input data of this model
    references: tuple[Reference, ...] = ()  # all of these, and those to imported models
    type: str = ""
    title: str = ""  # the name that people see


@dataclass(frozen=True, kw_only=True, eq=False)
class Service:
    """A decision service: decisions that are called as one function."""

    id: str
    name: str
    outputs: tuple[Reference, ...]
    parameters: tuple[Reference, ...]  # input data first, then input decisions, in the order of the file
    type: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class ItemDefinition:
    """A type with a name, or a component of one."""

    name: str
    base: str = ""  # the type it refers to
    components: tuple[ItemDefinition, ...] = ()
    collection: bool = False
    allowed: str = ""  # unary tests on every item
    constraint: str = ""  # unary tests on the collection itself (DMN 1.4)
    result: str | None = None  # of a function type: the type of its result


@dataclass(frozen=True, kw_only=True)
class Import:
    """Another model that this one uses under a name."""

    name: str  # "" when its elements are used as if they stood here
    namespace: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """One DMN file."""

    name: str
    namespace: str = ""
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    knowledge: Mapping[str, Decision] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    inputs: Mapping[str, Input] = field(default_factory=dict)
    types: Mapping[str, ItemDefinition] = field(default_factory=dict)
    imports: tuple[Import, ...] = ()
    phrases: frozenset[str] = frozenset()  # names with spaces or signs that occur as parts of values
    findings: tuple[Finding, ...] = ()
