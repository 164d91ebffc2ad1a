"""Measures the policy: `python -m tests.benchmarks.bench_policy` prints microseconds per decision."""

import sys
import timeit

from service.access import Permission, Resource, decide, reads
from service.domain import AccountKey, Actor, Membership
from tests.access.test_reading import CARE, VERDICT, given_to, objects, parent, situation

ROUNDS = 20_000


def main() -> None:
    """Print the best of five for a decision about a task and two about an answer."""
    actor = Actor(
        account=AccountKey(7),
        login="ib@demo.invalid",
        name="Sanne W.",
        memberships=(Membership(role="school_ib", organisation="regenboogbrug"),),
    )
    task = Resource(candidates=frozenset({"school_ib@regenboogbrug"}))
    where = situation(14, objects("jgz"), given=given_to(parent().candidate, "lpa@wilgenveen") * 20)
    asked = {
        "a task": lambda: decide(actor, Permission.TASK_COMPLETE, task),
        "an answer of class Z, by age": lambda: reads(parent(), CARE, where),
        "an answer of class M, with 40 disclosures": lambda: reads(parent(), VERDICT, where),
    }
    for name, ask in asked.items():
        took = min(timeit.repeat(ask, number=ROUNDS, repeat=5)) / ROUNDS
        sys.stdout.write(f"{name:45} {took * 1e6:6.1f} µs   goal <= 100\n")


if __name__ == "__main__":
    main()
