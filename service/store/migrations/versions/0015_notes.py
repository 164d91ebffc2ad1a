"""Notes of a casus: sealed text in a data class, which nobody changes afterwards.

Revision ID: 0015
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the table, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0015_notes.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it: what was noted is lost."""
    run_script(op.get_bind(), "DROP TABLE casus_note;")
