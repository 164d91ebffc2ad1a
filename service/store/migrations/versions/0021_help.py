"""Questions for help that came in by the public page, sealed.

Revision ID: 0021
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the table, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0021_help.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it: open questions are lost, so handle them first."""
    run_script(op.get_bind(), "DROP TABLE help_request;")
