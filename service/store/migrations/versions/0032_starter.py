"""Finding the technical instances of who started them.

Revision ID: 0032
"""

from __future__ import annotations

from alembic import op

from service.store.script import run_script

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    run_script(
        op.get_bind(), "CREATE INDEX instance_by_starter ON instance (started_by) WHERE casus_key IS NULL;"
    )


def downgrade() -> None:
    """Drop it."""
    run_script(op.get_bind(), "DROP INDEX instance_by_starter;")
