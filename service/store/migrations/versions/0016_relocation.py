"""A child moves: what the receiving organisation is asked, and who took part before.

Revision ID: 0016
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0016_relocation.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them: who took part before finds nothing any more."""
    run_script(op.get_bind(), "DROP TABLE relocation; DROP TABLE former_participant;")
