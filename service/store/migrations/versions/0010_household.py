"""The people around a child: who has gezag, who told so and when, and whose whereabouts are kept.

Revision ID: 0010
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Make the table, with forced row-level security."""
    run_script(op.get_bind(), (_SQL / "0010_household.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop it; the answers that it was made from stay in the dossier."""
    run_script(op.get_bind(), "DROP TABLE casus_person;")
