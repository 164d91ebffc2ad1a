"""Rows of account 0 are nobody's, temporary tables shadow nothing, two may begin one chain.

Revision ID: 0003
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Replace the functions."""
    run_script(op.get_bind(), (_SQL / "0003_tightened.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Put the functions of 0001 back."""
    run_script(op.get_bind(), (_SQL / "0003_down.sql").read_text(encoding="utf-8"))
