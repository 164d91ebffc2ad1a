"""The dossier: answers by data class, each class in its own table; Z and M are sealed before they come here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import dossier_i, dossier_m, dossier_o, dossier_z

_TABLES: Mapping[str, Table] = MappingProxyType(
    {"I": dossier_i, "O": dossier_o, "Z": dossier_z, "M": dossier_m}
)
CLASSES = frozenset(_TABLES)
SEALED = frozenset({"Z", "M"})


def add(session: Session, klasse: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add answers of one class."""
    if rows:
        session.execute(insert(_TABLES[klasse]), [dict(row) for row in rows])


def described(session: Session, klasse: str, casus_key: int) -> Sequence[Found]:
    """The answers of one class without their values: who supplied what, when and where."""
    table = _TABLES[klasse]
    columns = [one for one in table.c if one.name not in {"value", "sealed"}]
    return session.execute(select(*columns).where(table.c.casus_key == casus_key)).all()


def read(session: Session, klasse: str, casus_key: int) -> Sequence[Found]:
    """The answers of one class in one casus, oldest first."""
    table = _TABLES[klasse]
    return session.execute(
        select(table).where(table.c.casus_key == casus_key).order_by(table.c.entered_at, table.c.key)
    ).all()
