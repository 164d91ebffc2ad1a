"""Measures FEEL: `python -m tests.benchmarks.bench_feel` prints microseconds per warm evaluation and per parse."""

import sys
import timeit

from service import feel
from service.feel import _compiled

EXPRESSION = "a > 2 and b.c < 10"
ROUNDS = 20_000


def main() -> None:
    """Print the best of five for both numbers of the goal."""
    context = {"a": 3, "b": {"c": 5}}
    ready = feel.compile_expression(EXPRESSION)
    compiled = min(timeit.repeat(lambda: ready.evaluate(context), number=ROUNDS, repeat=5)) / ROUNDS
    warm = min(timeit.repeat(lambda: feel.evaluate(EXPRESSION, context), number=ROUNDS, repeat=5)) / ROUNDS

    def cold() -> None:
        _compiled.cache_clear()
        feel.parse(EXPRESSION)

    parse = min(timeit.repeat(cold, number=500, repeat=5)) / 500
    sys.stdout.write(
        f"compiled.evaluate: {compiled * 1e6:6.1f} µs   goal <= 6\n"
        f"feel.evaluate:     {warm * 1e6:6.1f} µs   parsed before, found in the cache\n"
        f"parse:             {parse * 1e6:6.1f} µs   goal <= 200\n"
    )


if __name__ == "__main__":
    main()
