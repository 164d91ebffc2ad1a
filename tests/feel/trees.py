"""Random FEEL syntax trees of every kind of node, as the parser could have made them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from service.feel import nodes as n

NAMES = ("a", "b2", "_c", "aantal dagen", "tafel-datum", "één", "x/y", "🐎", "naam van kind")
PLAIN = ("a", "b2", "_c", "aantal dagen", "één", "🐎", "naam van kind")  # without signs: also for parameters
TYPES = (
    "number",
    "string",
    "date",
    "date and time",
    "years and months duration",
    "Any",
    "list",
    "function",
    "mijn type",
)

_texts = st.text(st.characters(codec="utf-8"), max_size=8)
_literals = st.one_of(
    st.none(),
    st.booleans(),
    _texts,
    st.decimals(min_value=0, allow_nan=False, allow_infinity=False, places=3, max_value=10**9),
).map(lambda value: n.Literal(0, value if not isinstance(value, Decimal) else +value))
_leaves = st.one_of(
    _literals,
    st.sampled_from(NAMES).map(lambda name: n.Name(0, name)),
    _texts.map(lambda text: n.At(0, text)),
)


def _types(inner: st.SearchStrategy[n.Type]) -> st.SearchStrategy[n.Type]:
    entries = st.dictionaries(st.sampled_from(PLAIN), inner, min_size=1, max_size=2).map(
        lambda d: tuple(d.items())
    )
    return st.one_of(
        st.builds(n.Type, st.just(0), st.sampled_from(["list", "range"]), st.tuples(inner)),
        entries.map(lambda found: n.Type(0, "context", entries=found)),
        st.builds(
            lambda takes, gives: n.Type(0, "function", tuple(takes), result=gives),
            st.lists(inner, max_size=2),
            inner,
        ),
    )


types = st.recursive(st.sampled_from(TYPES).map(lambda name: n.Type(0, name)), _types, max_leaves=4)


def _tests(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    compared = st.builds(n.Test, st.just(0), st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), inner)
    return st.one_of(compared, inner)


def _some(inner: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(inner, min_size=least, max_size=3).map(tuple)


def _call(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[n.Node]:
    named = st.dictionaries(st.sampled_from(PLAIN), inner, min_size=1, max_size=2)
    return st.one_of(
        st.builds(n.Call, st.just(0), inner, _some(inner), st.just(())),
        st.builds(lambda f, given: n.Call(0, f, tuple(given.values()), tuple(given)), inner, named),
    )


def _function(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[n.Node]:
    parameters = st.dictionaries(st.sampled_from(PLAIN), st.none() | types, max_size=2)
    return st.builds(
        lambda given, body: n.Function(0, tuple(given), tuple(given.values()), body),
        parameters,
        st.none() | inner,
    )


def _nodes(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[n.Node]:
    zero = st.just(0)
    iterators = _some(st.builds(n.Iterator, zero, st.sampled_from(PLAIN), inner, st.none() | inner), 1)
    entries = st.dictionaries(st.sampled_from([*NAMES, "a b: c", '"', ""]), inner, max_size=3)
    operators = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or"])
    return st.one_of(
        st.builds(n.Binary, zero, operators, inner, inner),
        st.builds(n.Negate, zero, inner),
        st.builds(n.Between, zero, inner, inner, inner),
        st.builds(n.In, zero, inner, _some(_tests(inner), 1)),
        st.builds(n.If, zero, inner, inner, inner),
        st.builds(n.For, zero, iterators, inner),
        st.builds(n.Quantified, zero, st.booleans(), iterators, inner),
        st.builds(n.Path, zero, inner, st.sampled_from(NAMES)),
        st.builds(n.Filter, zero, inner, inner),
        st.builds(n.ListOf, zero, _some(inner)),
        st.builds(n.Interval, zero, st.none() | inner, st.none() | inner, st.booleans(), st.booleans()),
        st.builds(n.InstanceOf, zero, inner, types),
        entries.map(lambda found: n.Context(0, tuple(found.items()))),
        _call(inner),
        _function(inner),
    )


expressions = st.recursive(_leaves, _nodes, max_leaves=12)
unary_tests = st.builds(n.Tests, st.just(0), _some(_tests(expressions), 1), st.booleans()) | st.just(
    n.Tests(0, (), False)
)
