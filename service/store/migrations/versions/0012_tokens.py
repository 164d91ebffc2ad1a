"""Tokens of programs: what they may do, until when, and the short-lived ones made from them.

Revision ID: 0012
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the table, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0012_tokens.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it: programs sign in with a password again."""
    run_script(op.get_bind(), "DROP TABLE api_token;")
