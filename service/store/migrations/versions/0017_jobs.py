"""Jobs that programs outside take for a while: by whom, until when, what went wrong.

Revision ID: 0017
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"
_DOWN = """
DROP INDEX job_waiting;
ALTER TABLE job DROP COLUMN worker, DROP COLUMN deadline, DROP COLUMN retry_at, DROP COLUMN error_code,
  DROP COLUMN error_message, DROP COLUMN changed_at, DROP COLUMN ended_at;
"""


def upgrade() -> None:
    """Add the columns; jobs that wait now are free."""
    run_script(op.get_bind(), (_SQL / "0017_jobs.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them: who held a job is forgotten."""
    run_script(op.get_bind(), _DOWN)
