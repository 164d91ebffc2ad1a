"""What a casus is about: a young person, or policy, which has a title and no person.

Revision ID: 0019
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from service.store.script import run_script

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    """Add the column, and refuse a person in a casus about policy."""
    run_script(op.get_bind(), (_SQL / "0019_policy_subject.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop the column: a title becomes a first name."""
    run_script(
        op.get_bind(),
        "ALTER TABLE subject DROP CONSTRAINT policy_is_nobody, DROP CONSTRAINT subject_kind, DROP COLUMN kind;",
    )
