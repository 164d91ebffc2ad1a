"""Columns that all tables share."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime

MOMENT = DateTime(timezone=True)  # always aware UTC in Python


def key(name: str = "key") -> Column[int]:
    """A primary key made by service.domain.new_key, never by the database."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False)
