"""Rows to look at, put there past every policy."""

from __future__ import annotations

import pytest

from tests.databases import Database
from tests.store.rows import fill


@pytest.fixture(scope="module")
def filled(standing: Database) -> Database:
    """Two casussen of two children: Sam (1) with school and jeugdarts, Noor (2) with another school."""
    with standing.as_admin() as admin:
        fill(admin)
    return standing
