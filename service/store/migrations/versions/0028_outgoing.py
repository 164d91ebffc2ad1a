"""What goes out to others, sealed, and who was told of new tasks.

Revision ID: 0028
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0028_outgoing.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them: what waits to go out is lost."""
    run_script(op.get_bind(), "DROP TABLE outgoing, task_notice;")
