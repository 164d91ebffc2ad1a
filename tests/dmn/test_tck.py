"""The DMN Technology Compatibility Kit, where it stands beside the project: no result node that passed may be lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from service import feel
from tests.dmn import tck

#: Result nodes of the half that is beside the project, and how many of them passed when this was last raised.
NODES = 923
PASSED = 900


@pytest.mark.suite
@pytest.mark.skipif(
    tck.suite() is None, reason="the DMN TCK is not beside the project (see tests/dmn/tck.py)"
)
def test_no_result_node_is_lost() -> None:
    nodes = tck.results()
    passed = sum(node.passed for node in nodes)
    assert len(nodes) >= NODES
    assert passed >= PASSED, tck.report(nodes, failures=True)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (Decimal(1), True),
        (Decimal(1), "1"),
        ("1", Decimal(1)),
        (None, False),
        (False, None),
        (dt.date(2027, 3, 14), dt.datetime(2027, 3, 14, tzinfo=dt.UTC)),
        (dt.timedelta(0), feel.YearMonthDuration(0)),
        ({"a": None}, {}),
        ([Decimal(1)], Decimal(1)),
        (Decimal(1), Decimal("1.0000001")),
    ],
)
def test_the_comparison_is_strict(expected: object, found: object) -> None:
    assert not tck.same(expected, found)


def test_numbers_may_differ_by_what_eight_decimals_cannot_show() -> None:
    assert tck.same(Decimal("0.33333333"), Decimal(1) / Decimal(3))
