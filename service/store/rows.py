"""The two types that callers of the store meet: a session, and a row that a query found."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy.engine import Row
from sqlalchemy.orm import Session as Session

Found: TypeAlias = Row[*tuple[Any, ...]]
