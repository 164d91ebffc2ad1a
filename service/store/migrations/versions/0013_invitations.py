"""Invitations: a single-use link and a code by another channel.

Revision ID: 0013
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the table, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0013_invitations.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it: open invitations no longer lead anywhere."""
    run_script(op.get_bind(), "DROP TABLE invitation;")
