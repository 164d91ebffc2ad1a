"""Two casussen that may be about one child: a question for the casusregisseur, known to nobody else.

Revision ID: 0009
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the table, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0009_matches.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it: what was linked is separate again."""
    run_script(op.get_bind(), "DROP TABLE likely_match;")
