"""Organisations that other parents may know of while somebody's whereabouts are kept; all others stay unnamed.

Revision ID: 0014
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Add the column: nobody is named until somebody says so."""
    run_script(op.get_bind(), (_SQL / "0014_safety.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it."""
    run_script(op.get_bind(), "ALTER TABLE casus_person DROP COLUMN told;")
