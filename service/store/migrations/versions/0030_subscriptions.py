"""At which element a message or signal is waited for, and since when that is known.

Revision ID: 0030
"""

from __future__ import annotations

from alembic import op

from service.store.script import run_script

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; the release before this one leaves them empty."""
    run_script(
        op.get_bind(),
        "ALTER TABLE subscription ADD COLUMN element_id TEXT NOT NULL DEFAULT '', "
        "ADD COLUMN updated_at TIMESTAMP WITH TIME ZONE;",
    )


def downgrade() -> None:
    """Drop them: they say nothing that the state does not."""
    run_script(op.get_bind(), "ALTER TABLE subscription DROP COLUMN element_id, DROP COLUMN updated_at;")
