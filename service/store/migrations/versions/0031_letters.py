"""Letters that a process made.

Revision ID: 0031
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the table, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0031_letters.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it: letters are lost."""
    run_script(op.get_bind(), "DROP TABLE letter;")
