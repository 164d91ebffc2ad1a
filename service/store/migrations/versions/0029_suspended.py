"""Since when an instance is held.

Revision ID: 0029
"""

from __future__ import annotations

from alembic import op

from service.store.script import run_script

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    run_script(op.get_bind(), "ALTER TABLE instance ADD COLUMN suspended_at TIMESTAMP WITH TIME ZONE;")


def downgrade() -> None:
    """Drop it: a held instance stays held, since when is in its history."""
    run_script(op.get_bind(), "ALTER TABLE instance DROP COLUMN suspended_at;")
