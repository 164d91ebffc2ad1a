"""What a process tells the region when it ends.

Revision ID: 0033
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the table, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0033_monitor.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it: the figures of ended processes are lost."""
    run_script(op.get_bind(), "DROP TABLE monitor_fact;")
