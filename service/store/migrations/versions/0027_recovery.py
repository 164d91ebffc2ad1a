"""Letting somebody in again, and letting in a guest with one task.

Revision ID: 0027
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0027"
down_revision = "0022"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Three columns of the table of invitations."""
    run_script(op.get_bind(), (_SQL / "0027_recovery.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them: open letters of this kind no longer lead anywhere."""
    run_script(
        op.get_bind(),
        "DELETE FROM invitation WHERE restores IS NOT NULL OR task_key IS NOT NULL;"
        "ALTER TABLE invitation DROP COLUMN restores, DROP COLUMN drops_factor, DROP COLUMN task_key;",
    )
