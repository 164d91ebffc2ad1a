"""Answers that somebody enters for another: whose they are, from which source; and on whose behalf, in the access log.

Revision ID: 0022
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the table, with forced row-level security, and the column."""
    run_script(op.get_bind(), (_SQL / "0022_on_behalf.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop both: the history keeps whose answers were entered for them."""
    run_script(op.get_bind(), "DROP TABLE on_behalf; ALTER TABLE access_log DROP COLUMN on_behalf;")
