"""Expressions written to exhaust a server, by name; as a module it evaluates all and prints the memory they took."""

from __future__ import annotations

import resource
import sys

from service import feel

GROWING = "{f: function(v, n) if n = 0 then v else f(%s, n - 1), y: %s}.y"

HOSTILE = {
    "nested loops": "count(for a in 1..3000, b in 1..3000 return a * b)",
    "nested some": "some a in 1..3000, b in 1..3000 satisfies a * b < 0",
    "backtracking": 'matches("' + "a" * 40 + '!", "(a+)+$")',
    "counted repetition": 'matches("aaaa", "((a{1,1000}){1,1000})")',
    "many searches": 'for i in 1..100000 return matches("' + "a" * 10_000 + 'b", "(a|aa)*c")',
    "big exponent": "2 ** 999999999",
    "small powers": "for i in 1..1000000 return 1.1 ** 0.333333",
    "exponentials": "for i in 1..1000000 return exp(100.5)",
    "round brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "square brackets": "[" * 10_000 + "]" * 10_000,
    "curly brackets": "{a:" * 10_000 + "1" + "}" * 10_000,
    "types": "1 instance of " + "list<" * 10_000 + "number" + ">" * 10_000,
    "functions": "function(a) " * 8_000 + "a",
    "nots": "not(" * 10_000 + "true" + ")" * 10_000,
    "minus signs": "- (" * 10_000 + "1",
    "powers": "1" + " ** 2" * 10_000,
    "sums": "1" + " + 1" * 20_000,
    "ands": "true" + " and true" * 10_000,
    "paths": "a" + ".b" * 40_000,
    "filters": "[1]" + "[1]" * 30_000,
    "calls": "abs" + "(1)" * 30_000,
    "ifs": "if true then 1 else " * 10_000 + "1",
    "long range": "count(for a in 1..100000000 return a)",
    "huge range": "for i in 1e6000..2 return i",
    "all dates": 'for d in date("0001-01-01")..date("9999-12-31") return d',
    "huge literal": "1e9999999999",
    "huge duration": 'for i in 1..100 return duration("P9999Y") * 1e6000 * 1e6000',
    "huge text of a number": "for i in 1..100000 return string(1e6000)",
    "recursion": "{f: function(x) f(x + 1), y: f(1)}.y",
    "closures": "{f: function(n) function() if n = 0 then 0 else f(n - 1)(), y: f(100000)()}.y",
    "doubled text": GROWING % ("v + v", 'f("a", 60)'),
    "replaced text": GROWING % ('replace(v, "a", "aaaaaaaaaa")', 'f("a", 60)'),
    "joined text": GROWING % ("string join([v, v, v, v], v)", 'f("a", 60)'),
    "doubled list": GROWING % ("concatenate(v, v)", "f([1, 2], 60)"),
    "lists in lists as text": GROWING % ("[v, v, v, v]", "string length(string(f([1], 60)))"),
    "lists in lists compared": GROWING % ("[v, v]", "f([1], 60) = f([1], 60)"),
    "lists in lists made flat": GROWING % ("[v, v]", "count(flatten(f([1], 60)))"),
    "lists in lists given back": GROWING % ("[v, v]", "f([1], 60)"),
    "contexts in contexts": GROWING % ("{a: v, b: v}", "f({}, 60) = f({}, 60)"),
    "a list of a million": "for i in 1..1000000 return i",
    "lists of lists": "for i in 1..1000 return for j in 1..1000 return [i, j]",
    "sorting": "sort(for i in 1..200000 return 200000 - i)",
    "distinct": "count(distinct values(for i in 1..100000 return i))",
    "many long texts": 'for i in 1..100000 return upper case("' + "x" * 50_000 + '")',
    "splitting": 'for i in 1..1000 return split("' + "a " * 10_000 + '", " ")',
    "ranges from text": 'for i in 1..1000000 return range("[1..5]")',
    "warnings without end": "for i in 1..1000000 return unknown",
    "ten megabytes": '"' + "x" * 10_000_000 + '"',
}

#: Their cost lies within the budget: they simply have an answer.
CHEAP = frozenset({"backtracking"})


def outcome(name: str) -> str:
    """What became of it: the syntax error or the first warning; "" for a plain value."""
    warnings: list[feel.Warning_] = []
    try:
        feel.evaluate(HOSTILE[name], {}, warnings=warnings)
    except feel.FeelSyntaxError as error:
        return str(error)
    return str(warnings[0]) if warnings else ""


def main() -> None:
    """Print how many KiB the worst of all expressions took above an evaluator that did nothing yet."""
    feel.evaluate("1 + 1", {})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in HOSTILE:
        outcome(name)
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before}\n")


if __name__ == "__main__":
    main()
