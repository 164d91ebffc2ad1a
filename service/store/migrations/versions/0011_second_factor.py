"""A second factor for local accounts: a sealed secret, paper codes, and who is halfway through signing in.

Revision ID: 0011
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0011_second_factor.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them: everybody signs in with a password alone."""
    run_script(op.get_bind(), "DROP TABLE half_sign_in; DROP TABLE paper_code; DROP TABLE second_factor;")
